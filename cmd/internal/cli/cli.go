// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package cli maps commands, flags and prompts to calls of the other packages.
//
// # Streams
//
// Results go to standard output, so that they can be piped. Questions go to the
// controlling terminal, never to a stream that may be a file. Everything else goes
// to standard error and begins with "ceremony: ".
//
// # Errors
//
// An error has the form "ceremony: error: …", and may have a second line
// "ceremony: hint: …" that says what to type or change. Problems of files come
// before it, one a line, as file:line:column.
package cli

import (
	"context"
	"io"
	"os"
	"time"

	"rootceremony/internal/artifact"
	"rootceremony/internal/secret"
	"rootceremony/internal/token"
)

// The exit statuses, the same for all commands.
const (
	exitDone        = 0   // done
	exitFailed      = 1   // failed
	exitUsage       = 2   // wrong usage
	exitFindings    = 3   // findings, invalid, incomplete or unanchored
	exitStopped     = 4   // stopped by a person
	exitInterrupted = 130 // interrupted
)

// Stdio is the outside world of a command.
type Stdio struct {
	In       io.Reader
	Out, Err io.Writer
	// Terminal opens the terminal at which people are asked. It is called only
	// by commands that ask.
	Terminal func(context.Context) (Terminal, error)
	// FileSystem is where bundles are written; nil is that of the host.
	FileSystem artifact.FS
	// Now is the clock of who attaches something to a bundle; nil is that of the host.
	Now func() time.Time
	// AfterSigning is one more check of what was signed, for tests; nil for none.
	AfterSigning func(artifact string) error
}

// Run carries out one command line, without the program's name, and returns
// the exit status.
func Run(ctx context.Context, args []string, stdio Stdio) int {
	if len(args) > 0 && args[0] == token.WorkerArgument {
		return token.WorkerMain(stdio.In, os.NewFile(3, "reply"))
	}
	if err := secret.Shield(); err != nil { // PINs will be typed into this process
		showError(stdio.Err, err)
		return exitFailed
	}
	if stdio.Now == nil {
		stdio.Now = time.Now
	}
	root := newRootCommand(deps{Stdio: stdio})
	root.SetArgs(args)
	root.SetIn(stdio.In)
	root.SetOut(stdio.Out)
	root.SetErr(stdio.Err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	showError(stdio.Err, err)
	return exitStatus(err)
}

// deps is what commands are given besides their options.
type deps struct {
	Stdio
}

// lazyTerminal is the terminal of one command; ctx ends its questions.
func (d deps) lazyTerminal(ctx context.Context) *lazyTerminal {
	return &lazyTerminal{open: func() (Terminal, error) { return d.Terminal(ctx) }}
}
