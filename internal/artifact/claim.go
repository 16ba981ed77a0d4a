// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package artifact

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Claim is a new directory that one process at a time holds, from before
// anything is written into it.
type Claim struct {
	*Dir
	held File // nil where directories cannot be locked
}

// ClaimDirFS makes a new directory as NewDirFS does, and takes its lock:
// ErrLocked says that another process holds it. Where a system locks no
// directories, the directory is made and it is not exclusive.
func ClaimDirFS(fsys FS, path string) (*Claim, error) {
	d, err := NewDirFS(fsys, path)
	if err != nil {
		return nil, err
	}
	f, err := fsys.OpenFile(path, os.O_RDONLY, 0)
	if err != nil {
		return &Claim{Dir: d}, nil //nolint:nilerr // not everywhere can a directory be opened
	}
	switch err := f.Lock(); {
	case errors.Is(err, ErrLocked):
		return nil, errors.Join(fmt.Errorf("claiming directory %s: %w", path, err), f.Close())
	case err != nil:
		return &Claim{Dir: d}, f.Close()
	}
	return &Claim{Dir: d, held: f}, nil
}

// Release gives the directory up. One that nothing was written into is removed.
func (c *Claim) Release() error {
	var err error
	if entries, readErr := c.fsys.ReadDir(c.path); readErr == nil && len(entries) == 0 {
		if err = c.fsys.Remove(c.path); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	if c.held != nil {
		err = errors.Join(err, c.held.Close())
		c.held = nil
	}
	return err
}

// CheckNew says, without making anything, why NewDirFS would refuse a path.
func CheckNew(fsys FS, path string) error {
	if _, err := fsys.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return checkDir(fsys, filepath.Dir(filepath.Clean(path)))
	}
	return (&Dir{fsys: fsys, path: path}).checkEmpty()
}
