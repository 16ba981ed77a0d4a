// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package term prompts on the controlling terminal.
//
// # Never stdin
//
// People answer at the terminal, and files and pipes do not: standard input may
// be anything. A PIN is read without echo into memory that the caller wipes.
//
// # Only printable text
//
// What is shown may come from a file of unknown origin. [TTY.Print] shows what
// people do not see, escape sequences among it, as its number, so that no name in a
// certificate can overwrite the screen that people confirm.
package term

import (
	"errors"
	"fmt"
)

// Terminal is where people read and answer.
type Terminal interface {
	// Print shows text.
	Print(s string)
	// Ask shows a prompt and returns one line without spaces at its ends.
	Ask(prompt string) (string, error)
	// Secret is Ask without echo. The caller wipes the answer.
	Secret(prompt string) ([]byte, error)
	// Word is Ask for one of a few words, in any case: of what is typed only the beginning
	// of one is shown. People type a PIN at the wrong question, in front of a camera.
	Word(prompt string, words []string) (string, error)
	// Width is how many columns there are, Height how many lines.
	Width() int
	Height() int
}

// Errors of terminals.
var (
	// ErrInterrupted says that the person pressed Ctrl-C, or that the program
	// was told to stop, while an answer was awaited.
	ErrInterrupted = errors.New("interrupted")
	// ErrEnded says that the input ended, as Ctrl-D ends it. It interrupts, too.
	ErrEnded = fmt.Errorf("the input ended, as Ctrl-D ends it: %w", ErrInterrupted)
	// ErrUnclear says that what was typed cannot be used, such as the bytes of
	// arrow keys. The question can be put again.
	ErrUnclear = errors.New("the input cannot be used")
	// errNoTerminal says that nobody can be asked.
	errNoTerminal = errors.New("no controlling terminal to ask on")
)

// wipe overwrites what may have been secret.
func wipe(b []byte) {
	clear(b[:cap(b)])
}
