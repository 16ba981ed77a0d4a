// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package secret

import "golang.org/x/sys/unix"

// keepFromDump asks the kernel to leave the pages out of core dumps, best
// effort. It is never undone: the pages may go on being left out.
func keepFromDump(pages []byte) { _ = unix.Madvise(pages, unix.MADV_DONTDUMP) }
