// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package preflight

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Room gives the bytes that are free for this user where a folder is.
func Room(folder string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, fmt.Errorf("asking for the room in %s: %w", folder, err)
	}
	return s.Bavail * uint64(s.Bsize), nil
}

// Writable says why this user could not make files in a folder: a medium that is
// mounted for reading only, or missing rights.
func Writable(folder string) error {
	if err := unix.Access(folder, unix.W_OK|unix.X_OK); err != nil {
		return fmt.Errorf("nothing can be written into %s: %w", folder, err)
	}
	return nil
}
