// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package term

import (
	"errors"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// take locks the terminal for this program: with TIOCEXCL every later open
// fails with EBUSY, by whatever name (tty_ioctl(2)). Root, or rather
// CAP_SYS_ADMIN, opens it all the same. What other programs have open, such as
// the shell, stays open.
func (d *device) take() error {
	return control(d.in, func(fd int) error { return unix.IoctlSetInt(fd, unix.TIOCEXCL, 0) })
}

// give lets others open the terminal again.
func (d *device) give() error {
	return control(d.in, func(fd int) error { return unix.IoctlSetInt(fd, unix.TIOCNXCL, 0) })
}

// unlockStandard unlocks a terminal that a killed program left locked. Any
// process that has it open may do that, and the shell that starts this program
// hands it on as one of these descriptors.
func unlockStandard() (freed bool) {
	for fd := range 3 {
		freed = unix.IoctlSetInt(fd, unix.TIOCNXCL, 0) == nil || freed
	}
	return freed
}

// guard puts the terminal back when a signal ends the program. The first signal
// is for its handler: it ends a question, or asks the ceremony to stop at a
// safe place. The second, and SIGQUIT at once, end the program as they do
// without a guard, but not before the terminal is restored.
func (d *device) guard() (end func()) {
	signals, ended := make(chan os.Signal, 4), make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	go func() {
		asked := false
		for {
			select {
			case <-ended:
				return
			case s := <-signals:
				if s == syscall.SIGQUIT || asked {
					d.leave(s)
				}
				asked = true
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(ended)
	}
}

// leave puts the terminal back and lets a signal do what it does by default.
func (d *device) leave(s os.Signal) {
	_ = errors.Join(d.restore(d.initial), d.give()) // no process is left to tell
	signal.Reset(s)
	if number, ok := s.(syscall.Signal); ok {
		_ = unix.Kill(os.Getpid(), number)
	}
}
