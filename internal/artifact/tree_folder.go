// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package artifact

import (
	"bytes"
	"io/fs"
	"path"
	"time"
)

// Folder gives the files of one listed directory, to be read through the Tree.
func (t *Tree) Folder(dir string) fs.FS { return treeFolder{t, dir} }

type treeFolder struct {
	tree *Tree
	dir  string
}

// ReadDir implements [fs.ReadDirFS] for the directory itself.
func (f treeFolder) ReadDir(name string) ([]fs.DirEntry, error) {
	if name != "." || !f.tree.dirs[f.dir] {
		return nil, &fs.PathError{Op: "open", Path: path.Join(f.dir, name), Err: fs.ErrNotExist}
	}
	var entries []fs.DirEntry
	for _, p := range f.tree.Paths() {
		if path.Dir(p) == f.dir {
			entries = append(entries, fs.FileInfoToDirEntry(treeInfo{path.Base(p), f.tree.sizes[p]}))
		}
	}
	return entries, nil
}

// maxInFolder bounds a file that is held in memory.
const maxInFolder = 64 << 20

// Open implements [fs.FS].
func (f treeFolder) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	data, err := f.tree.ReadFile(path.Join(f.dir, name), maxInFolder)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path.Join(f.dir, name), Err: err}
	}
	return treeFile{bytes.NewReader(data), treeInfo{name, int64(len(data))}}, nil
}

type treeFile struct {
	*bytes.Reader
	info treeInfo
}

// Stat implements [fs.File].
func (f treeFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close implements [fs.File].
func (treeFile) Close() error { return nil }

// treeInfo is what is known of a regular file of a Tree: its name and its size.
type treeInfo struct {
	name string
	size int64
}

// Name implements [fs.FileInfo].
func (i treeInfo) Name() string { return i.name }

// Size implements [fs.FileInfo], in bytes.
func (i treeInfo) Size() int64 { return i.size }

// Mode implements [fs.FileInfo].
func (treeInfo) Mode() fs.FileMode { return 0 }

// ModTime implements [fs.FileInfo].
func (treeInfo) ModTime() time.Time { return time.Time{} }

// IsDir implements [fs.FileInfo].
func (treeInfo) IsDir() bool { return false }

// Sys implements [fs.FileInfo].
func (treeInfo) Sys() any { return nil }
