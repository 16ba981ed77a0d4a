// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"context"
	"errors"
	"io"
	"os"
)

// BuiltIn reports whether this program can use PKCS#11.
const BuiltIn = true

// Open starts a worker and logs in.
func Open(_ context.Context, o Options) (Token, error) { return nil, errors.New("not yet written") }

// List returns what the tokens of a module say, without a login.
func List(_ context.Context, module, executable string) ([]Info, error) {
	return nil, errors.New("not yet written")
}

// WorkerMain serves one parent and returns the exit status.
func WorkerMain(stdin io.Reader, reply *os.File) int { return 1 }
