// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package term

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

const noTerminalHint = "run it in a terminal; over ssh use \"ssh -t\", in a container \"-it\""

// openDevice opens the controlling terminal for reading and writing. One that
// an earlier program locked, and did not unlock because it was killed, is
// freed; a ceremony that is still there takes it again at its next question.
func openDevice() (in, out *os.File, err error) {
	f, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if errors.Is(err, syscall.EBUSY) && unlockStandard() {
		f, err = os.OpenFile("/dev/tty", os.O_RDWR, 0)
	}
	if errors.Is(err, syscall.EBUSY) {
		err = fmt.Errorf("another program took the terminal for itself: open a new window: %w", err)
	}
	return f, f, err
}
