// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

// TestBounds guards the program against a module that gives too much: each bound
// is an error that names it and the number.
func TestBounds(t *testing.T) {
	for _, tt := range []struct{ name, variable, value, want string }{
		{"slots", "FAULT_SLOTS", "3000000", "3000000 slots: want at most 1024"},
		{"mechanisms", "FAULT_MECHS", "100000", "100000 mechanisms: want at most 2048"},
		{"objects", "FAULT_OBJECTS", "1", "objects or more: want at most 100000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			options, _ := faulty(t, "")
			t.Setenv(tt.variable, tt.value)
			tok, err := tryOpen(t, options)
			if err == nil {
				_, err = tok.Census(t.Context())
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// TestBoundOfAttribute reads a label that is too long, and one that is longer than
// the memory that the worker may take.
func TestBoundOfAttribute(t *testing.T) {
	options, _ := faulty(t, "")
	tok := open(t, options)
	tokentest.Generate(t, tok, "root")
	if err := tok.Close(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FAULT_LABEL", "20000")
	census, err := open(t, options).Census(t.Context())
	if err != nil || len(census) != 2 || !strings.Contains(census[0].Problem, "20000 bytes of one attribute: want at most 16384") {
		t.Errorf("got %v, %+v", err, census)
	}
	t.Setenv("FAULT_LABEL", "5000000000")
	census, err = open(t, options).Census(t.Context())
	if died, ok := errors.AsType[*token.WorkerError](err); !ok || died.Cause != "crashed" {
		t.Errorf("got %v, %+v", err, census)
	}
}

// TestBoundOfOutput counts the lines that are not handed on.
func TestBoundOfOutput(t *testing.T) {
	options, log := faulty(t, "")
	t.Setenv("FAULT_LINES", "100000")
	tok := open(t, options)
	if err := tok.Close(); err != nil {
		t.Fatal(err)
	}
	if n := log.count("hostile: line"); n == 0 || n > 500 {
		t.Errorf("%d lines were handed on", n)
	}
	if log.count("more lines were printed: cut and counted, not recorded") == 0 {
		t.Errorf("nothing says how many were not: %q", log.all[len(log.all)-3:])
	}
}

// TestChildOfModule guards the waits of the program: they end with the worker,
// although a child of the module keeps its pipes open and continues printing. A login
// has no deadline, and would wait for ever.
func TestChildOfModule(t *testing.T) {
	for fault, op := range map[string]string{"login:before:1:exit": "login", "sign:before:1:exit": "sign"} {
		t.Run(op, func(t *testing.T) {
			options, log := faulty(t, fault)
			t.Setenv("FAULT_FORK", "leave")
			options.Deadlines = token.Deadlines{Call: 20 * time.Second}
			defer endChildren(t, log)
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			options.PIN = tokentest.PIN
			tok, err := token.Open(ctx, options)
			if op == "sign" {
				if err != nil {
					t.Fatal(err)
				}
				pair := tokentest.Generate(t, tok, "root")
				_, err = tok.Sign(t.Context(), pair.Handle(), algorithm.ECDSASHA256, tokentest.Message())
			}
			if died, ok := errors.AsType[*token.WorkerError](err); !ok || died.Cause != "ended" || !strings.Contains(died.Status, "exit status 9") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestProgramOfModule guards the requests, and the PIN behind them, against programs
// that the module starts: those find an empty standard input.
func TestProgramOfModule(t *testing.T) {
	options, log := faulty(t, "")
	t.Setenv("FAULT_READ", "1")
	options.PIN = tokentest.PIN
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tok, err := token.Open(ctx, options)
	if err != nil {
		killAbandoned(t, err)
		t.Fatal(err)
	}
	if err := tok.Close(); err != nil {
		t.Error(err)
	}
	if log.count("hostile: read 0") != 1 {
		t.Errorf("got %q", log.all)
	}
}

// TestChildInGroup guards the host against what a module leaves behind and does not hide:
// it ends with the worker.
func TestChildInGroup(t *testing.T) {
	options, log := faulty(t, "")
	t.Setenv("FAULT_FORK", "stay")
	options.PIN = tokentest.PIN
	if err := open(t, options).Close(); err != nil {
		t.Fatal(err)
	}
	pids := children(log)
	if len(pids) == 0 {
		t.Fatal("the module left nothing behind")
	}
	for _, pid := range pids {
		for state, began := "R", time.Now(); state != "" && state != "Z"; { // what nobody reaps stays as a zombie
			stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
			_, rest, _ := strings.Cut(string(stat), ") ")
			if state = rest[:min(len(rest), 1)]; time.Since(began) > 20*time.Second {
				t.Fatal("the child of the module lives on")
			}
		}
	}
}

// children are the processes that a module says it left behind.
func children(log *lines) (pids []int) {
	log.mu.Lock()
	defer log.mu.Unlock()
	for _, line := range log.all {
		var pid int
		if n, _ := fmt.Sscanf(line, "hostile: child %d", &pid); n == 1 {
			pids = append(pids, pid)
		}
	}
	return pids
}

// endChildren ends what the module left behind.
func endChildren(t *testing.T, log *lines) {
	t.Helper()
	for _, pid := range children(log) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Errorf("the child %d: %v", pid, err)
		}
	}
}

// orphan starts a worker without a parent that knows it, and returns the end of
// its pipe and what it prints.
func orphan(t *testing.T) (worker *exec.Cmd, requests io.WriteCloser, prints *bufio.Reader) {
	t.Helper()
	_, reply, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Close()
	worker = exec.CommandContext(t.Context(), "/proc/self/exe", token.WorkerArgument)
	worker.ExtraFiles = []*os.File{reply}
	if requests, err = worker.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	printed, err := worker.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	return worker, requests, bufio.NewReader(printed)
}

// send writes one request.
func send(t *testing.T, to io.Writer, request map[string]any) {
	t.Helper()
	line, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := to.Write(append(line, '\n')); err != nil {
		t.Fatal(err)
	}
}

// until reads lines up to one with a text.
func until(t *testing.T, from *bufio.Reader, text string) {
	t.Helper()
	for {
		line, err := from.ReadString('\n')
		if strings.Contains(line, text) {
			return
		}
		if err != nil {
			t.Fatalf("never saw %q: %v", text, err)
		}
	}
}

// TestWorkerEndsInCall closes the pipe of a worker whose module does not return:
// no worker outlives its ceremony in a call that changes nothing.
func TestWorkerEndsInCall(t *testing.T) {
	options, _ := faulty(t, "slots:before:1:hang")
	worker, requests, prints := orphan(t)
	send(t, requests, map[string]any{"seq": 1, "op": "list", "config": options.Config})
	until(t, prints, "C_Initialize")
	_ = requests.Close()
	if err := worker.Wait(); worker.ProcessState.ExitCode() != 1 {
		t.Errorf("%v", err)
	}
}

// TestWorkerEndsAfterLogin closes the pipe during a login: that ends first, what
// was asked for after it is not done, and the token is logged out.
func TestWorkerEndsAfterLogin(t *testing.T) {
	options, _ := faulty(t, "")
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FAULT_FIFO", fifo)
	t.Setenv("FAULT_TRACE", "1")
	worker, requests, prints := orphan(t)
	send(t, requests, map[string]any{"seq": 1, "op": "open", "config": options.Config})
	send(t, requests, map[string]any{"seq": 2, "op": "login", "pin_length": len(tokentest.TestPIN)})
	if _, err := io.WriteString(requests, tokentest.TestPIN); err != nil {
		t.Fatal(err)
	}
	send(t, requests, map[string]any{"seq": 3, "op": "generate", "generate": tokentest.NewRequest("root", algorithm.ECDSAP256)})
	until(t, prints, "C_Login")
	_ = requests.Close()
	if err := os.WriteFile(fifo, nil, 0o600); err != nil { // the person enters the PIN
		t.Fatal(err)
	}
	rest, err := io.ReadAll(prints)
	if err != nil || strings.Contains(string(rest), "C_GenerateKeyPair") || !strings.Contains(string(rest), "C_Logout") {
		t.Errorf("%v: after the login:\n%s", err, rest)
	}
	_ = worker.Wait()
}

// TestWorkerEndsInLastingCall closes the pipe of a worker whose module never returns from
// making a key: it has as long as its parent gave it, and is not left behind, logged in.
func TestWorkerEndsInLastingCall(t *testing.T) {
	options, _ := faulty(t, "gen:before:1:hang")
	t.Setenv("FAULT_TRACE", "1")
	worker, requests, prints := orphan(t)
	send(t, requests, map[string]any{"seq": 1, "op": "open", "config": options.Config})
	send(t, requests, map[string]any{"seq": 2, "op": "login", "pin_length": len(tokentest.TestPIN)})
	if _, err := io.WriteString(requests, tokentest.TestPIN); err != nil {
		t.Fatal(err)
	}
	send(t, requests, map[string]any{"seq": 3, "op": "generate", "deadline_ms": 50, "generate": tokentest.NewRequest("root", algorithm.ECDSAP256)})
	until(t, prints, "C_GenerateKeyPair private")
	_ = requests.Close()
	if err := worker.Wait(); worker.ProcessState.ExitCode() != 1 {
		t.Errorf("%v", err)
	}
}
