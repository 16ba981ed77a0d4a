// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package token

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// boundMemory bounds what a module can allocate, and has the kernel end this
// process before the ceremony when memory runs out all the same. Both are best
// effort: what a module may give is counted as well.
func boundMemory() {
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0) //nolint:forbidigo // a setting of the kernel, no file
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return
	}
	var kib uint64 // what there is already: a race detector maps terabytes
	for line := range strings.Lines(string(status)) {
		_, _ = fmt.Sscanf(line, "VmData: %d kB", &kib)
	}
	most := kib<<10 + maxWorkerMemory
	_ = unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: most, Max: most})
}
