// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package artifact_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/internal/artifact"
)

// makeTree writes files and returns their directory.
func makeTree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestReadTree(t *testing.T) {
	dir := makeTree(t, map[string]string{"b": "bb", "a/x": "", "a.b": "1", "a/c/z": "zzz", "Z": "Z"})
	tree, err := artifact.ReadTree(dir, artifact.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	if diff := cmp.Diff([]string{"Z", "a.b", "a/c/z", "a/x", "b"}, tree.Paths()); diff != "" {
		t.Error(diff)
	}
	if n, ok := tree.Size("a/c/z"); n != 3 || !ok {
		t.Error("size", n, ok)
	}
	if got, err := tree.ReadFile("a/c/z", 3); string(got) != "zzz" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := tree.ReadFile("a/c/z", 2); err == nil {
		t.Error("the limit does not hold")
	}
	if d, err := tree.Digest("b"); d != artifact.Sum([]byte("bb")) || err != nil {
		t.Error(d, err)
	}
	for _, name := range []string{"a", "none", "../x", "/etc/passwd", "a/../b"} {
		if _, err := tree.ReadFile(name, 100); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadTreeChanges(t *testing.T) {
	dir := makeTree(t, map[string]string{"longer": "12", "shorter": "12", "gone": "12", "replaced": "12", "grows": "12"})
	outside := makeTree(t, map[string]string{"secret": "ab"})
	tree, err := artifact.ReadTree(dir, artifact.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	r, err := tree.Open("grows")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for name, text := range map[string]string{"longer": "123", "shorter": "1", "grows": "1234"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"gone", "replaced"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(outside, "secret"), filepath.Join(dir, "replaced")); err != nil {
		t.Skip("no symbolic links:", err)
	}
	for name := range map[string]bool{"longer": true, "shorter": true, "gone": true, "replaced": true} {
		if got, err := tree.ReadFile(name, 100); err == nil {
			t.Errorf("%s: read %q", name, got)
		}
	}
	if _, err := artifact.SumReader(r); err == nil {
		t.Error("a file that grew while open was read")
	}
}

// TestReadTreeOneContent guards a verdict against a file that is one when its digest is
// compared, and another, as long, when it is read.
func TestReadTreeOneContent(t *testing.T) {
	dir := makeTree(t, map[string]string{"digested": "true", "read": "true", "both": "true"})
	tree, err := artifact.ReadTree(dir, artifact.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	if _, err := tree.Digest("digested"); err != nil {
		t.Fatal(err)
	}
	if _, err := tree.ReadFile("read", 4); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"digested", "read"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("fals"), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := tree.ReadFile(name, 4); err == nil {
			t.Errorf("%s: read %q", name, got)
		}
		if d, err := tree.Digest(name); err == nil {
			t.Errorf("%s: digest %s", name, d.SHA256Hex())
		}
		f, err := tree.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(f); err == nil { // as bytes to be signed are streamed
			t.Errorf("%s: streamed %q", name, got)
		}
		f.Close()
	}
	for range 2 {
		if d, err := tree.Digest("both"); err != nil || d != artifact.Sum([]byte("true")) {
			t.Error(d, err)
		}
		if got, err := tree.ReadFile("both", 4); string(got) != "true" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
}

func TestReadTreeRefuses(t *testing.T) {
	dir := makeTree(t, map[string]string{"good": "1", "bad name": "2", "sub/ünï": "3", "Case": "4", "case": "5"})
	for name, target := range map[string]string{"link": "good", "out": "/etc/passwd", "sub/up": "..", "loop": "loop"} {
		if err := os.Symlink(target, filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			t.Skip("no symbolic links:", err)
		}
	}
	tree, err := artifact.ReadTree(dir, artifact.Limits{})
	if err == nil {
		t.Fatal("no error")
	}
	defer tree.Close()
	for _, want := range []string{"bad name", `sub/ünï`, "link: a symbolic link", "out: a symbolic link", "sub/up: a symbolic link", "loop: a symbolic link", "in case alone"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("nothing about %s in\n%v", want, err)
		}
	}
	if n := len(tree.Paths()); n != 2 {
		t.Errorf("%v are listed", tree.Paths())
	}
	if _, err := artifact.ReadTree(filepath.Join(dir, "none"), artifact.Limits{}); err == nil {
		t.Error("a directory that is not there")
	}
	if _, err := artifact.ReadTree(filepath.Join(dir, "good"), artifact.Limits{}); err == nil {
		t.Error("a file is no directory")
	}
}

func TestReadTreeLimits(t *testing.T) {
	dir := makeTree(t, map[string]string{"a": "1234", "b/c/d": "1234", "e": "12345678"})
	for _, tt := range []struct {
		limits artifact.Limits
		want   string
	}{
		{artifact.Limits{Entries: 4}, "more than 4 entries"},
		{artifact.Limits{Depth: 1}, "b/c: deeper than 1 directories"},
		{artifact.Limits{FileBytes: 7}, "e: 8 bytes are more than 7"},
		{artifact.Limits{TotalBytes: 15}, "more than 15 bytes"},
	} {
		tree, err := artifact.ReadTree(dir, tt.limits)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want %s", err, tt.want)
		}
		tree.Close()
	}
	tree, err := artifact.ReadTree(dir, artifact.Limits{Entries: 5, Depth: 2, FileBytes: 8, TotalBytes: 16})
	if err != nil {
		t.Error(err)
	}
	tree.Close()
}

// TestTreeFolder guards who reads approvals in a folder of a bundle against other files than
// those that were listed, and other bytes than those that were digested.
func TestTreeFolder(t *testing.T) {
	dir := makeTree(t, map[string]string{"plan/approvals/a.sig": "true", "plan/approvals/deep/b.sig": "b", "plan/c.sig": "c"})
	tree, err := artifact.ReadTree(dir, artifact.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	folder := tree.Folder("plan/approvals")
	entries, err := fs.ReadDir(folder, ".")
	if err != nil || len(entries) != 1 || entries[0].Name() != "a.sig" || !entries[0].Type().IsRegular() {
		t.Errorf("%v, %v", entries, err)
	}
	if got, err := fs.ReadFile(folder, "a.sig"); string(got) != "true" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "plan/approvals/a.sig"), []byte("fals"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := fs.ReadFile(folder, "a.sig"); err == nil {
		t.Errorf("read %q", got)
	}
	for _, name := range []string{"none.sig", "../c.sig"} {
		if got, err := fs.ReadFile(folder, name); err == nil {
			t.Errorf("%s: read %q", name, got)
		}
	}
	if _, err := fs.ReadDir(tree.Folder("none"), "."); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}
