// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package artifact

import (
	"errors"
	"math"
	"os"

	"golang.org/x/sys/windows"
)

// hasModes says that permission bits mean nothing here.
const hasModes = false

const openFlags = os.O_RDONLY

// publish renames; MoveFile does not overwrite.
func publish(temp, name string) error {
	from, err := windows.UTF16PtrFromString(temp)
	if err != nil {
		return err
	}
	to, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return err
	}
	if err := windows.MoveFile(from, to); err != nil {
		return &os.LinkError{Op: "rename", Old: temp, New: name, Err: err}
	}
	return nil
}

// lock takes the lock of one byte beyond the end, because locked bytes could
// not be read by others.
func lock(f *os.File) error {
	where := &windows.Overlapped{Offset: math.MaxUint32, OffsetHigh: math.MaxInt32}
	err := windows.LockFileEx(windows.Handle(f.Fd()),
		windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, where)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return ErrLocked
	}
	return err
}

// syncDir does nothing: Windows cannot flush a directory.
func syncDir(string) error { return nil }
