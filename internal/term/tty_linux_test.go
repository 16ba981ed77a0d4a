// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package term

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func TestTTYAsk(t *testing.T) {
	p := newPTY(t)
	tty := p.open(t)
	p.typeKeys(t, "wrong\x7f\x7f\x7f\x7f\x7f  yes \nup\x1b[A\nno\n")
	if got, err := tty.Ask("Really? "); got != "yes" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := tty.Ask("Again? "); got != "no" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	p.wait(t, "type it again")
}

func TestTTYSecret(t *testing.T) {
	p := newPTY(t)
	tty := p.open(t)
	before := p.flags(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.wait(t, "PIN: ")
		if p.flags(t)&unix.ECHO != 0 {
			t.Error("the prompt is shown with echo on")
		}
		p.typeKeys(t, "sentinel-1\x7f2\r")
	}()
	got, err := tty.Secret("Token A\nPIN: ")
	<-done
	if string(got) != "sentinel-2" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if p.flags(t) != before {
		t.Error("the terminal is not as it was")
	}
	tty.Print("end\n")
	p.wait(t, "end")
	if s := p.screen(); strings.Contains(s, "sentinel") || !strings.Contains(s, "Token A\r\nPIN: \r\nend") {
		t.Errorf("screen %q", s)
	}
}

// TestTTYCancel ends a pending read by a context, twice on one device, and
// reads on with another.
func TestTTYCancel(t *testing.T) {
	p := newPTY(t)
	tty := p.open(t)
	before := p.flags(t)
	reason := errors.New("told to stop")
	for _, ask := range []func(*TTY) error{
		func(tty *TTY) error { _, err := tty.Ask("Ask? "); return err },
		func(tty *TTY) error { _, err := tty.Secret("Secret? "); return err },
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() {
			p.wait(t, "? ")
			cancel(reason)
		}()
		bound := tty.WithContext(ctx)
		if err := ask(bound); !errors.Is(err, ErrInterrupted) || !errors.Is(err, reason) {
			t.Errorf("got %v", err)
		}
		if err := ask(bound); !errors.Is(err, ErrInterrupted) {
			t.Errorf("a later question: %v", err)
		}
		if p.flags(t) != before {
			t.Error("the terminal is not as it was")
		}
	}
	p.typeKeys(t, "yes\n")
	if got, err := tty.Ask("And now? "); got != "yes" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestTTYCtrlC(t *testing.T) {
	p := newPTY(t)
	tty := p.open(t)
	go func() {
		p.wait(t, "PIN: ")
		p.typeKeys(t, "12\x03")
	}()
	if got, err := tty.Secret("PIN: "); !errors.Is(err, ErrInterrupted) || got != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestTTYWord types a PIN at a question that takes a word, and corrects it: only what
// begins a word is on the screen.
func TestTTYWord(t *testing.T) {
	p := newPTY(t)
	tty := p.open(t)
	before := p.flags(t)
	go func() {
		p.wait(t, "done? ")
		p.typeKeys(t, "4711\x15Dox1\x7f\x7fne\r")
	}()
	got, err := tty.Word("done? ", []string{"done", "STOP"})
	if got != "Done" || err != nil || p.flags(t) != before {
		t.Errorf("got %q, %v, flags %x and %x", got, err, before, p.flags(t))
	}
	if p.wait(t, "\r\n"); p.screen() != "done? Done\r\n" {
		t.Errorf("the screen shows %q", p.screen())
	}
	go func() {
		p.wait(t, "and? ")
		p.typeKeys(t, "dx\x7f\x7fst4\r")
	}()
	if got, err := tty.Word("and? ", []string{"done", "STOP"}); got != "st4" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if p.wait(t, "st\r\n"); !strings.HasSuffix(p.screen(), "and? d\b \bst\r\n") {
		t.Errorf("the screen shows %q", p.screen())
	}
}

func TestTTYWidth(t *testing.T) {
	p := newPTY(t)
	tty := p.open(t)
	if tty.Width() != 80 {
		t.Errorf("width %d of an unknown terminal", tty.Width())
	}
	err := control(p.master, func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Col: 132, Row: 50})
	})
	if err != nil || tty.Width() != 132 {
		t.Errorf("width %d, %v", tty.Width(), err)
	}
}

func TestTTYHangup(t *testing.T) {
	p := newPTY(t)
	tty := p.open(t)
	p.master.Close()
	tty.Print("lost")
	if _, err := tty.Ask("? "); err == nil {
		t.Error("an answer from nobody")
	}
}

// childMark tells the test binary to be the program under test.
const childMark = "TERM_TEST_CHILD"

// TestMain lets the test binary act as a program with a controlling terminal.
func TestMain(m *testing.M) {
	if mode := os.Getenv(childMark); mode != "" {
		os.Exit(child(mode))
	}
	os.Exit(m.Run())
}

func child(mode string) int {
	if path, found := strings.CutPrefix(mode, "peek "); found {
		return peek(path)
	}
	tty, err := Open()
	if err != nil {
		fmt.Println(err)
		return 3
	}
	defer tty.Close()
	switch mode {
	case "secret":
		_, err = tty.Secret("PIN: ")
	case "panic":
		panic("a mistake")
	case "busy": // it asks nothing and heeds nothing
		tty.Print("at work: ")
		select {}
	default:
		_, err = tty.Ask("Name: ")
	}
	tty.Print(fmt.Sprintf("%v\n", err))
	if errors.Is(err, ErrInterrupted) {
		return 130
	}
	return 0
}

// TestSignals sends a real program what ends programs while it asks. It must
// end by itself with the terminal restored.
func TestSignals(t *testing.T) {
	for _, tt := range []struct {
		mode string
		stop func(*pty, *exec.Cmd)
	}{
		{"ask", func(p *pty, _ *exec.Cmd) { p.typeKeys(t, "half\x03") }},
		{"secret", func(p *pty, _ *exec.Cmd) { p.typeKeys(t, "half\x03") }},
		{"secret", func(_ *pty, c *exec.Cmd) { _ = c.Process.Signal(syscall.SIGTERM) }},
		{"secret", func(_ *pty, c *exec.Cmd) { _ = c.Process.Signal(syscall.SIGHUP) }},
		{"ask", func(_ *pty, c *exec.Cmd) { _ = c.Process.Signal(syscall.SIGTERM) }},
	} {
		p := newPTY(t)
		slave, err := os.OpenFile(p.slave, os.O_RDWR|unix.O_NOCTTY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer slave.Close()
		before := p.flags(t)
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), childMark+"="+tt.mode)
		cmd.ExtraFiles = []*os.File{slave}
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		p.wait(t, ": ")
		tt.stop(p, cmd)
		_ = cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != 130 {
			t.Errorf("%s: exit status %d, screen %q", tt.mode, code, p.screen())
		}
		if p.flags(t) != before {
			t.Errorf("%s: the terminal is not as it was", tt.mode)
		}
	}
}

func TestNoTerminal(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childMark+"=ask")
	cmd.Stdin = strings.NewReader("answer\n")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	out, _ := cmd.Output()
	if cmd.ProcessState.ExitCode() != 3 || !strings.Contains(string(out), "no controlling terminal to ask on") ||
		!strings.Contains(string(out), "ssh -t") {
		t.Errorf("exit status %d, %s", cmd.ProcessState.ExitCode(), out)
	}
}
