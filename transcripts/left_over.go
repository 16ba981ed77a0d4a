// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rootceremony/internal/artifact"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// ErrStrange says that the folder of a bundle has files that no ceremony writes, such
// as a link. Nothing is written into such a folder: it may lead elsewhere.
var ErrStrange = errors.New("the bundle has files that no ceremony writes")

// ErrSealed says that a checkpoint of the bundle is of a record that it does not have: it was
// put back to an older state, or changed. No ceremony continues from such a record.
var ErrSealed = errors.New("a session of this journal sealed lines that it does not have now: they were cut off, or changed")

// maxLeftOver is more files than an interruption can leave, by far.
const maxLeftOver = 1000

// CheckTree checks all that lies in the folder of a bundle, before anything is
// read or written in it: links, pipes, devices and strange names are ErrStrange.
func CheckTree(dir string) error {
	tree, err := readTree(dir)
	if err != nil {
		return err
	}
	return tree.Close()
}

// readTree lists a bundle that is to be written into.
func readTree(dir string) (*artifact.Tree, error) {
	tree, err := artifact.ReadTree(dir, artifact.Limits{})
	if tree == nil {
		return nil, err
	}
	strange := split(err)
	for _, folder := range []string{"evidence", event.LeftOverFolder} {
		if _, ok := tree.Size(folder); ok {
			strange = append(strange, fmt.Errorf("%s: a file, and no folder", folder))
		}
	}
	if len(strange) > 0 {
		return nil, errors.Join(fmt.Errorf("%w:\n  %w", ErrStrange, errors.Join(strange...)), tree.Close())
	}
	return tree, nil
}

// accounted gives the files of a ceremony that is not closed: those that events
// name, and those of the journal that are what they must be.
func accounted(h *history.History, tree *artifact.Tree) (map[string]bool, error) {
	known := map[string]bool{JournalPath: true}
	keys := map[int]string{}
	for _, f := range h.Files {
		known[f.Path] = known[f.Path] || !f.External
	}
	for _, s := range h.Sessions {
		e := s.Event
		keys[e.Session] = e.SealKey
		data, err := tree.ReadFile(vkeyPath(e.Session), maxNote)
		known[vkeyPath(e.Session)] = err == nil && string(data) == e.SealKey+"\n"
	}
	lines, err := treeOf(h.Records)
	if err != nil {
		return nil, err
	}
	for _, p := range tree.Paths() {
		if !isCheckpoint(p) {
			continue
		}
		if data, err := tree.ReadFile(p, maxNote); err == nil {
			_, err = checkpointIn(p, data, h.Records, lines, keys)
			known[p] = err == nil
			if contradicts(data, h.Records, lines, keys) {
				return nil, fmt.Errorf("%s: %w", p, ErrSealed)
			}
		}
	}
	return known, nil
}

// contradicts reports whether a checkpoint bears the seal of a session of this
// journal and covers lines that the journal does not have: they were cut off, or
// changed. No ceremony can continue from such a record.
func contradicts(data []byte, records []event.Record, lines *tree, keys map[int]string) bool {
	for _, key := range keys {
		c, err := parseCheckpoint(data, key)
		if err != nil {
			continue
		}
		if c.Size > len(records) {
			return true
		}
		root, err := lines.root(c.Size)
		return err != nil || !bytes.Equal(root[:], c.Root)
	}
	return false
}

// leftOver lists the files that nothing accounts for: an interruption left them,
// or somebody put them there.
func leftOver(h *history.History, tree *artifact.Tree) ([]string, error) {
	known, err := accounted(h, tree)
	if err != nil {
		return nil, err
	}
	left := slices.DeleteFunc(tree.Paths(), func(p string) bool { return known[p] })
	if len(left) > maxLeftOver {
		return nil, fmt.Errorf("%w: %d files that no event accounts for, among them %s", ErrStrange, len(left), left[0])
	}
	return left, nil
}

// Unaccounted lists the files of a bundle that was interrupted that the next session
// will move, because no event of the history accounts for them.
func Unaccounted(dir string, h *history.History) ([]string, error) {
	tree, err := readTree(dir)
	if err != nil {
		return nil, err
	}
	defer tree.Close() //nolint:errcheck // read only
	left, err := leftOver(h, tree)
	return slices.DeleteFunc(left, func(p string) bool { return followsAnyway(h, p) }), err
}

// setAside moves files that nothing accounts for to a new folder of the evidence,
// and removes empty folders. Nothing of it is ever read as a part
// of the ceremony. What a session moved that was cut off then stays where it is.
func (j *Journal) setAside(left []string, tree *artifact.Tree) ([]event.FileWritten, error) {
	folder := NextLeftOver(tree.Paths())
	var moved []event.FileWritten
	for i, p := range left {
		d, err := tree.Digest(p)
		if err != nil {
			return nil, err
		}
		f := event.FileWritten{Path: p, Kind: event.KindLeftOver, SHA256: d.SHA256Hex(), Size: d.Size}
		if !strings.HasPrefix(p, event.LeftOverFolder+"/") {
			f.Path, f.From = LeftOverPath(folder, p, i+1), p
			if err := j.dir.Move(f.From, f.Path); err != nil {
				return nil, fmt.Errorf("moving a file that no event accounts for: %w", err)
			}
		}
		moved = append(moved, f)
	}
	return moved, j.dir.RemoveEmpty()
}

// NextLeftOver is the folder for what is found now: the first in which no file is. An empty
// one, which a crash leaves, is none.
func NextLeftOver(paths []string) string {
	for n := 1; ; n++ {
		folder := fmt.Sprintf("%s/%d", event.LeftOverFolder, n)
		if !slices.ContainsFunc(paths, func(p string) bool { return p == folder || strings.HasPrefix(p, folder+"/") }) {
			return folder
		}
	}
}

// LeftOverPath gives a file a place that its path fits into; the number is its own among
// those that are found together.
func LeftOverPath(folder, p string, number int) string {
	const deepest = 8
	to := folder + "/" + p
	if artifact.CheckPath(to) != nil || strings.Count(p, "/") > deepest {
		return fmt.Sprintf("%s/file-%d", folder, number)
	}
	return to
}

// noteLeftOver records what was moved, and that it was there.
func (j *Journal) noteLeftOver(moved []event.FileWritten) error {
	if len(moved) == 0 {
		return nil
	}
	for _, f := range moved {
		if _, err := j.append(f, "", event.Observed, nil); err != nil {
			return err
		}
	}
	j.leftOver = append(j.leftOver, moved...)
	_, err := j.append(leftOverFound(moved), "", event.Observed, nil)
	return err
}

// leftOverFound is the deviation that files are which nothing accounts for.
func leftOverFound(moved []event.FileWritten) event.DeviationRecorded {
	const most = 20
	var names []string
	for _, f := range moved[:min(most, len(moved))] {
		name := f.From
		if name == "" {
			name = f.Path
		}
		names = append(names, name)
	}
	if len(moved) > most {
		names = append(names, fmt.Sprintf("and %d more", len(moved)-most))
	}
	return event.FilesOfNobody(strings.Join(names, ", "))
}

// LeftOver gives the files that this session found and moved.
func (j *Journal) LeftOver() []event.FileWritten {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.leftOver)
}

// tidy sets aside what came into the bundle while the session went on.
func (j *Journal) tidy() error {
	tree, err := readTree(j.dir.Path("."))
	if err != nil {
		return err
	}
	defer tree.Close() //nolint:errcheck // read only
	left, err := leftOver(j.sum(), tree)
	if err != nil {
		return err
	}
	moved, err := j.setAside(left, tree)
	if err != nil {
		return err
	}
	return j.noteLeftOver(moved)
}
