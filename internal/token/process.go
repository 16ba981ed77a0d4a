// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"

	"rootceremony/internal/secret"
)

// process is one running worker. Only one goroutine calls it at a time.
type process struct {
	token   string
	command *exec.Cmd
	stdin   *os.File
	replies chan wireLine // closed at the end of file descriptor 3
	output  *output
	exited  chan struct{} // closed when the process was reaped
	seq     uint64
	grace   time.Duration // how long a dying process may take

	abandoned bool // its login was abandoned; it ends by itself
}

type wireLine struct {
	reply *wireReply
	err   error
}

// startProcess starts this executable again as a worker.
func startProcess(o Options, pin *secret.PIN) (*process, error) {
	p := &process{token: o.Config.Name, replies: make(chan wireLine, 1), exited: make(chan struct{}),
		output: newOutput(o.Log), grace: o.deadlines().Call}
	executable, err := executableFor(o.Executable)
	if err != nil {
		return nil, p.failed("start", "did not start", err.Error(), false, "check the installation")
	}
	var pipes pipeSet
	defer pipes.closeChildEnds()
	stdin, reply, printed := pipes.input(), pipes.output(), pipes.output()
	if pipes.err != nil {
		pipes.closeParentEnds()
		return nil, p.failed("start", "did not start", pipes.err.Error(), false, "close some programs")
	}
	p.command = &exec.Cmd{
		Path: executable, Args: []string{cmp.Or(o.Argv0, os.Args[0]), WorkerArgument},
		Env:   withVariables(o.Config.Environment),
		Stdin: stdin.child, Stdout: printed.child, Stderr: printed.child, ExtraFiles: []*os.File{reply.child},
		// A session of its own has no controlling terminal: the module cannot push
		// answers into the people's input queue (TIOCSTI), nor open /dev/tty. And
		// Ctrl-C is for the parent, which ends the worker in order.
		SysProcAttr: &syscall.SysProcAttr{Setsid: true},
	}
	if err := startConfined(p.command); err != nil {
		pipes.closeParentEnds()
		return nil, p.failed("start", "did not start", err.Error(), false, "check the installation")
	}
	p.stdin = stdin.parent
	p.output.redact(pin)
	replies, lines := &workerPipe{file: reply.parent}, &workerPipe{file: printed.parent}
	go p.output.read(lines)
	go p.readReplies(replies)
	go p.reap(replies, lines)
	return p, nil
}

// withVariables is the environment of this program with more variables; nil for that
// alone.
func withVariables(more map[string]string) []string {
	if len(more) == 0 {
		return nil
	}
	env := os.Environ()
	for _, name := range slices.Sorted(maps.Keys(more)) {
		env = append(env, name+"="+more[name]) // the last one counts
	}
	return env
}

// reap waits for the process alone: a child that the module left behind may hold
// the pipes open for as long as it likes. One that stayed in the process group of the
// worker ends with it.
func (p *process) reap(pipes ...*workerPipe) {
	_ = p.command.Wait()
	_ = syscall.Kill(-p.command.Process.Pid, syscall.SIGKILL)
	for _, pipe := range pipes {
		pipe.finish()
	}
	close(p.exited)
}

func executableFor(given string) (string, error) {
	if given != "" {
		return given, nil
	}
	if _, err := os.Stat("/proc/self/exe"); err == nil {
		return "/proc/self/exe", nil // holds even when the file was replaced
	}
	return os.Executable()
}

// readReplies decodes lines until the pipe ends or something else comes out.
func (p *process) readReplies(from io.ReadCloser) {
	defer close(p.replies)
	defer func() { _ = from.Close() }()
	reader := bufio.NewReader(from)
	for {
		line, err := readLine(reader, maxReplyLine)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return
		}
		var reply *wireReply
		if err == nil {
			reply, err = decodeReply(line)
		}
		p.replies <- wireLine{reply, err}
		if err != nil {
			return
		}
	}
}

// call sends one request, and a PIN or a message behind it, and waits for its
// reply. With deadline 0 it waits until ctx ends and then leaves the worker
// alone: it is not killed, but ends by itself after the login. Otherwise ctx is
// not looked at. After any *WorkerError the process is of no more use.
func (p *process) call(ctx context.Context, q wireRequest, pin *secret.PIN, deadline time.Duration) (*wireReply, error) {
	p.seq++
	q.Seq, q.DeadlineMS = p.seq, deadline.Milliseconds()
	p.output.begin()
	effect := hasEffect(q.Op)
	if err := p.send(q, pin, deadline); errors.Is(err, os.ErrDeadlineExceeded) {
		p.kill()
		return nil, p.silent(q.Op, deadline, effect)
	} else if err != nil {
		return nil, p.ended(q.Op, effect)
	}
	var expired <-chan time.Time
	var abandoned <-chan struct{}
	if deadline > 0 {
		timer := time.NewTimer(deadline)
		defer timer.Stop()
		expired = timer.C
	} else {
		abandoned = ctx.Done()
	}
	select {
	case line, open := <-p.replies:
		return p.receive(q, line, open, effect)
	case <-expired:
		p.kill()
		return nil, p.silent(q.Op, deadline, effect)
	case <-abandoned:
		p.abandoned = true
		_ = p.stdin.Close()
		return nil, fmt.Errorf("token %q: %s was abandoned; the module may go on waiting in process %d: %w",
			p.token, q.Op, p.command.Process.Pid, ctx.Err())
	}
}

// send does not wait longer than the deadline for a worker that reads: a message
// may be longer than what fits into a pipe.
func (p *process) send(q wireRequest, pin *secret.PIN, deadline time.Duration) error {
	q.PINLength = pin.Len()
	if deadline > 0 {
		fired := make(chan struct{})
		timer := time.AfterFunc(deadline, func() {
			_ = p.stdin.SetWriteDeadline(time.Unix(1, 0)) // ends a Write that waits
			close(fired)
		})
		defer func() {
			if !timer.Stop() {
				<-fired
				_ = p.stdin.SetWriteDeadline(time.Time{})
			}
		}()
	}
	if err := writeLine(p.stdin, q); err != nil {
		return err
	}
	if pin.Len() == 0 {
		return writeMessage(p.stdin, q.message)
	}
	_, err := p.stdin.Write(pin.Reveal())
	return err
}

// silent reports a worker that was killed because it did not answer in time.
func (p *process) silent(op string, deadline time.Duration, effect bool) error {
	return p.failed(op, "did not answer", fmt.Sprintf("killed after %v", deadline), effect,
		"check the device, then restart the token and compare the census")
}

// receive looks at what the worker returned, or that it returned nothing.
func (p *process) receive(q wireRequest, line wireLine, open, effect bool) (*wireReply, error) {
	switch {
	case !open:
		return nil, p.ended(q.Op, effect)
	case line.err != nil || line.reply.Seq != q.Seq:
		p.kill()
		status := "an unexpected reply"
		if line.err != nil {
			status = line.err.Error()
		}
		return nil, p.failed(q.Op, "broke the protocol", status, effect, "do not use this module")
	case line.reply.Error != nil:
		return nil, line.reply.Error.asError(p.token, q.Op)
	}
	return line.reply, nil
}

// ended reports a worker that closed its end of the pipe: it crashed, or the
// module ended it.
func (p *process) ended(op string, effect bool) error {
	p.wait()
	state := p.command.ProcessState
	cause := "ended"
	if state == nil {
		return p.failed(op, "closed its pipe", "", effect, "restart the token")
	}
	if status, ok := state.Sys().(syscall.WaitStatus); ok && (status.Signaled() || p.crashed(status)) {
		cause = "crashed"
	}
	return p.failed(op, cause, state.String(), effect, "restart the token and compare the census; if it happens again, the module or its configuration is at fault")
}

// crashed reports the way in which the Go runtime ends after a fatal signal in
// C code or a panic: status 2 and a line that says so.
func (p *process) crashed(status syscall.WaitStatus) bool {
	first := p.output.summary()
	return status.ExitStatus() == 2 && isFatal(first)
}

// wait lets the process end by itself for a while, then kills it, and returns
// when it was reaped and its output read.
func (p *process) wait() {
	if !within(p.grace, p.exited) {
		p.kill()
		return
	}
	within(p.grace, p.output.done)
}

// within reports whether done was closed in time.
func within(limit time.Duration, done <-chan struct{}) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}

func (p *process) kill() {
	_ = p.command.Process.Kill()
	if within(p.grace, p.exited) { // not where a driver holds it in the kernel
		within(p.grace, p.output.done)
	}
}

// close ends the worker in order: its stdin ends, and it logs out and closes.
func (p *process) close() {
	_ = p.stdin.Close()
	p.wait()
}

func (p *process) failed(op, cause, status string, effect bool, next string) *WorkerError {
	return &WorkerError{Token: p.token, Op: op, Cause: cause, Status: status, Output: p.output.summary(), Effect: effect, Next: next}
}

// hasEffect reports whether an operation changes the token or makes something
// that must be recorded.
func hasEffect(op string) bool {
	return slices.Contains([]string{opGenerate, opSign, opDestroy, opAttempt, opRemove}, op)
}
