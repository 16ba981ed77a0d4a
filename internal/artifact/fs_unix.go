// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package artifact

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// hasModes says that permission bits mean something here.
const hasModes = true

// openFlags keep opening a file from waiting for the other end of a pipe.
const openFlags = os.O_RDONLY | unix.O_NONBLOCK

// lock takes the exclusive flock of a file or fails at once.
func lock(f *os.File) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var flock error
	if err := raw.Control(func(fd uintptr) {
		flock = unix.Flock(int(fd), unix.LOCK_EX|unix.LOCK_NB)
	}); err != nil {
		return err
	}
	if errors.Is(flock, unix.EWOULDBLOCK) {
		return ErrLocked
	}
	return flock
}

// syncDir syncs a directory. Some file systems have no such thing and say so
// with EINVAL or ENOTSUP; there a rename is as durable as it gets.
func syncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTSUP) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
