// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package artifact_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rootceremony/internal/artifact"
)

func TestModes(t *testing.T) {
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	d, err := artifact.NewDir(filepath.Join(t.TempDir(), "b"))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.WriteFile("public", nil); err != nil {
		t.Fatal(err)
	}
	if err := d.WritePrivate("private", nil); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{"public": 0o644, "private": 0o600, ".": os.ModeDir | 0o755} {
		info, err := os.Stat(d.Path(name))
		if err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

// TestPipe holds that a pipe neither hangs nor is read.
func TestPipe(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Skip("no named pipes:", err)
	}
	tree, err := artifact.ReadTree(dir, artifact.Limits{})
	if err == nil || !strings.Contains(err.Error(), "pipe: a named pipe") {
		t.Errorf("got %v", err)
	}
	tree.Close()
	for _, path := range []string{filepath.Join(dir, "pipe"), "/dev/full"} {
		if _, err := artifact.OpenLog(path); err == nil {
			t.Errorf("%s is no log", path)
		}
	}
}

// TestLockOtherProcess holds the lock against another program.
func TestLockOtherProcess(t *testing.T) {
	flock, err := exec.LookPath("flock")
	if err != nil {
		t.Skip("no flock(1)")
	}
	path := filepath.Join(t.TempDir(), "log")
	l, err := artifact.CreateLogFS(artifact.OS{}, path)
	if err != nil {
		t.Fatal(err)
	}
	if exec.Command(flock, "-n", path, "true").Run() == nil {
		t.Error("another process got the lock")
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := exec.Command(flock, "-n", path, "true").Run(); err != nil {
		t.Error("the lock is still held:", err)
	}
}
