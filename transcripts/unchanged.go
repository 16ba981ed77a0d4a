// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"errors"
	"fmt"

	"rootceremony/internal/artifact"
)

// ErrChanged says that the bundle is not what this program wrote.
var ErrChanged = errors.New("another program changed the bundle")

// Unchanged compares what is on the disk with what this program recorded, before people
// compare a manifest of it and sign that: a PKCS#11 module, or any other program of the
// same user, can write there. Its error is [ErrChanged], or says what cannot be read.
func (j *Journal) Unchanged() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	tree, err := readTree(j.dir.Path("."))
	if err != nil {
		return err
	}
	defer tree.Close() //nolint:errcheck // read only
	return errors.Join(j.linesUnchanged(), j.filesUnchanged(tree))
}

func (j *Journal) linesUnchanged() error {
	rest, err := j.log.Contents()
	if err != nil {
		return err
	}
	for _, r := range j.records {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		if !bytes.Equal(line, r.Line) {
			return fmt.Errorf("%w: %s is not the line that was written", ErrChanged, lineName(r.Seq))
		}
		rest = after
	}
	if len(rest) > 0 {
		return fmt.Errorf("%w: %s has %d bytes more than were written", ErrChanged, JournalPath, len(rest))
	}
	return nil
}

func (j *Journal) filesUnchanged(tree *artifact.Tree) error {
	for _, f := range j.sum().Files {
		if f.External || !listed(f.Path) {
			continue
		}
		d, err := tree.Digest(f.Path)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrChanged, err)
		}
		if d.SHA256Hex() != f.File.SHA256 {
			return fmt.Errorf("%w: the digest of %s differs from the one in %s", ErrChanged, f.Path, lineName(f.Seq))
		}
	}
	return nil
}
