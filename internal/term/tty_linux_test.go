// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package term

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// pty is a pseudo terminal: keys are typed at the master, programs see the
// slave.
type pty struct {
	master *os.File
	slave  string

	mu     sync.Mutex
	seen   bytes.Buffer
	change chan struct{}
}

func newPTY(t *testing.T) *pty {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo terminals:", err)
	}
	var n int
	err = control(master, func(fd int) error {
		if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
			return err
		}
		var err error
		n, err = unix.IoctlGetInt(fd, unix.TIOCGPTN)
		return err
	})
	if err != nil {
		t.Skip("no pseudo terminals:", err)
	}
	p := &pty{master: master, slave: fmt.Sprintf("/dev/pts/%d", n), change: make(chan struct{}, 1)}
	t.Cleanup(func() { master.Close() })
	go p.read()
	return p
}

// read collects what the terminal shows.
func (p *pty) read() {
	buf := make([]byte, 4096)
	for {
		n, err := p.master.Read(buf)
		p.mu.Lock()
		p.seen.Write(buf[:n])
		p.mu.Unlock()
		select {
		case p.change <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (p *pty) screen() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen.String()
}

// wait returns when the screen holds a text.
func (p *pty) wait(t *testing.T, text string) {
	t.Helper()
	for !strings.Contains(p.screen(), text) {
		select {
		case <-p.change:
		case <-t.Context().Done():
			t.Fatalf("never saw %q in %q", text, p.screen())
		}
	}
}

func (p *pty) typeKeys(t *testing.T, keys string) {
	t.Helper()
	if _, err := io.WriteString(p.master, keys); err != nil {
		t.Fatal(err)
	}
}

// flags returns the local flags of the terminal, among them echo.
func (p *pty) flags(t *testing.T) uint32 {
	t.Helper()
	var flags uint32
	err := control(p.master, func(fd int) error {
		termios, err := unix.IoctlGetTermios(fd, unix.TCGETS)
		if err == nil {
			flags = termios.Lflag
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return flags
}

// open returns a TTY on the slave.
func (p *pty) open(t *testing.T) *TTY {
	t.Helper()
	f, err := os.OpenFile(p.slave, os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	tty, err := newTTY(f, f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tty.Close() })
	return tty
}

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
	tty, err := Open()
	if err != nil {
		fmt.Println(err)
		return 3
	}
	defer tty.Close()
	if mode == "secret" {
		_, err = tty.Secret("PIN: ")
	} else {
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
