// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package secret

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// lock keeps whole pages out of the page file and reports whether that was
// possible.
func lock(pages []byte) bool {
	return windows.VirtualLock(address(pages), uintptr(len(pages))) == nil
}

func unlock(pages []byte) { _ = windows.VirtualUnlock(address(pages), uintptr(len(pages))) }

func address(pages []byte) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(pages))) }

// noCore does nothing: this system writes no core files.
func noCore() {}
