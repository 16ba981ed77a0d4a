// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package term

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// nobody is an ordinary user: root opens every terminal, exclusive or not.
const nobody = 65534

// peek tries to open a terminal as a module of the same user would. Its exit
// statuses are above those of Go.
func peek(path string) int {
	f, err := os.OpenFile(path, os.O_RDWR|unix.O_NOCTTY, 0)
	switch {
	case errors.Is(err, syscall.EBUSY):
		return 40
	case err != nil:
		return 41
	}
	_ = f.Close()
	return 42
}

// ordinary makes a terminal that belongs to an ordinary user.
func ordinary(t *testing.T) *pty {
	t.Helper()
	p := newPTY(t)
	if os.Getuid() == 0 {
		if err := os.Chown(p.slave, nobody, -1); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// program makes a command of the test binary, as an ordinary user.
func program(t *testing.T, mode string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "/proc/self/exe") // whatever the folders above it allow
	cmd.Env = append(os.Environ(), childMark+"="+mode)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if os.Getuid() == 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	return cmd
}

// on makes a program whose controlling terminal is that of a shell.
func on(t *testing.T, shell *os.File, mode string) *exec.Cmd {
	t.Helper()
	cmd := program(t, mode)
	cmd.Stdin, cmd.ExtraFiles = shell, []*os.File{shell}
	cmd.SysProcAttr.Setctty, cmd.SysProcAttr.Ctty = true, 3
	return cmd
}

// start starts one that says something.
func (p *pty) start(t *testing.T, shell *os.File, mode, says string) *exec.Cmd {
	t.Helper()
	cmd := on(t, shell, mode)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.wait(t, says)
	return cmd
}

// opens reports whether another program of the same user can open the terminal.
func (p *pty) opens(t *testing.T) bool {
	t.Helper()
	cmd := program(t, "peek "+p.slave)
	_ = cmd.Run()
	switch status := cmd.ProcessState.ExitCode(); status {
	case 40:
		return false
	case 42:
		return true
	default:
		t.Fatalf("exit status %d", status)
		return false
	}
}

// shell keeps a terminal open as a shell does, so that what one program did to it
// is there for the next.
func (p *pty) shell(t *testing.T) *os.File {
	t.Helper()
	slave, err := os.OpenFile(p.slave, os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { slave.Close() })
	return slave
}

// TestExclusive guards that what people type comes from people: while questions
// are asked nobody else opens the terminal, by no name; afterwards everybody can,
// as ssh-keygen must for a passphrase.
func TestExclusive(t *testing.T) {
	p := ordinary(t)
	p.shell(t)
	if !p.opens(t) {
		t.Fatal("the terminal cannot be opened before")
	}
	tty := p.open(t)
	if p.opens(t) {
		t.Error("another program of the same user opens the terminal of the ceremony")
	}
	go func() {
		p.wait(t, "Who? ")
		if err := control(p.master, func(fd int) error { return unix.IoctlSetInt(fd, unix.TIOCNXCL, 0) }); err != nil {
			t.Error(err)
		}
		p.typeKeys(t, "anna\n")
	}()
	if got, err := tty.Ask("Who? "); got != "anna" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	p.typeKeys(t, "bob\n")
	if _, err := tty.Ask("And who? "); err != nil || p.opens(t) {
		t.Errorf("a question did not take the terminal again: %v", err)
	}
	if err := tty.Close(); err != nil {
		t.Error(err)
	}
	if !p.opens(t) {
		t.Error("the terminal cannot be opened after it was closed")
	}
}

// TestExclusiveEnds ends a program in every way but the one that nobody can
// catch: others can open its terminal afterwards.
func TestExclusiveEnds(t *testing.T) {
	for _, tt := range []struct {
		name, mode, sees string
		signals          []syscall.Signal
	}{
		{"the end", "ask", "Name: ", nil},
		{"a signal while it asks", "secret", "PIN: ", []syscall.Signal{syscall.SIGTERM}},
		{"a panic", "panic", "", nil},
		{"the second signal", "busy", "at work: ", []syscall.Signal{syscall.SIGINT, syscall.SIGTERM}},
		{"a hangup after a signal", "busy", "at work: ", []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP}},
		{"SIGQUIT", "busy", "at work: ", []syscall.Signal{syscall.SIGQUIT}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := ordinary(t)
			cmd := p.start(t, p.shell(t), tt.mode, tt.sees)
			if tt.mode != "panic" && p.opens(t) {
				t.Error("another program opens the terminal meanwhile")
			}
			for _, s := range tt.signals {
				if err := cmd.Process.Signal(s); err != nil {
					t.Error(err)
				}
			}
			if tt.signals == nil {
				p.typeKeys(t, "anna\n")
			}
			_ = cmd.Wait()
			if !p.opens(t) {
				t.Errorf("nobody can open the terminal any more after %v", cmd.ProcessState)
			}
		})
	}
}

// TestExclusiveKilled guards the one end that nobody can catch: a program that was
// killed leaves the terminal taken, and the next one frees it, where the shell
// hands it on.
func TestExclusiveKilled(t *testing.T) {
	p := ordinary(t)
	shell := p.shell(t)
	cmd := p.start(t, shell, "busy", "at work: ")
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	other := on(t, shell, "ask")
	other.Stdin = nil
	out, _ := other.Output()
	if status := other.ProcessState.ExitCode(); status != 3 || !strings.Contains(string(out), "open a new window") {
		t.Errorf("without a terminal to free: exit status %d: %s", status, out)
	}
	next := p.start(t, shell, "ask", "Name: ")
	p.typeKeys(t, "anna\n")
	if err := next.Wait(); err != nil || !p.opens(t) {
		t.Errorf("after a program that was killed: %v, %q", err, p.screen())
	}
}
