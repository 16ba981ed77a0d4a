// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package artifact_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/internal/artifact"
	"rootceremony/internal/artifact/artifacttest"
)

// names returns what is in a directory.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "root.pem")
	if err := artifact.WriteFile(path, []byte("one"), artifact.Public); err != nil {
		t.Fatal(err)
	}
	err := artifact.WriteFile(path, []byte("two"), artifact.Public)
	if !errors.Is(err, fs.ErrExist) {
		t.Errorf("writing again: %v", err)
	}
	if got, _ := os.ReadFile(path); string(got) != "one" {
		t.Errorf("overwritten with %q", got)
	}
	if diff := cmp.Diff([]string{"root.pem"}, names(t, dir)); diff != "" {
		t.Error(diff)
	}
}

func TestWriteFileToLink(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "root.pem")
	if err := os.Symlink(filepath.Join(dir, "elsewhere"), path); err != nil {
		t.Skip("no symbolic links:", err)
	}
	if err := artifact.WriteFile(path, []byte("x"), artifact.Public); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a dangling link was taken for no file: %v", err)
	}
	if diff := cmp.Diff([]string{"root.pem"}, names(t, dir)); diff != "" {
		t.Error(diff)
	}
}

// TestWriteFileRace lets many writers want one name: one gets it, whole.
func TestWriteFileRace(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "root.pem")
	var wg sync.WaitGroup
	errs := make([]error, 16)
	for i := range errs {
		wg.Go(func() {
			errs[i] = artifact.WriteFile(path, bytes.Repeat([]byte{byte('a' + i)}, 100_000), artifact.Public)
		})
	}
	wg.Wait()
	winner := -1
	for i, err := range errs {
		switch {
		case err == nil && winner < 0:
			winner = i
		case err == nil:
			t.Error("two writers won")
		case !errors.Is(err, fs.ErrExist):
			t.Error(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || winner < 0 || !bytes.Equal(got, bytes.Repeat([]byte{byte('a' + winner)}, 100_000)) {
		t.Errorf("winner %d, %d bytes, %v", winner, len(got), err)
	}
	if len(names(t, dir)) != 1 {
		t.Errorf("left over: %v", names(t, dir))
	}
}

// TestWriteFileFaults lets each call fail in turn. Whatever fails, the name is
// not taken, nothing is left over, and a second attempt succeeds.
func TestWriteFileFaults(t *testing.T) {
	disk := artifacttest.Failure{Err: syscall.ENOSPC, Short: 3}
	broken := artifacttest.Failure{Err: syscall.EIO}
	for _, tt := range []struct {
		name  string
		fault artifacttest.Fault
		want  string
	}{
		{"open", artifacttest.FailNth(artifacttest.Open, 0, broken), "creating"},
		{"no space", artifacttest.FailNth(artifacttest.Write, 0, disk), "no space left"},
		{"short write", artifacttest.FailNth(artifacttest.Write, 0, artifacttest.Failure{Short: 5}), "short write"},
		{"sync", artifacttest.FailNth(artifacttest.Sync, 0, broken), "syncing"},
		{"close", artifacttest.FailNth(artifacttest.Close, 0, broken), "closing"},
		{"name", artifacttest.FailNth(artifacttest.Publish, 0, broken), "naming"},
		{"directory", artifacttest.FailNth(artifacttest.SyncDir, 0, broken), "syncing the directory"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "a")
			w, err := artifact.CreateFS(artifacttest.New(tt.fault), path, artifact.Public)
			if err == nil {
				_, err = w.Write([]byte("0123456789"))
				if err2 := w.Commit(); err == nil {
					err = err2
				} else if err2 == nil {
					t.Error("commit after a failed write")
				}
				w.Discard()
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("error %v, want %q and the path", err, tt.want)
			}
			if left := names(t, dir); left != nil {
				t.Errorf("left over: %v", left)
			}
			if err := artifact.WriteFile(path, []byte("again"), artifact.Public); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestFailedRemovalIsSaid(t *testing.T) {
	fsys := artifacttest.New(func(c artifacttest.Call) *artifacttest.Failure {
		if c.Op == artifacttest.SyncDir || c.Op == artifacttest.Remove {
			return &artifacttest.Failure{Err: syscall.EIO}
		}
		return nil
	})
	w, err := artifact.CreateFS(fsys, filepath.Join(t.TempDir(), "a"), artifact.Public)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(); err == nil || !strings.Contains(err.Error(), "the file exists and cannot be removed") {
		t.Errorf("got %v", err)
	}
}

// TestOrder pins the calls that make a file durable.
func TestOrder(t *testing.T) {
	fsys := artifacttest.New(nil)
	d, err := artifact.NewDirFS(fsys, filepath.Join(t.TempDir(), "b"))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.WriteFile("sub/a", []byte("x")); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range fsys.Calls() {
		if c.Op != artifacttest.Chmod && c.Op != artifacttest.SyncDir {
			got = append(got, string(c.Op)+" "+c.Name)
		} else if c.Op == artifacttest.SyncDir {
			got = append(got, string(c.Op))
		}
	}
	want := []string{
		"mkdir b", "syncdir", "mkdir sub", "syncdir",
		"open .a.partial0", "write .a.partial0", "sync .a.partial0", "close .a.partial0", "publish a", "syncdir",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestStaleTemporary(t *testing.T) {
	dir := t.TempDir()
	stale := filepath.Join(dir, ".a.partial0")
	if err := os.WriteFile(stale, []byte("stale"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := artifact.WriteFile(filepath.Join(dir, "a"), []byte("x"), artifact.Public); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(stale); string(got) != "stale" {
		t.Error("what a crash left behind was touched")
	}
	if !artifact.IsPartial(stale) || artifact.IsPartial(filepath.Join(dir, "a")) || artifact.IsPartial("a.partial0") || artifact.IsPartial(".a.partial") || artifact.IsPartial(".a.partial0x") || artifact.IsPartial(".a.partial00") {
		t.Error("IsPartial is wrong")
	}
}

func TestDiscard(t *testing.T) {
	dir := t.TempDir()
	w, err := artifact.CreateFS(artifact.OS{}, filepath.Join(dir, "a"), artifact.Public)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	w.Discard()
	w.Discard()
	if w.Commit() == nil {
		t.Error("commit after discard")
	}
	if _, err := w.Write([]byte("x")); err == nil {
		t.Error("write after discard")
	}
	if left := names(t, dir); left != nil {
		t.Errorf("left over: %v", left)
	}
}

func TestNewDir(t *testing.T) {
	top := t.TempDir()
	path := filepath.Join(top, "bundle")
	for range 2 { // the second time it is there, and empty
		if _, err := artifact.NewDir(path); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(path, ".hidden"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if d, err := artifact.NewDir(path); !errors.Is(err, fs.ErrExist) || d != nil {
		t.Errorf("got %v, %v", d, err)
	}
	if _, err := artifact.NewDir(filepath.Join(path, ".hidden")); err == nil {
		t.Error("a file is no directory")
	}
	if _, err := artifact.NewDir(filepath.Join(top, "a", "b")); err == nil {
		t.Error("the parent does not exist")
	}
	if _, err := artifact.OpenDir(filepath.Join(top, "a")); err == nil {
		t.Error("opened a directory that is not there")
	}
}

func TestDir(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bundle")
	d, err := artifact.NewDir(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "x/b", "x/y/c"} {
		if err := d.WriteFile(name, []byte(name)); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []string{"", ".", "..", "../a", "/a", "a/", "a//b", "a/../b", "ä", "a b", "a\\b", "a\n", strings.Repeat("a", 201)} {
		if err := d.WriteFile(bad, nil); err == nil {
			t.Errorf("name %q was accepted", bad)
		}
	}
	if err := d.WriteFile("a/b", nil); err == nil {
		t.Error("a file was taken for a directory")
	}
	if err := os.Symlink(t.TempDir(), filepath.Join(path, "link")); err == nil {
		if err := d.WriteFile("link/b", nil); err == nil {
			t.Error("a link was followed")
		}
	}
	again, err := artifact.OpenDir(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.WriteFile("late", nil); err != nil {
		t.Error(err)
	}
}

func TestDigest(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	if err := os.WriteFile(path, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := artifact.SumFile(path)
	if err != nil || d != artifact.Sum([]byte("abc")) || d.Size != 3 {
		t.Errorf("%+v, %v", d, err)
	}
	if got := d.SHA256Hex(); got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Error(got)
	}
	if got := d.SHA512Hex(); !strings.HasPrefix(got, "ddaf35a193617abacc417349ae204131") {
		t.Error(got)
	}
	if _, err := artifact.SumFile(path + "x"); err == nil {
		t.Error("digest of nothing")
	}
}
