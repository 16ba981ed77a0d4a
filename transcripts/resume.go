// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"rootceremony/internal/artifact"
)

// ErrClosed says that a ceremony has its MANIFEST: nothing can be added to it.
var ErrClosed = errors.New("the ceremony is closed")

// Held is the journal of an interrupted ceremony that this process has open, so
// that no other can go on with it.
type Held struct {
	dir *artifact.Dir
	log *artifact.Log
}

// Hold takes the lock of a journal, or fails at once: artifact.ErrLocked says
// that another process has it, ErrClosed that there is nothing to go on with.
// Nothing is written.
func Hold(dir *artifact.Dir) (*Held, error) {
	if _, err := os.Stat(dir.Path(ManifestPath)); err == nil {
		return nil, fmt.Errorf("resuming: %w", ErrClosed)
	}
	log, err := dir.OpenLog(JournalPath)
	if err != nil {
		return nil, fmt.Errorf("resuming: %w", err)
	}
	return &Held{dir: dir, log: log}, nil
}

// Release gives up the lock, unless a journal that was resumed has it now.
func (h *Held) Release() error {
	if h.log == nil {
		return nil
	}
	log := h.log
	h.log = nil
	return log.Close()
}

// Resume is [Held.Resume] for a journal that nobody holds yet.
func Resume(dir *artifact.Dir, s Start) (*Journal, error) {
	h, err := Hold(dir)
	if err != nil {
		return nil, err
	}
	return h.Resume(s)
}

// Resume goes on with the journal of a ceremony that was interrupted, in a new
// session with a new seal key: whoever comes after an interruption cannot seal
// what was before it. s.Opened is not used.
//
// What the interruption left is put in order and recorded: a line that was not
// written to its end is kept as evidence and cut off, files that no event
// accounts for are named, and what a closing session had derived from the
// journal already is taken away, to be derived again.
func (h *Held) Resume(s Start) (*Journal, error) {
	dir, log := h.dir, h.log
	h.log = nil // from here on the journal closes it
	j := &Journal{clock: s.Clock, dir: dir, log: log, mirror: mirror{lost: s.MirrorLost}}
	recovered := JournalRecovered{}
	if err := j.reread(log, s, &recovered); err != nil {
		return nil, errors.Join(fmt.Errorf("resuming: %w", err), log.Close())
	}
	var err error
	if j.mirror.log, err = openMirror(s.Mirror, j.records); err != nil {
		return nil, errors.Join(fmt.Errorf("resuming: %w", err), log.Close())
	}
	if recovered.Removed, err = removeDerived(dir); err != nil {
		return nil, errors.Join(fmt.Errorf("resuming: %w", err), log.Close())
	}
	left, err := leftOver(dir, j.records)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("resuming: %w", err), log.Close())
	}
	if err := j.begin(s, recovered, left); err != nil {
		return nil, errors.Join(fmt.Errorf("resuming: %w", err), log.Close())
	}
	return j, nil
}

// reread takes in what the journal holds, and cuts off a torn line.
func (j *Journal) reread(log *artifact.Log, s Start, recovered *JournalRecovered) error {
	if torn := log.Torn(); torn != nil {
		whole, err := log.Contents()
		if err != nil {
			return err
		}
		recovered.TornBytes = int64(len(torn))
		recovered.TornFile = fmt.Sprintf("evidence/journal-torn-after-%06d", strings.Count(string(whole), "\n"))
		if err := os.MkdirAll(j.dir.Path("evidence"), 0o755); err != nil { //nolint:gosec // evidence is for everyone to read
			return err
		}
		if err := log.CutTorn(j.dir.Path(recovered.TornFile)); err != nil {
			return err
		}
	}
	data, err := log.Contents()
	if err != nil {
		return err
	}
	if j.records, err = ReadJournal(data, hexDigest(s.Plan)); err != nil {
		return err
	}
	if len(j.records) < 2 {
		return errors.New("the journal holds nothing yet; begin the ceremony anew, in another folder")
	}
	t, err := treeOf(j.records)
	if err != nil {
		return err
	}
	j.tree = *t
	for _, r := range j.records {
		j.session = max(j.session, r.Session)
	}
	j.prev = j.records[len(j.records)-1].SHA256()
	recovered.Lines = len(j.records)
	return nil
}

// begin writes the first events of the new session.
func (j *Journal) begin(s Start, recovered JournalRecovered, left []FileWritten) error {
	opened, ok := j.records[0].Event.(CeremonyOpened)
	if !ok {
		return errors.New("the journal does not begin with ceremony.opened")
	}
	j.session++
	var err error
	if j.key, err = newSealKey(s.Rand, Origin(opened.Ceremony, j.session)); err != nil {
		return err
	}
	started := SessionStarted{Session: j.session, SealKey: j.key.vkey, Tool: s.Tool, Host: s.Host}
	if _, err := j.Append(started, "", Observed); err != nil {
		return err
	}
	if err := j.writeKeys(); err != nil {
		return err
	}
	events := []Event{recovered}
	for _, f := range left {
		events = append(events, f)
	}
	for _, e := range events {
		if _, err := j.Append(e, "", Observed); err != nil {
			return err
		}
	}
	return nil
}

// writeKeys writes the public seal keys of all sessions that are not there yet:
// a session may have been cut off before its own was.
func (j *Journal) writeKeys() error {
	for _, r := range j.records {
		e, ok := r.Event.(SessionStarted)
		if !ok {
			continue
		}
		if _, err := os.Lstat(j.dir.Path(vkeyPath(e.Session))); err == nil {
			continue
		}
		if err := j.dir.WriteFile(vkeyPath(e.Session), []byte(e.SealKey+"\n")); err != nil {
			return err
		}
	}
	return nil
}

// removeDerived takes away what Close derives from the journal, and what a
// write left that was cut off: neither is lost, both follow from the journal.
func removeDerived(dir *artifact.Dir) ([]string, error) {
	tree, err := artifact.ReadTree(dir.Path("."), artifact.Limits{})
	if err != nil {
		return nil, err
	}
	defer tree.Close() //nolint:errcheck // read only
	removed := []string{}
	for _, path := range tree.Paths() {
		if !slices.Contains(derived, path) && !artifact.IsPartial(path) {
			continue
		}
		if err := os.Remove(dir.Path(path)); err != nil {
			return nil, err
		}
		removed = append(removed, path)
	}
	return removed, nil
}

// leftOver lists the files that no event accounts for: they were written just
// before the interruption.
func leftOver(dir *artifact.Dir, records []Record) ([]FileWritten, error) {
	tree, err := artifact.ReadTree(dir.Path("."), artifact.Limits{})
	if err != nil {
		return nil, err
	}
	defer tree.Close() //nolint:errcheck // read only
	known := claimedPaths(records)
	var left []FileWritten
	for _, path := range tree.Paths() {
		if !listed(path) || strings.HasPrefix(path, "journal/") || known[path] {
			continue
		}
		d, err := tree.Digest(path)
		if err != nil {
			return nil, err
		}
		left = append(left, FileWritten{Path: path, Kind: "left-over", SHA256: d.SHA256Hex(), Size: d.Size})
	}
	return left, nil
}

// claimedPaths are the files that events account for.
func claimedPaths(records []Record) map[string]bool {
	known := map[string]bool{planPath: true, sitePath: true}
	for _, r := range records {
		switch e := r.Event.(type) {
		case FileLoaded:
			known[e.Path] = true
		case FileWritten:
			known[e.Path] = true
		case ArtifactWritten:
			known[e.Path] = true
		case ObjectLinted:
			known[e.File] = true
		case OperationIntended:
			known[e.TBSFile] = true
		}
	}
	return known
}
