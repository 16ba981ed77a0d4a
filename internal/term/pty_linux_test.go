// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package term

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
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
