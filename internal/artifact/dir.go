// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package artifact

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
)

// Dir is a directory of results. Names in it are relative, with forward
// slashes, of the characters that [CheckPath] allows.
type Dir struct {
	fsys FS
	path string
}

// NewDir makes a new directory; its parent must exist. An empty directory is
// taken, anything else is refused.
func NewDir(path string) (*Dir, error) { return NewDirFS(OS{}, path) }

// NewDirFS is NewDir with another file system.
func NewDirFS(fsys FS, path string) (*Dir, error) {
	d := &Dir{fsys: fsys, path: path}
	err := fsys.Mkdir(path, 0o755)
	if errors.Is(err, fs.ErrExist) {
		if err := d.checkEmpty(); err != nil {
			return nil, err
		}
		return d, nil
	}
	if err != nil {
		return nil, fmt.Errorf("making directory: %w", err)
	}
	if err := fsys.SyncDir(filepath.Dir(filepath.Clean(path))); err != nil {
		return nil, fmt.Errorf("making directory %s durable: %w", path, err)
	}
	return d, nil
}

// OpenDir returns a directory that exists, to add to it.
func OpenDir(path string) (*Dir, error) { return OpenDirFS(OS{}, path) }

// OpenDirFS is OpenDir with another file system.
func OpenDirFS(fsys FS, path string) (*Dir, error) {
	if err := checkDir(fsys, path); err != nil {
		return nil, err
	}
	return &Dir{fsys: fsys, path: path}, nil
}

// checkDir refuses what is not a directory itself.
func checkDir(fsys FS, path string) error {
	info, err := fsys.Lstat(path)
	if err != nil {
		return fmt.Errorf("opening directory: %w", err)
	}
	if !info.IsDir() {
		return fmt.Errorf("opening directory: %s is not a directory", path)
	}
	return nil
}

func (d *Dir) checkEmpty() error {
	if err := checkDir(d.fsys, d.path); err != nil {
		return err
	}
	entries, err := d.fsys.ReadDir(d.path)
	if err != nil {
		return fmt.Errorf("reading directory: %w", err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("directory %s exists and is not empty: %w", d.path, fs.ErrExist)
	}
	return nil
}

// Path returns the path of a name in the directory.
func (d *Dir) Path(name string) string {
	return filepath.Join(d.path, filepath.FromSlash(name))
}

// WriteFile writes a new public file, and makes the directories above it.
func (d *Dir) WriteFile(name string, data []byte) error {
	if err := d.prepare(name); err != nil {
		return err
	}
	return writeFile(d.fsys, d.Path(name), data, Public)
}

// WritePrivate is WriteFile for what only the owner may read.
func (d *Dir) WritePrivate(name string, data []byte) error {
	if err := d.prepare(name); err != nil {
		return err
	}
	return writeFile(d.fsys, d.Path(name), data, Private)
}

// Create begins a new public file, and makes the directories above it.
func (d *Dir) Create(name string) (*Writer, error) {
	if err := d.prepare(name); err != nil {
		return nil, err
	}
	return CreateFS(d.fsys, d.Path(name), Public)
}

// CreateLog makes a new log, and the directories above it.
func (d *Dir) CreateLog(name string) (*Log, error) {
	if err := d.prepare(name); err != nil {
		return nil, err
	}
	return CreateLogFS(d.fsys, d.Path(name))
}

// OpenLog opens a log of the directory.
func (d *Dir) OpenLog(name string) (*Log, error) {
	if err := d.inside(name); err != nil {
		return nil, err
	}
	return OpenLogFS(d.fsys, d.Path(name))
}

// inside checks that a name leads to where it says: every directory above it is
// one, and no link to elsewhere.
func (d *Dir) inside(name string) error {
	if err := CheckPath(name); err != nil {
		return err
	}
	for above := path.Dir(name); above != "."; above = path.Dir(above) {
		if err := checkDir(d.fsys, d.Path(above)); err != nil {
			return err
		}
	}
	return nil
}

// CutTorn is [Log.CutTorn] that keeps the torn line in a file of the directory.
func (d *Dir) CutTorn(l *Log, keep string) error {
	if err := d.prepare(keep); err != nil {
		return err
	}
	return l.CutTorn(d.Path(keep))
}

// Move gives a file another name, which must be free, and makes the directories
// above it.
func (d *Dir) Move(from, to string) error {
	if err := d.inside(from); err != nil {
		return err
	}
	if err := d.prepare(to); err != nil {
		return err
	}
	if err := d.fsys.Publish(d.Path(from), d.Path(to)); err != nil {
		return fmt.Errorf("moving %s: %w", from, err)
	}
	for _, name := range []string{to, from} { // where it is comes before where it was
		if err := d.fsys.SyncDir(d.Path(path.Dir(name))); err != nil {
			return fmt.Errorf("syncing the directory of %s: %w", name, err)
		}
	}
	return nil
}

// RemoveEmpty removes all directories that hold no file.
func (d *Dir) RemoveEmpty() error {
	_, err := d.removeEmpty(d.path, 0)
	return err
}

func (d *Dir) removeEmpty(dir string, depth int) (empty bool, err error) {
	if depth > DefaultLimits().Depth {
		return false, nil
	}
	entries, err := d.fsys.ReadDir(dir)
	if err != nil {
		return false, fmt.Errorf("reading directory: %w", err)
	}
	left := len(entries)
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		below := filepath.Join(dir, e.Name())
		gone, err := d.removeEmpty(below, depth+1)
		if err != nil {
			return false, err
		}
		if !gone {
			continue
		}
		if err := d.fsys.Remove(below); err != nil {
			return false, fmt.Errorf("removing an empty directory: %w", err)
		}
		left--
	}
	return left == 0, nil
}

// prepare makes the directories above a name.
func (d *Dir) prepare(name string) error {
	if err := CheckPath(name); err != nil {
		return err
	}
	return d.mkdirs(path.Dir(name))
}

// mkdirs makes a directory and those above it, each durable.
func (d *Dir) mkdirs(name string) error {
	if name == "." {
		return nil
	}
	if err := d.mkdirs(path.Dir(name)); err != nil {
		return err
	}
	full := d.Path(name)
	err := d.fsys.Mkdir(full, 0o755)
	if errors.Is(err, fs.ErrExist) {
		return checkDir(d.fsys, full)
	}
	if err != nil {
		return fmt.Errorf("making directory: %w", err)
	}
	if err := d.fsys.SyncDir(filepath.Dir(full)); err != nil {
		return fmt.Errorf("making directory %s durable: %w", full, err)
	}
	return nil
}

// maxPath is the longest path in a bundle: what ustar can hold in its name.
const maxPath = 200

// CheckPath refuses anything that is not a plain relative path of the
// characters A-Z a-z 0-9 . _ - with single forward slashes.
func CheckPath(name string) error {
	const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/"
	switch {
	case name == "":
		return errors.New("the path is empty")
	case len(name) > maxPath:
		return fmt.Errorf("path %.40q... is longer than %d bytes", name, maxPath)
	case strings.ContainsFunc(name, func(r rune) bool { return !strings.ContainsRune(plain, r) }):
		return fmt.Errorf("path %q has characters other than A-Z a-z 0-9 . _ - /", name)
	case !fs.ValidPath(name) || name == ".":
		return fmt.Errorf("path %q is not a plain relative path", name)
	}
	return nil
}
