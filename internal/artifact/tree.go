// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package artifact

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
)

// Limits bound what a directory of unknown origin can cost. Zero fields take
// the value of [DefaultLimits].
type Limits struct {
	Entries    int   // files and directories
	Depth      int   // directories above a file
	FileBytes  int64 // of one file
	TotalBytes int64 // of all files
}

// DefaultLimits are larger than any bundle that a ceremony makes.
func DefaultLimits() Limits {
	return Limits{Entries: 100_000, Depth: 16, FileBytes: 8 << 30, TotalBytes: 64 << 30}
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	if l.Entries == 0 {
		l.Entries = d.Entries
	}
	if l.Depth == 0 {
		l.Depth = d.Depth
	}
	if l.FileBytes == 0 {
		l.FileBytes = d.FileBytes
	}
	if l.TotalBytes == 0 {
		l.TotalBytes = d.TotalBytes
	}
	return l
}

// Tree is a listed directory. It reads through an os.Root, so that no path and
// no symbolic link leads out of it. A file that was digested or read as a whole has the same
// content ever after, or reading it again fails.
type Tree struct {
	root     *os.Root
	limits   Limits
	sizes    map[string]int64
	dirs     map[string]bool
	folded   map[string]string // lower-case path to path
	entries  int
	total    int64
	problems []error

	mu   sync.Mutex
	seen map[string]Digest // of the files that were digested or read
}

// same reports whether a file has the content that was seen first.
func (t *Tree) same(name string, d Digest) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if was, ok := t.seen[name]; ok && was != d {
		return errChanged
	}
	t.seen[name] = d
	return nil
}

// maxProblems bounds what a hostile directory can make us print.
const maxProblems = 100

// errLimit stops the listing.
var errLimit = errors.New("limit reached")

// Empty lists the directories that hold nothing.
func (t *Tree) Empty() []string {
	full := map[string]bool{}
	for _, names := range []iter.Seq[string]{maps.Keys(t.sizes), maps.Keys(t.dirs)} {
		for name := range names {
			full[path.Dir(name)] = true
		}
	}
	var empty []string
	for dir := range t.dirs {
		if !full[dir] {
			empty = append(empty, dir)
		}
	}
	slices.Sort(empty)
	return empty
}

// ReadTree lists the files below dir. Everything in it must be a directory or
// a regular file with a path that [CheckPath] allows, and no two paths may
// differ in case alone. The error names all entries that are not so; the Tree
// then holds the others. Without a directory to read the Tree is nil. Close it
// after use.
func ReadTree(dir string, limits Limits) (*Tree, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("reading directory: %w", err)
	}
	t := &Tree{root: root, limits: limits.orDefault(), sizes: map[string]int64{}, dirs: map[string]bool{}, folded: map[string]string{}, seen: map[string]Digest{}}
	if err := t.list(".", 0); err != nil && !errors.Is(err, errLimit) {
		t.problem("%w", err)
	}
	return t, errors.Join(t.problems...)
}

func (t *Tree) problem(format string, args ...any) {
	if len(t.problems) < maxProblems {
		t.problems = append(t.problems, fmt.Errorf(format, args...))
	}
}

// list adds the entries of one directory, a few at a time.
func (t *Tree) list(dir string, depth int) error {
	if depth > t.limits.Depth {
		t.problem("%s: deeper than %d directories", dir, t.limits.Depth)
		return nil
	}
	f, err := t.root.OpenFile(dir, openFlags, 0)
	if err != nil {
		return fmt.Errorf("reading %s: %w", dir, err)
	}
	defer f.Close() //nolint:errcheck // read only
	for {
		entries, err := f.ReadDir(256)
		for _, e := range entries {
			if err := t.add(path.Join(dir, e.Name()), depth); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading %s: %w", dir, err)
		}
	}
}

// add lists one entry.
func (t *Tree) add(name string, depth int) error {
	if t.entries++; t.entries > t.limits.Entries {
		t.problem("more than %d entries", t.limits.Entries)
		return errLimit
	}
	if err := CheckPath(name); err != nil {
		t.problem("%w", err)
		return nil
	}
	lower := strings.ToLower(name)
	if other, ok := t.folded[lower]; ok {
		t.problem("%s: differs from %s in case alone", name, other)
		return nil
	}
	t.folded[lower] = name
	info, err := t.root.Lstat(name)
	switch {
	case err != nil:
		t.problem("%s: %w", name, err)
		return nil
	case info.IsDir():
		t.dirs[name] = true
		return t.list(name, depth+1)
	case !info.Mode().IsRegular():
		t.problem("%s: %s, not a regular file", name, typeName(info.Mode()))
		return nil
	}
	return t.addFile(name, info.Size())
}

// addFile lists a regular file within the limits.
func (t *Tree) addFile(name string, size int64) error {
	if size > t.limits.FileBytes {
		t.problem("%s: %d bytes are more than %d", name, size, t.limits.FileBytes)
		return nil
	}
	if size > t.limits.TotalBytes-t.total {
		t.problem("%s: all files together have more than %d bytes", name, t.limits.TotalBytes)
		return errLimit
	}
	t.total += size
	t.sizes[name] = size
	return nil
}

func typeName(m fs.FileMode) string {
	switch {
	case m&fs.ModeSymlink != 0:
		return "a symbolic link"
	case m&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	}
	return "an irregular file"
}

// Paths returns the paths of all files in byte order.
func (t *Tree) Paths() []string {
	out := make([]string, 0, len(t.sizes))
	for p := range t.sizes {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// Holds reports whether a path is that of a listed file or directory.
func (t *Tree) Holds(name string) bool {
	_, file := t.sizes[name]
	return file || t.dirs[name]
}

// Size returns the size of a listed file.
func (t *Tree) Size(name string) (size int64, ok bool) {
	size, ok = t.sizes[name]
	return size, ok
}

// Open opens a listed file. Reading fails when the file does not have exactly
// the size that was listed, and at its end when it has other content than was seen first.
func (t *Tree) Open(name string) (io.ReadCloser, error) {
	f, err := t.open(name)
	if err != nil {
		return nil, err
	}
	return &sameReader{ReadCloser: f, digester: newDigester(), same: func(d Digest) error { return t.same(name, d) }}, nil
}

func (t *Tree) open(name string) (io.ReadCloser, error) {
	size, ok := t.sizes[name]
	if !ok {
		return nil, fmt.Errorf("opening %s: %w", name, fs.ErrNotExist)
	}
	f, err := t.root.OpenFile(name, openFlags, 0)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", name, err)
	}
	info, err := f.Stat()
	if err == nil && (!info.Mode().IsRegular() || info.Size() != size) {
		err = errChanged
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening %s: %w", name, err), f.Close())
	}
	return &exactReader{file: f, left: size}, nil
}

// ReadFile reads a listed file of at most limit bytes.
func (t *Tree) ReadFile(name string, limit int64) ([]byte, error) {
	if size := t.sizes[name]; size > limit {
		return nil, fmt.Errorf("reading %s: %d bytes are more than %d", name, size, limit)
	}
	f, err := t.open(name)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(f)
	if err = errors.Join(err, f.Close()); err == nil {
		err = t.same(name, Sum(data))
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return data, nil
}

// Digest digests a listed file.
func (t *Tree) Digest(name string) (Digest, error) {
	f, err := t.open(name)
	if err != nil {
		return Digest{}, err
	}
	d, err := SumReader(f)
	if err = errors.Join(err, f.Close()); err == nil {
		err = t.same(name, d)
	}
	if err != nil {
		return Digest{}, fmt.Errorf("digesting %s: %w", name, err)
	}
	return d, nil
}

// Close ends reading.
func (t *Tree) Close() error { return t.root.Close() }

var errChanged = errors.New("the file changed since it was listed")

// exactReader reads a file and fails when it is longer or shorter than left.
type exactReader struct {
	file *os.File
	left int64
}

// Read implements io.Reader.
func (r *exactReader) Read(p []byte) (int, error) {
	n, err := r.file.Read(p)
	r.left -= int64(n)
	if r.left < 0 || r.left > 0 && errors.Is(err, io.EOF) {
		return 0, errChanged
	}
	return n, err
}

// Close implements io.Closer.
func (r *exactReader) Close() error { return r.file.Close() }

// sameReader fails at the end of a file whose content is not the one that was seen first.
type sameReader struct {
	io.ReadCloser
	*digester
	same func(Digest) error
}

// Read implements io.Reader.
func (r *sameReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	_, _ = r.Write(p[:n])
	if errors.Is(err, io.EOF) {
		if changed := r.same(r.sum()); changed != nil {
			return 0, changed
		}
	}
	return n, err
}
