// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"io"

	"rootceremony/internal/term"
)

// Terminal is where people are asked, until it is closed.
type Terminal interface {
	term.Terminal
	io.Closer
}

// ControllingTerminal opens the terminal that this process was started from.
// When ctx ends, a question that waits for its answer ends too.
func ControllingTerminal(ctx context.Context) (Terminal, error) {
	tty, err := term.Open()
	if err != nil {
		return nil, err
	}
	return tty.WithContext(ctx), nil
}

// lazyTerminal opens the terminal when something is shown for the first time: a
// rehearsal on in-memory tokens asks nobody and needs none, and what is refused
// before the first question needs none either.
type lazyTerminal struct {
	open func() (Terminal, error)
	term Terminal
}

func (l *lazyTerminal) get() (Terminal, error) {
	if l.term != nil {
		return l.term, nil
	}
	t, err := l.open()
	if err != nil {
		return nil, err
	}
	l.term = t
	return t, nil
}

// Print implements term.Terminal. Where there is no terminal the next question
// says so.
func (l *lazyTerminal) Print(s string) {
	if t, err := l.get(); err == nil {
		t.Print(s)
	}
}

// Ask implements term.Terminal.
func (l *lazyTerminal) Ask(prompt string) (string, error) {
	t, err := l.get()
	if err != nil {
		return "", err
	}
	return t.Ask(prompt)
}

// Secret implements term.Terminal.
func (l *lazyTerminal) Secret(prompt string) ([]byte, error) {
	t, err := l.get()
	if err != nil {
		return nil, err
	}
	return t.Secret(prompt)
}

// Word implements term.Terminal.
func (l *lazyTerminal) Word(prompt string, words []string) (string, error) {
	t, err := l.get()
	if err != nil {
		return "", err
	}
	return t.Word(prompt, words)
}

// Width implements term.Terminal.
func (l *lazyTerminal) Width() int {
	if t, err := l.get(); err == nil {
		return t.Width()
	}
	return columns
}

// Height implements term.Terminal.
func (l *lazyTerminal) Height() int {
	if t, err := l.get(); err == nil {
		return t.Height()
	}
	return rows
}

// The size assumed where there is no terminal.
const (
	columns = 80
	rows    = 24
)

// Close puts the terminal back into its state, if it was opened.
func (l *lazyTerminal) Close() error {
	if l.term == nil {
		return nil
	}
	return l.term.Close()
}
