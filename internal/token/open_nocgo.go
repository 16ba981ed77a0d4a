// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build !cgo || !unix

package token

import (
	"context"
	"fmt"
	"io"
	"os"
)

// BuiltIn reports whether this program can use PKCS#11.
const BuiltIn = false

func notBuiltIn(what string) error {
	return fmt.Errorf("%s: %w; use a build of ceremony made on Linux with CGO_ENABLED=1, or rehearse on in-memory tokens", what, ErrNotBuiltIn)
}

// Open returns ErrNotBuiltIn.
func Open(_ context.Context, o Options) (Token, error) {
	return nil, notBuiltIn(fmt.Sprintf("token %q", o.Config.Name))
}

// Look returns ErrNotBuiltIn.
func Look(_ context.Context, o Options) (*Seen, error) {
	return nil, notBuiltIn(fmt.Sprintf("token %q", o.Config.Name))
}

// List returns ErrNotBuiltIn.
func List(_ context.Context, module, _ string) ([]Info, error) {
	return nil, notBuiltIn(fmt.Sprintf("module %q", module))
}

// WorkerMain returns 1: there is no worker in this build.
func WorkerMain(io.Reader, *os.File) int { return 1 }
