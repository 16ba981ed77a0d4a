// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package artifact

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// publish renames without overwriting. File systems that do not know how
// (NFS, some FUSE) mostly have hard links, whose creation does not overwrite.
func publish(temp, name string) error {
	err := unix.Renameat2(unix.AT_FDCWD, temp, unix.AT_FDCWD, name, unix.RENAME_NOREPLACE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.ENOTSUP) {
		return link(temp, name)
	}
	if err != nil {
		return &os.LinkError{Op: "rename", Old: temp, New: name, Err: err}
	}
	return nil
}
