// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package artifact writes result files once, completely, or not at all, and
// reads them back from places of unknown origin.
//
// # Writing
//
// A file gets a temporary name in its own directory, is written, synced and
// closed, and only then takes its name, which must not exist yet. Nothing is
// ever overwritten. An error means that the name was not taken.
//
// # Logging
//
// A [Log] is the one kind of file that grows. Every line is one write followed
// by a sync, one process holds the lock, and after any error the log refuses
// all further lines: what the disk holds then is no longer known.
//
// # Reading
//
// A [Tree] lists a directory that may have been made by an enemy.
package artifact

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
)

// Modes of files. An artifact is public, an exception asks for Private.
const (
	Public  fs.FileMode = 0o644
	Private fs.FileMode = 0o600
)

const partialMark = ".partial"

// IsPartial reports whether a file name is one that a write under way uses. A
// file of such a name without a writer is what a crash left behind.
func IsPartial(name string) bool {
	base := filepath.Base(name)
	i := strings.LastIndex(base, partialMark)
	if i < 0 || !strings.HasPrefix(base, ".") {
		return false
	}
	n, err := strconv.Atoi(base[i+len(partialMark):])
	return err == nil && n >= 0 && n < mostPartial && base[i+len(partialMark):] == strconv.Itoa(n)
}

// mostPartial is how many temporary names are tried for a file.
const mostPartial = 100

// WriteFile writes a new file at once.
func WriteFile(path string, data []byte, mode fs.FileMode) error {
	return writeFile(OS{}, path, data, mode)
}

func writeFile(fsys FS, path string, data []byte, mode fs.FileMode) error {
	w, err := CreateFS(fsys, path, mode)
	if err != nil {
		return err
	}
	defer w.Discard()
	if _, err := w.Write(data); err != nil {
		return err
	}
	return w.Commit()
}

// Writer is a new file that does not have its name yet. Call Commit when all is
// written, and Discard, which does nothing after Commit, in a defer.
type Writer struct {
	fsys FS
	file File
	path string
	temp string
	err  error // first error, or errDone
}

// errDone is what a Writer says after Commit or Discard.
var errDone = errors.New("file is already closed")

// CreateFS begins a new file that is too large to be held in memory.
func CreateFS(fsys FS, path string, mode fs.FileMode) (*Writer, error) {
	if _, err := fsys.Lstat(path); err == nil {
		return nil, fmt.Errorf("creating %s: %w", path, fs.ErrExist)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("creating %s: %w", path, err)
	}
	w := &Writer{fsys: fsys, path: path}
	if err := w.openTemp(mode); err != nil {
		return nil, fmt.Errorf("creating %s: %w", path, err)
	}
	return w, nil
}

// openTemp opens the first temporary name that is free. Others belong to a
// writer under way or are left over from a crash; neither is touched.
func (w *Writer) openTemp(mode fs.FileMode) error {
	dir, base := filepath.Split(w.path)
	for i := range mostPartial {
		temp := filepath.Join(dir, fmt.Sprintf(".%s%s%d", base, partialMark, i))
		f, err := w.fsys.OpenFile(temp, createFlags, mode)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return err
		}
		w.file, w.temp = f, temp
		if err := setMode(f, mode); err != nil {
			w.Discard()
			return err
		}
		return nil
	}
	return fmt.Errorf("its directory has %d unfinished files of that name", mostPartial)
}

// setMode undoes what the umask took away. A file that should be private must
// be; a file system without modes cannot store it.
func setMode(f File, mode fs.FileMode) error {
	if !hasModes {
		return nil
	}
	chmod := f.Chmod(mode)
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if mode&0o077 == 0 && info.Mode().Perm()&0o077 != 0 {
		return errors.Join(errors.New("the file system cannot keep the file private"), chmod)
	}
	return nil
}

// Write appends to the file.
func (w *Writer) Write(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	n, err := w.file.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	if err != nil {
		w.err = fmt.Errorf("writing %s: %w", w.path, err)
		return n, w.err
	}
	return n, nil
}

// Commit syncs the file and gives it its name. After an error the name is not
// taken, unless the error says so.
func (w *Writer) Commit() error {
	if w.err != nil {
		return w.err
	}
	defer w.Discard()
	if err := w.file.Sync(); err != nil {
		return fmt.Errorf("syncing %s: %w", w.path, err)
	}
	file := w.file
	w.file = nil
	if err := file.Close(); err != nil {
		return fmt.Errorf("closing %s: %w", w.path, err)
	}
	if err := w.fsys.Publish(w.temp, w.path); err != nil {
		return fmt.Errorf("naming %s: %w", w.path, err)
	}
	if err := w.fsys.SyncDir(filepath.Dir(w.path)); err != nil {
		err = fmt.Errorf("syncing the directory of %s: %w", w.path, err)
		if again := w.fsys.Remove(w.path); again != nil {
			return fmt.Errorf("%w; the file exists and cannot be removed: %w", err, again)
		}
		return err
	}
	w.temp = ""
	w.err = errDone
	return nil
}

// Discard closes and removes a file that was not committed.
func (w *Writer) Discard() {
	if w.file != nil {
		_ = w.file.Close() // it is removed next
		w.file = nil
	}
	if w.temp != "" {
		_ = w.fsys.Remove(w.temp) // already gone after Publish
		w.temp = ""
	}
	if w.err == nil {
		w.err = errDone
	}
}
