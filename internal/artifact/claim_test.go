// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package artifact

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// TestClaim guards that two processes do not begin in one folder, and that a
// claim leaves nothing behind unless something was written.
func TestClaim(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bundle")
	c, err := ClaimDirFS(OS{}, path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ClaimDirFS(OS{}, path); runtime.GOOS != "windows" && !errors.Is(err, ErrLocked) {
		t.Errorf("a second claim: %v", err)
	}
	if err := c.Release(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder is left: %v", err)
	}
	if c, err = ClaimDirFS(OS{}, path); err != nil {
		t.Fatal(err)
	}
	if err := c.WriteFile("a", []byte("b")); err != nil {
		t.Fatal(err)
	}
	if err := c.Release(); err != nil {
		t.Fatal(err)
	}
	if _, err := ClaimDirFS(OS{}, path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a folder that is not empty: %v", err)
	}
}
