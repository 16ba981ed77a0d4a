// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package secret

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// hideProcess makes the process undumpable (prctl(2), PR_SET_DUMPABLE): no core
// file, no ptrace, no /proc/PID/mem, no /proc/PID/fd for other processes of the
// same user. It holds until the next execve.
func hideProcess() error {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("keeping other processes out of the memory: %w", err)
	}
	return nil
}
