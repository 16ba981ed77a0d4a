// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package secret

import "golang.org/x/sys/unix"

// lock keeps whole pages out of swap and, on Linux, out of core dumps. It
// reports whether the first was possible; RLIMIT_MEMLOCK may be 0.
func lock(pages []byte) bool {
	keepFromDump(pages)
	return unix.Mlock(pages) == nil
}

func unlock(pages []byte) { _ = unix.Munlock(pages) }

// noCore asks for no core files. The limit is not raised again: it is
// inherited, and programs that this one starts need none.
func noCore() { _ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}) }
