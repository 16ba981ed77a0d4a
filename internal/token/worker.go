// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/ThalesIgnite/crypto11"
	"github.com/miekg/pkcs11"
	"golang.org/x/sys/unix"

	"rootceremony/internal/secret"
)

// worker serves one parent: one module, one token, one login, one call at a
// time. crypto11 signs with the pairs that it finds; all else goes through direct, a second
// context on the same module.
type worker struct {
	config  Config
	slot    uint
	before  tokenIdentity     // of the slot, seen before the login
	offers  Info              // its mechanisms alone
	crypto  *crypto11.Context // nil where it cannot open the slot
	direct  *pkcs11.Ctx
	session pkcs11.SessionHandle
	begun   *begun // a signature that waits for its message
	took    string // the template by which it made a key
	owned   bool   // direct has its own C_Initialize, so it owes a C_Finalize
	in      bool   // the login was made, and was seen
	out     bool   // C_Logout was called
	tether  tether
}

// WorkerMain serves one parent: requests on stdin, replies on reply, until the
// end of stdin or a close request. It returns the exit status. The command
// line calls it for [WorkerArgument], with file descriptor 3 as reply. When stdin
// is a pipe and its other end is closed during an operation, the process exits.
func WorkerMain(stdin io.Reader, reply *os.File) int {
	if reply == nil {
		return 1
	}
	// A key generation that was interrupted leaves debris on the token, and
	// Ctrl-C at the terminal reaches this process too. The parent decides.
	signal.Ignore(syscall.SIGINT, syscall.SIGHUP, syscall.SIGTERM)
	boundMemory()                           // before the shield, which takes away the right to the first half of it
	if err := secret.Shield(); err != nil { // the module is given the PIN here
		_ = writeLine(reply, wireReply{Error: &wireError{Text: err.Error()}})
		return 1
	}
	unix.CloseOnExec(int(reply.Fd()))
	runtime.LockOSThread() // some modules keep state in the thread

	requests, err := ownInput(stdin)
	if err != nil {
		_ = writeLine(reply, wireReply{Error: &wireError{Text: err.Error()}})
		return 1
	}
	w := &worker{}
	if pipe, ok := requests.(*os.File); ok {
		go w.tether.watch(pipe, os.Exit) //nolint:forbidigo // the worker is a process of its own and ends with its pipe
	}
	defer func() { _ = w.close() }() // no process is left to tell
	return w.serve(&lineReader{source: requests}, reply)
}

// serve carries out one request after the other.
func (w *worker) serve(input *lineReader, reply *os.File) int {
	defer input.wipe()
	for {
		line, err := input.line(maxRequestLine)
		if errors.Is(err, io.EOF) {
			return 0
		}
		if err != nil {
			return 1
		}
		request, err := decodeRequest(line)
		if err != nil {
			_ = writeLine(reply, wireReply{Error: &wireError{Text: err.Error()}})
			return 1
		}
		if !w.tether.begin(request.Op, time.Duration(request.DeadlineMS)*time.Millisecond) {
			return 0
		}
		answer := w.answer(request, input)
		w.tether.end(request.Op)
		answer.Seq = request.Seq
		if err := writeLine(reply, answer); err != nil {
			return 1
		}
		if request.Op == opClose {
			return 0
		}
	}
}

// answer carries out one request.
func (w *worker) answer(q *wireRequest, input *lineReader) wireReply {
	var pin *secret.PIN
	if withPIN(q.Op) {
		var err error
		if pin, err = input.pin(q.PINLength); err != nil {
			return wireReply{Error: &wireError{Text: "reading the PIN from the pipe failed"}}
		}
		defer pin.Wipe()
	}
	var signed []byte
	if q.Op == opSign {
		var err error
		if signed, err = readMessage(input, q); err != nil {
			return wireReply{Error: w.describe(q.Op, err)}
		}
	}
	reply, err := w.dispatch(q, pin, signed)
	if err != nil {
		reply.Error = w.describe(q.Op, err)
	}
	return reply
}

func (w *worker) dispatch(q *wireRequest, pin *secret.PIN, signed []byte) (reply wireReply, err error) {
	switch q.Op {
	case opList:
		reply.Infos, err = list(q.Config.Module)
		return reply, err
	case opLook:
		reply.Infos = make([]Info, 1)
		reply.Infos[0], reply.Census, err = look(*q.Config)
		return reply, err
	case opOpen:
		reply.Infos, err = w.open(*q.Config)
		return reply, err
	case opLogin:
		reply.Infos, err = w.login(pin)
		return reply, err
	case opLogout:
		return reply, w.logout()
	case opClose:
		return reply, w.close()
	}
	if !w.in || w.out {
		return reply, fmt.Errorf("nobody is logged in: %w", ErrNotOpen)
	}
	if err := w.endBegun(q); err != nil {
		return reply, err
	}
	return w.onKeys(q, pin, signed)
}

// onKeys does an operation of a token that somebody is logged in to.
func (w *worker) onKeys(q *wireRequest, pin *secret.PIN, signed []byte) (reply wireReply, err error) {
	switch q.Op {
	case opCensus:
		reply.Census, err = w.census()
	case opGenerate:
		reply.Bytes, err = w.generate(*q.Generate)
	case opFind:
		reply.Pair, err = w.describePair(q.Label, q.Handle)
	case opTraces:
		reply.Traces, err = w.traces(q.Known)
	case opSign:
		reply.Bytes, err = w.sign(q.Handle, q.Algorithm, q.MessageLength, signed)
	case opAuthenticate:
		err = w.authenticate(q.Handle, q.Algorithm, pin)
	case opRandom:
		reply.Bytes, err = w.generateRandom(q.N)
	case opDestroy:
		err = w.destroy(q.Handle)
	case opAttempt:
		reply.Attempt, err = w.attempt(q.Handle, q.What)
	case opRemove:
		err = w.remove(q.Label)
	default:
		err = fmt.Errorf("unknown operation %q", q.Op)
	}
	return reply, err
}

// logout calls C_Logout.
func (w *worker) logout() error {
	if w.direct == nil || w.out {
		return nil
	}
	w.out = true
	if !w.config.Login.Calls() {
		return nil // who logged in elsewhere logs out there
	}
	if err := w.direct.Logout(w.session); err != nil && !isRV(err, pkcs11.CKR_USER_NOT_LOGGED_IN) {
		return fmt.Errorf("logging out: %w", err)
	}
	return nil
}

// close logs out and closes both contexts, each exactly once: a second Close
// of crypto11 panics, and only the context that initialized the module may
// finalize it.
func (w *worker) close() error {
	err := w.logout()
	if w.direct != nil {
		_ = w.direct.CloseSession(w.session)
		if w.owned {
			if finalErr := w.direct.Finalize(); finalErr != nil {
				err = errors.Join(err, fmt.Errorf("finalizing: %w", finalErr))
			}
		}
		w.direct.Destroy()
		w.direct = nil
	}
	if w.crypto != nil {
		context := w.crypto
		w.crypto = nil
		if closeErr := context.Close(); closeErr != nil {
			err = errors.Join(err, fmt.Errorf("closing: %w", closeErr))
		}
	}
	return err
}

// lineReader reads lines and PINs from the pipe. Unlike bufio.Reader it can
// forget what it read.
type lineReader struct {
	source io.Reader
	buffer []byte
}

// line returns the next line without its newline.
func (l *lineReader) line(limit int) ([]byte, error) {
	for scanned := 0; ; {
		for ; scanned < len(l.buffer); scanned++ {
			if l.buffer[scanned] == '\n' {
				line := append([]byte(nil), l.buffer[:scanned]...)
				l.drop(scanned + 1)
				return line, nil
			}
		}
		if len(l.buffer) > limit {
			return nil, fmt.Errorf("line longer than %d bytes", limit)
		}
		if err := l.fill(); err != nil {
			return nil, err
		}
	}
}

// pin returns the next n bytes as a PIN and forgets them.
func (l *lineReader) pin(n int) (*secret.PIN, error) {
	for len(l.buffer) < n {
		if err := l.fill(); err != nil {
			return nil, err
		}
	}
	pin := secret.NewPIN(l.buffer[:n:n])
	l.drop(n)
	return pin, nil
}

// Read reads what is behind a line.
func (l *lineReader) Read(p []byte) (int, error) {
	if len(l.buffer) == 0 {
		if err := l.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, l.buffer)
	l.drop(n)
	return n, nil
}

func (l *lineReader) fill() error {
	if l.buffer == nil {
		l.buffer = make([]byte, 0, maxRequestLine+maxPIN+4096)
	}
	n, err := l.source.Read(l.buffer[len(l.buffer):cap(l.buffer)])
	l.buffer = l.buffer[:len(l.buffer)+n]
	if n > 0 {
		return nil
	}
	return err
}

// drop forgets the first n bytes and wipes what moving the rest left behind.
func (l *lineReader) drop(n int) {
	rest := copy(l.buffer, l.buffer[n:])
	clear(l.buffer[rest:])
	l.buffer = l.buffer[:rest]
}

func (l *lineReader) wipe() { clear(l.buffer[:cap(l.buffer)]) }
