// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package term

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"
)

// control runs f with the descriptor of a file. File.Fd is not used: it makes
// the file blocking, and a pending read could not be ended any more.
func control(file *os.File, f func(fd int) error) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	if err := raw.Control(func(fd uintptr) { inner = f(int(fd)) }); err != nil {
		return err
	}
	return inner
}

// restore puts the terminal into a former state.
func (d *device) restore(s *term.State) error {
	err := control(d.in, func(fd int) error { return term.Restore(fd, s) })
	if err != nil {
		return fmt.Errorf("restoring the terminal: %w", err)
	}
	return nil
}

// write shows text and remembers the first failure.
func (d *device) write(s string) {
	if _, err := io.WriteString(d.out, s); err != nil && d.broken == nil {
		d.broken = fmt.Errorf("writing to the terminal: %w", err)
	}
}

func closeBoth(in, out *os.File) error {
	if in == out {
		return in.Close()
	}
	return errors.Join(in.Close(), out.Close())
}

// watch reads bytes until a signal or the end of a context stops it. While it
// lives, signals that would end the process end the reading instead, so that
// the terminal is always restored.
type watch struct {
	dev     *device
	ctx     context.Context //nolint:containedctx // lives as long as one question
	signals chan os.Signal
	results chan result
}

type result struct {
	c   byte
	err error
}

func (d *device) watch(ctx context.Context) *watch {
	w := &watch{dev: d, ctx: ctx, signals: make(chan os.Signal, 1), results: make(chan result, 1)}
	signal.Notify(w.signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	if err := d.take(); err != nil && d.broken == nil { // again: another process that has it open may have unlocked it
		d.broken = fmt.Errorf("taking the terminal: %w", err)
	}
	return w
}

func (w *watch) stop() { signal.Stop(w.signals) }

// next returns the next byte that was typed.
func (w *watch) next() (byte, error) {
	if w.dev.broken != nil {
		return 0, w.dev.broken
	}
	if w.ctx.Err() != nil {
		return 0, interrupted(w.ctx)
	}
	go func() {
		p := make([]byte, 1)
		n, err := w.dev.in.Read(p)
		if n == 1 {
			err = nil
		} else if err == nil {
			err = io.ErrNoProgress
		}
		w.results <- result{p[0], err}
		wipe(p)
	}()
	select {
	case r := <-w.results:
		if errors.Is(r.err, io.EOF) {
			w.dev.broken, r.err = ErrEnded, ErrEnded
		}
		return r.c, r.err
	case <-w.ctx.Done():
		w.end()
		return 0, interrupted(w.ctx)
	case <-w.signals:
		w.end()
		return 0, ErrInterrupted
	}
}

// interrupted keeps the reason of a context, such as the signal.
func interrupted(ctx context.Context) error {
	return fmt.Errorf("%w: %w", ErrInterrupted, context.Cause(ctx))
}

// end ends the pending read. Where the system cannot (a console of Windows, a
// terminal of macOS), the read stays behind and takes one more byte, so nothing
// more can be asked on this device.
func (w *watch) end() {
	if err := w.dev.in.SetReadDeadline(time.Unix(1, 0)); err != nil {
		w.dev.broken = ErrInterrupted
		return
	}
	<-w.results
	_ = w.dev.in.SetReadDeadline(time.Time{}) // as it was; the first call succeeded
}
