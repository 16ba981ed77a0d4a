// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package token

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// TestConfine guards both sides: what is started has fewer rights, and the program,
// whose main thread everybody takes for the whole of it, keeps its own. The test
// stays on a thread of its own, so that the main one is free for a start.
func TestConfine(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for range 40 {
		grep := exec.CommandContext(t.Context(), "grep", "NoNewPrivs", "/proc/self/status")
		var out strings.Builder
		grep.Stdout = &out
		if err := startConfined(grep); err != nil {
			t.Fatal(err)
		}
		if err := grep.Wait(); err != nil || out.String() != "NoNewPrivs:\t1\n" {
			t.Fatalf("what was started: %q, %v", out.String(), err)
		}
		own, err := os.ReadFile("/proc/self/status")
		if err != nil || !strings.Contains(string(own), "NoNewPrivs:\t0\n") {
			t.Fatalf("the program lost rights: %v", err)
		}
	}
}
