// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package term

import "os"

const noTerminalHint = "run it in a terminal; over ssh use \"ssh -t\", in a container \"-it\""

// openDevice opens the controlling terminal for reading and writing.
func openDevice() (in, out *os.File, err error) {
	f, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	return f, f, err
}
