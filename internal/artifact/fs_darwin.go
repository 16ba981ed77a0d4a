// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package artifact

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// publish renames without overwriting, or links where the volume cannot.
func publish(temp, name string) error {
	err := unix.RenamexNp(temp, name, unix.RENAME_EXCL)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.ENOTSUP) {
		return link(temp, name)
	}
	if err != nil {
		return &os.LinkError{Op: "rename", Old: temp, New: name, Err: err}
	}
	return nil
}
