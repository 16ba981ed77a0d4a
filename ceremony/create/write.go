// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"errors"
	"io/fs"
	"os"

	"rootceremony/internal/artifact"
)

// Write writes files into a folder that is new or empty, and then does what else there
// is to do. If anything fails, it takes away what it wrote.
func Write(folder string, files []File, more func() error) (err error) {
	_, statErr := os.Lstat(folder)
	dir, err := artifact.NewDir(folder)
	if err != nil {
		return err
	}
	var written []string
	defer func() {
		if err == nil {
			return
		}
		for _, name := range written {
			err = errors.Join(err, os.Remove(dir.Path(name)))
		}
		err = errors.Join(err, dir.RemoveEmpty())
		if errors.Is(statErr, fs.ErrNotExist) {
			err = errors.Join(err, os.Remove(folder))
		}
	}()
	for _, f := range files {
		if err := dir.WriteFile(f.Name, f.Data); err != nil {
			return err
		}
		written = append(written, f.Name)
	}
	if more == nil {
		return nil
	}
	return more()
}
