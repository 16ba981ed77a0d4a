// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package term

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/term"

	"rootceremony/internal/unseen"
)

// TTY is a terminal of the host. It is for one goroutine at a time.
type TTY struct {
	dev *device
	ctx context.Context //nolint:containedctx // Terminal has no context; WithContext binds one
}

// device is what all TTYs made by WithContext share.
type device struct {
	in, out *os.File
	initial *term.State
	broken  error  // first failed write, or a read that could not be ended
	release func() // ends the guard; once
}

var _ Terminal = (*TTY)(nil)

// Open opens the controlling terminal of the process.
func Open() (*TTY, error) {
	in, out, err := openDevice()
	if err != nil {
		return nil, fmt.Errorf("%w: %w; %s", errNoTerminal, err, noTerminalHint)
	}
	t, err := newTTY(in, out)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w; %s", errNoTerminal, err, noTerminalHint), closeBoth(in, out))
	}
	return t, nil
}

// newTTY makes a TTY of an open terminal, remembers its state, and locks it for
// this program: another program that opens it could answer in place of people,
// read what they type, or overwrite what they confirm.
func newTTY(in, out *os.File) (*TTY, error) {
	d := &device{in: in, out: out}
	err := control(in, func(fd int) (err error) {
		d.initial, err = term.GetState(fd)
		return err
	})
	if err == nil {
		err = d.take()
	}
	if err != nil {
		return nil, err
	}
	d.release = sync.OnceFunc(d.guard())
	return &TTY{dev: d, ctx: context.Background()}, nil
}

// WithContext returns a TTY on the same device. When ctx ends, a pending Ask or
// Secret returns ErrInterrupted, and so does every later one.
func (t *TTY) WithContext(ctx context.Context) *TTY {
	return &TTY{dev: t.dev, ctx: ctx}
}

// Close puts the terminal back into the state it was opened in, and lets others
// open it again.
func (t *TTY) Close() error {
	t.dev.release()
	return errors.Join(t.dev.restore(t.dev.initial), t.dev.give(), closeBoth(t.dev.in, t.dev.out))
}

// Print implements Terminal. A failed write is reported by the next question,
// because people must not be asked about what was not shown.
func (t *TTY) Print(s string) {
	t.dev.write(unseen.Show(s))
}

// Ask implements Terminal. An answer with control characters, as arrow keys
// make them, is asked for again.
func (t *TTY) Ask(prompt string) (string, error) {
	w := t.dev.watch(t.ctx) // before the prompt, so that no signal kills us from then on
	defer w.stop()
	for {
		t.Print(prompt)
		line, err := w.line()
		if err != nil {
			return "", err
		}
		if _, found := unseen.In(line); !found && !strings.Contains(line, "\t") {
			return line, nil
		}
		t.Print("The answer contains invisible characters. Please type it again.\n")
	}
}

// maxLine is the longest answer.
const maxLine = 4096

// line reads one line that the terminal lets people edit.
func (w *watch) line() (string, error) {
	line := make([]byte, 0, maxLine) // it never moves, so wiping it leaves no copy
	defer func() { wipe(line) }()    // people type PINs at the wrong question
	for {
		c, err := w.next()
		switch {
		case err != nil && errors.Is(err, ErrInterrupted):
			w.dev.write("\n")
			return "", err
		case err != nil:
			return "", fmt.Errorf("reading the answer: %w", err)
		case c == '\n' || c == '\r':
			return strings.TrimSpace(string(line)), nil
		case len(line) == maxLine:
			return "", fmt.Errorf("reading the answer: longer than %d bytes", maxLine)
		}
		line = append(line, c)
	}
}

// Secret implements Terminal.
func (t *TTY) Secret(prompt string) ([]byte, error) { return t.unechoed(prompt, nil) }

// Word implements Terminal.
func (t *TTY) Word(prompt string, words []string) (string, error) {
	typed, err := t.unechoed(prompt, &echo{write: t.dev.write, words: words})
	defer wipe(typed)
	return strings.TrimSpace(string(typed)), err
}

// unechoed reads a line. Echo is off before the prompt can be seen.
func (t *TTY) unechoed(prompt string, shown *echo) (secret []byte, err error) {
	w := t.dev.watch(t.ctx) // before the state changes, so that no signal kills us with it
	defer w.stop()
	var before *term.State
	err = control(t.dev.in, func(fd int) (err error) {
		before, err = term.MakeRaw(fd)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("turning echo off: %w", err)
	}
	defer func() {
		t.dev.write("\r\n")
		if restored := t.dev.restore(before); restored != nil {
			wipe(secret)
			secret, err = nil, errors.Join(err, restored)
		}
	}()
	t.dev.write(strings.ReplaceAll(unseen.Show(prompt), "\n", "\r\n"))
	return readSecret(w.next, shown)
}

// echo shows of what is typed the beginning of a word; nil shows nothing.
type echo struct {
	write func(string)
	words []string
	shown int // bytes
}

// changed follows the line as it is typed and corrected.
func (e *echo) changed(line []byte) {
	if e == nil {
		return
	}
	for ; e.shown > len(line); e.shown-- {
		e.write("\b \b")
	}
	for ; e.shown < len(line) && e.begins(line[:e.shown+1]); e.shown++ {
		e.write(string(line[e.shown : e.shown+1]))
	}
}

func (e *echo) begins(line []byte) bool {
	return slices.ContainsFunc(e.words, func(w string) bool { return len(w) >= len(line) && strings.EqualFold(w[:len(line)], string(line)) })
}

// The keys that mean something while a secret is typed. The terminal is in raw
// mode, so they arrive as bytes and not as signals.
const (
	ctrlC = 0x03
	ctrlD = 0x04
	ctrlH = 0x08
	ctrlU = 0x15
	del   = 0x7F
)

// maxSecret is the longest secret. Its memory is never moved, so that no copy
// stays behind.
const maxSecret = 1024

// readSecret reads bytes up to the end of the line. When one of them cannot be
// used, it reads to the end of the line all the same: the rest of what an arrow
// key sends would otherwise count as the next try.
func readSecret(next func() (byte, error), shown *echo) ([]byte, error) {
	buf := make([]byte, 0, maxSecret)
	fail := func(err error) ([]byte, error) {
		wipe(buf)
		return nil, err
	}
	var unclear error
	for {
		shown.changed(buf)
		c, err := next()
		if err != nil && errors.Is(err, ErrInterrupted) {
			return fail(err)
		}
		if err != nil {
			return fail(fmt.Errorf("reading the secret: %w", err))
		}
		switch {
		case (c == '\r' || c == '\n') && unclear != nil:
			return fail(unclear)
		case c == '\r' || c == '\n':
			return buf, nil
		case c == ctrlC:
			return fail(ErrInterrupted)
		case c == ctrlD && len(buf) == 0 && unclear == nil:
			return fail(ErrEnded)
		case c == ctrlU:
			clear(buf)
			buf, unclear = buf[:0], nil
		case unclear != nil:
		case c == ctrlH || c == del:
			buf = eraseLast(buf)
		case c < ' ':
			unclear = fmt.Errorf("%w: control character 0x%02X, perhaps from an arrow key", ErrUnclear, c)
		case len(buf) == maxSecret:
			unclear = fmt.Errorf("%w: longer than %d bytes", ErrUnclear, maxSecret)
		default:
			buf = append(buf, c)
		}
	}
}

// eraseLast removes the last character.
func eraseLast(buf []byte) []byte {
	_, size := utf8.DecodeLastRune(buf)
	n := len(buf) - size
	clear(buf[n:])
	return buf[:n]
}

// IsTerminal reports whether something that is read is a terminal, with people at it.
func IsTerminal(r io.Reader) bool {
	file, ok := r.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// WidthOf is how many columns there are where something is written, if that is a
// terminal; otherwise 0.
func WidthOf(w io.Writer) int {
	file, ok := w.(*os.File)
	if !ok {
		return 0
	}
	width := 0
	_ = control(file, func(fd int) (err error) {
		width, _, err = term.GetSize(fd)
		return err
	})
	if width < 20 {
		return 0
	}
	return width
}

// Width implements Terminal. It is 80 when the terminal does not know.
func (t *TTY) Width() int {
	width, _ := t.size()
	if width < 20 {
		return 80
	}
	return width
}

// Height implements Terminal. It is 24 when the terminal does not know.
func (t *TTY) Height() int {
	_, height := t.size()
	if height < 8 {
		return 24
	}
	return height
}

func (t *TTY) size() (width, height int) {
	_ = control(t.dev.out, func(fd int) (err error) {
		width, height, err = term.GetSize(fd)
		return err
	})
	return width, height
}
