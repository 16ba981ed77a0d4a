// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"rootceremony/ceremony/run"
	"rootceremony/internal/source"
	"rootceremony/internal/term"
	"rootceremony/internal/unseen"
	"rootceremony/transcripts/event"
)

// exitError is an error that decides the exit status and may say what to do
// next.
type exitError struct {
	status int
	err    error
	hint   string
}

// Error returns the message of the error that it carries.
func (e *exitError) Error() string { return e.err.Error() }

// Unwrap returns the error that it carries.
func (e *exitError) Unwrap() error { return e.err }

// Hint returns what to do next, or "".
func (e *exitError) Hint() string { return e.hint }

// usage is an error of the person who typed the command.
func usage(hint, format string, args ...any) error {
	return &exitError{status: exitUsage, err: fmt.Errorf(format, args...), hint: hint}
}

// findings is the error of a command whose work was done and whose answer is no.
func findings(format string, args ...any) error {
	return &exitError{status: exitFindings, err: fmt.Errorf(format, args...)}
}

// withHint adds what to do next to an error.
func withHint(err error, format string, args ...any) error {
	return &exitError{status: exitStatus(err), err: err, hint: fmt.Sprintf(format, args...)}
}

// exitStatus finds the status in the chain of an error.
func exitStatus(err error) int {
	var own *exitError // and not that of a program that was started
	var problems source.Errors
	switch {
	case errors.As(err, &own):
		return own.status
	case errors.As(err, &problems):
		return exitFindings
	case errors.Is(err, run.ErrStopped):
		return exitStopped
	case errors.Is(err, context.Canceled), errors.Is(err, term.ErrInterrupted):
		return exitInterrupted
	default:
		return exitFailed
	}
}

// showError writes an error in the one shape that all commands share.
func showError(out io.Writer, err error) {
	w := &strings.Builder{} // an error may quote what others wrote
	defer func() { fmt.Fprint(out, fitted(unseen.Lines(w.String()), term.WidthOf(out))) }()
	var problems source.Errors
	switch {
	case errors.As(err, &problems):
		fmt.Fprintln(w, problems.Error())
		fmt.Fprintf(w, "ceremony: error: %s\n", event.Count(len(problems), "problem"))
	case errors.Is(err, term.ErrEnded):
		fmt.Fprintln(w, "ceremony: error: interrupted: the input ended, as Ctrl-D ends it")
	case errors.Is(err, context.Canceled), errors.Is(err, term.ErrInterrupted):
		fmt.Fprintln(w, "ceremony: error: interrupted")
	default:
		fmt.Fprintf(w, "ceremony: error: %v\n", err)
	}
	var hinter interface{ Hint() string }
	if errors.As(err, &hinter) && hinter.Hint() != "" {
		fmt.Fprintf(w, "ceremony: hint: %s\n", hinter.Hint())
	}
}

// fitted wraps what people read to the width of their terminal. What goes to a file or a
// program stays as it is: there the width is 0.
func fitted(text string, width int) string {
	if width == 0 {
		return text
	}
	return term.Fold(text, width)
}
