// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Error says what a file is, and what to do with it.
type Error struct {
	What string // with its article
	Try  string // a sentence or a command, in which FILE is the file; may be empty
}

// Error implements error.
func (e *Error) Error() string {
	if e.Try == "" {
		return e.What
	}
	return e.What + "; " + e.Try
}

// Named puts the name of the file into the command of an error, quoted for a shell.
// Other errors, and those of files without a name, stay as they are.
func Named(err error, name string) error {
	var e *Error
	if name == "" || name == "-" || !errors.As(err, &e) || !strings.Contains(e.Try, "FILE") {
		return err
	}
	return &named{err, strings.ReplaceAll(err.Error(), "FILE", word(name))}
}

// named is an error in which a file has its name.
type named struct {
	err  error
	text string
}

// Error implements error.
func (n *named) Error() string { return n.text }

// Unwrap gives the error without the name.
func (n *named) Unwrap() error { return n.err }

var plain = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./][A-Za-z0-9_@%+=:,./-]*$`)

// word quotes a name for a POSIX shell.
func word(name string) string {
	if plain.MatchString(name) {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}

func is(what, try string, args ...any) *Error {
	return &Error{What: what, Try: fmt.Sprintf(try, args...)}
}
