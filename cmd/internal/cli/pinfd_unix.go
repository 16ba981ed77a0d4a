// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package cli

import (
	"io"
	"os"
	"syscall"
)

// openFD opens a file descriptor that this process was started with, and keeps
// it from the workers.
func openFD(fd int) (io.ReadCloser, error) {
	syscall.CloseOnExec(fd)
	return os.NewFile(uintptr(fd), "pin-fd"), nil
}
