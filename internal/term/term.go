// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package term prompts on the controlling terminal.
//
// # Never stdin
//
// People answer at the terminal, and files and pipes do not: standard input may
// be anything. A PIN is read without echo into memory that the caller wipes.
//
// # Nothing but text
//
// What is shown may come from a file that nobody vouches for. [TTY.Print] shows
// control characters, escape sequences and invisible characters as U+FFFD, so
// that no name in a certificate can paint over the screen that people confirm.
package term

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Terminal is where people read and answer.
type Terminal interface {
	// Print shows text.
	Print(s string)
	// Ask shows a prompt and returns one line without spaces at its ends.
	Ask(prompt string) (string, error)
	// Secret is Ask without echo. The caller wipes the answer.
	Secret(prompt string) ([]byte, error)
	// Width is how many columns there are.
	Width() int
}

// Errors of terminals.
var (
	// ErrInterrupted says that the person pressed Ctrl-C, or that the program
	// was told to stop, while an answer was awaited.
	ErrInterrupted = errors.New("interrupted")
	// ErrUnclear says that what was typed cannot be meant, as arrow keys make it.
	// The question can be put again.
	ErrUnclear = errors.New("what was typed cannot be meant")
	// ErrNoTerminal says that nobody can be asked.
	ErrNoTerminal = errors.New("no controlling terminal to ask on")
)

// visible replaces what a terminal would obey instead of show.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r == utf8.RuneError || !hidden(r) {
			return r
		}
		return utf8.RuneError
	}, strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "\ufffd"))
}

// hidden reports whether a character is a control character or changes how
// others look without being seen itself.
func hidden(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) || unicode.Is(unicode.Bidi_Control, r)
}

// wipe overwrites what may have been secret.
func wipe(b []byte) {
	clear(b[:cap(b)])
}
