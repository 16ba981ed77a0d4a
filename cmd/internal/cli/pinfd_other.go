// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package cli

import (
	"errors"
	"io"
)

// openFD fails: this system passes no file descriptors.
func openFD(int) (io.ReadCloser, error) {
	return nil, errors.New("--pin-fd reads only file descriptor 0 on this system; others need Unix")
}
