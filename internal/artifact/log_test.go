// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package artifact_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"rootceremony/internal/artifact"
	"rootceremony/internal/artifact/artifacttest"
)

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	l, err := artifact.CreateLogFS(artifact.OS{}, path)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"one", "two"} {
		if err := l.Append([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	for _, bad := range []string{"", "a\nb", "\n"} {
		if l.Append([]byte(bad)) == nil {
			t.Errorf("%q is not a line", bad)
		}
	}
	if _, err := artifact.CreateLogFS(artifact.OS{}, path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("created twice: %v", err)
	}
	if _, err := artifact.OpenLog(path); !errors.Is(err, artifact.ErrLocked) {
		t.Errorf("opened twice: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if l.Append([]byte("x")) == nil {
		t.Error("append after close")
	}
	l, err = artifact.OpenLog(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Append([]byte("three")); err != nil {
		t.Fatal(err)
	}
	if got, err := l.Contents(); string(got) != "one\ntwo\nthree\n" || err != nil {
		t.Errorf("contents %q, %v", got, err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestLogFaults holds that one error ends the log, with what was written
// before it intact.
func TestLogFaults(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fault artifacttest.Fault
		left  string
	}{
		{"no space", artifacttest.FailNth(artifacttest.Write, 1, artifacttest.Failure{Err: syscall.ENOSPC}), "one\n"},
		{"no space in the middle", artifacttest.FailNth(artifacttest.Write, 1, artifacttest.Failure{Err: syscall.ENOSPC, Short: 2}), "one\ntw"},
		{"short write", artifacttest.FailNth(artifacttest.Write, 1, artifacttest.Failure{Short: 1}), "one\nt"},
		{"sync", artifacttest.FailNth(artifacttest.Sync, 2, artifacttest.Failure{Err: syscall.EIO}), "one\ntwo\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "log")
			l, err := artifact.CreateLogFS(artifacttest.New(tt.fault), path)
			if err != nil {
				t.Fatal(err)
			}
			if err := l.Append([]byte("one")); err != nil {
				t.Fatal(err)
			}
			if err := l.Append([]byte("two")); err == nil {
				t.Error("the fault was not reported")
			}
			if err := l.Append([]byte("three")); !errors.Is(err, artifact.ErrPoisoned) {
				t.Errorf("the log goes on: %v", err)
			}
			if got := read(t, path); got != tt.left {
				t.Errorf("left %q, want %q", got, tt.left)
			}
			if err := l.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCreateLogFaults(t *testing.T) {
	for _, op := range []artifacttest.Op{artifacttest.Open, artifacttest.Lock, artifacttest.Sync, artifacttest.SyncDir} {
		fsys := artifacttest.New(artifacttest.FailNth(op, 0, artifacttest.Failure{Err: syscall.EIO}))
		path := filepath.Join(t.TempDir(), "log")
		if _, err := artifact.CreateLogFS(fsys, path); !errors.Is(err, syscall.EIO) {
			t.Errorf("%s: %v", op, err)
		}
	}
}

func TestTornLine(t *testing.T) {
	dir := t.TempDir()
	path, keep := filepath.Join(dir, "log"), filepath.Join(dir, "log.torn-1")
	if err := os.WriteFile(path, []byte("one\nhal"), 0o600); err != nil {
		t.Fatal(err)
	}
	// The first attempt crashes between keeping and cutting.
	fsys := artifacttest.New(artifacttest.FailNth(artifacttest.Truncate, 0, artifacttest.Failure{Err: syscall.EIO}))
	l, err := artifact.OpenLogFS(fsys, path)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Append([]byte("two")); !errors.Is(err, artifact.ErrTorn) {
		t.Errorf("append after a torn line: %v", err)
	}
	if err := l.CutTorn(keep); err == nil {
		t.Error("the fault was not reported")
	}
	if err := l.Append([]byte("two")); !errors.Is(err, artifact.ErrPoisoned) {
		t.Errorf("append after a failed cut: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if l, err = artifact.OpenLog(path); err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if string(l.Torn()) != "hal" {
		t.Errorf("torn %q", l.Torn())
	}
	if err := l.CutTorn(keep); err != nil {
		t.Fatal(err)
	}
	if err := l.Append([]byte("two")); err != nil {
		t.Error(err)
	}
	if got := read(t, path) + "|" + read(t, keep); got != "one\ntwo\n|hal" {
		t.Errorf("got %q", got)
	}
	if l.CutTorn(keep+"2") == nil {
		t.Error("nothing was torn")
	}
}

func TestTornLineIsNotLost(t *testing.T) {
	dir := t.TempDir()
	path, keep := filepath.Join(dir, "log"), filepath.Join(dir, "log.torn-1")
	for name, text := range map[string]string{path: "one\nhal", keep: "other"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l, err := artifact.OpenLog(path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := l.CutTorn(keep); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v", err)
	}
	if read(t, path) != "one\nhal" || read(t, keep) != "other" {
		t.Error("a file was changed")
	}
}

func TestOpenLogRefuses(t *testing.T) {
	dir := t.TempDir()
	if _, err := artifact.OpenLog(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if _, err := artifact.OpenLog(dir); err == nil {
		t.Error("a directory is no log")
	}
	link := filepath.Join(dir, "link")
	if err := os.WriteFile(filepath.Join(dir, "log"), []byte("one\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if os.Symlink(filepath.Join(dir, "log"), link) == nil {
		if _, err := artifact.OpenLog(link); err == nil {
			t.Error("a link is no log")
		}
	}
}
