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
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// ErrClosed says that a ceremony has its MANIFEST: nothing can be added to it.
var ErrClosed = errors.New("the ceremony is closed")

// LockedJournal is the journal of an interrupted ceremony that this process has open, so
// that no other can continue it.
type LockedJournal struct {
	dir *artifact.Dir
	log *artifact.Log
}

// LockJournal takes the lock of a journal, or fails at once: artifact.ErrLocked says
// that another process has it, ErrClosed that there is nothing to continue,
// ErrStrange that the bundle may lead elsewhere. Nothing is written.
func LockJournal(dir *artifact.Dir) (*LockedJournal, error) {
	if err := CheckTree(dir.Path(".")); err != nil {
		return nil, fmt.Errorf("resuming: %w", err)
	}
	log, err := dir.OpenLog(JournalPath)
	if err != nil {
		return nil, fmt.Errorf("resuming: %w", err)
	}
	if _, err := os.Lstat(dir.Path(ManifestPath)); err == nil {
		if lines, err := log.Contents(); err != nil || closing(lines) {
			return nil, errors.Join(fmt.Errorf("resuming: %w", ErrClosed), err, log.Close())
		}
	}
	return &LockedJournal{dir: dir, log: log}, nil
}

// closing reports whether the last session of a journal closed the ceremony. A
// MANIFEST in the bundle of one that did not is none of ours.
func closing(lines []byte) bool {
	all := strings.Split(strings.TrimSuffix(string(lines), "\n"), "\n")
	h := history.New()
	for _, line := range all[max(0, len(all)-2):] {
		if r, err := event.ParseRecord([]byte(line)); err == nil {
			h.Add(r)
		}
	}
	return h.Closed != nil
}

// Release gives up the lock, unless a journal that was resumed has it now.
func (h *LockedJournal) Release() error {
	if h.log == nil {
		return nil
	}
	log := h.log
	h.log = nil
	return log.Close()
}

// Resume continues the journal of a ceremony that was interrupted, in a new
// session with a new seal key: the program after an interruption cannot seal
// what was before it. s.Opened is not used.
//
// What the interruption left is put in order and recorded: a line that was not
// written to its end is kept as evidence and cut off, files that no event
// accounts for are moved to the evidence, and what a closing session had derived
// from the journal already is removed, to be derived again. All that is in
// the folder is checked before anything is written into it.
func (h *LockedJournal) Resume(s Start) (*Journal, error) {
	dir, log := h.dir, h.log
	h.log = nil // from here on the journal closes it
	j := &Journal{clock: s.Clock, dir: dir, log: log, mirror: mirror{lost: s.MirrorLost}}
	if err := j.recover(s); err != nil {
		return nil, errors.Join(fmt.Errorf("resuming: %w", err), log.Close())
	}
	return j, nil
}

// recover puts in order what the interruption left, and begins the session.
func (j *Journal) recover(s Start) error {
	tree, err := readTree(j.dir.Path("."))
	if err != nil {
		return err
	}
	defer tree.Close() //nolint:errcheck // read only
	if err := j.reread(s); err != nil {
		return err
	}
	left, err := leftOver(j.sum(), tree)
	if err != nil {
		return err
	}
	if j.mirror.log, err = openMirror(s.Mirror, j.records, j.dir.Path(JournalPath)); err != nil {
		return fmt.Errorf("%w: %w", ErrMirrorFailed, err)
	}
	recovered := event.JournalRecovered{Lines: len(j.records), CutOff: j.sum().CutOff()}
	if left, recovered.Removed, err = j.removeDerived(left); err != nil {
		return err
	}
	moved, err := j.setAside(left, tree)
	if err != nil {
		return err
	}
	j.missing = missing(j.sum(), tree)
	evidence, err := j.cutTorn(&recovered)
	if err != nil {
		return err
	}
	return j.begin(s, recovered, evidence, moved)
}

// cutTorn cuts a line off that was not written to its end, which is evidence.
func (j *Journal) cutTorn(recovered *event.JournalRecovered) ([]event.FileWritten, error) {
	torn := j.log.Torn()
	if torn == nil {
		return nil, nil
	}
	recovered.TornBytes = int64(len(torn))
	recovered.TornFile = fmt.Sprintf("evidence/journal-torn-after-%06d", recovered.Lines)
	if err := j.dir.CutTorn(j.log, recovered.TornFile); err != nil {
		return nil, err
	}
	return []event.FileWritten{{Path: recovered.TornFile, Kind: event.KindTornLine, SHA256: hexDigest(torn), Size: int64(len(torn))}}, nil
}

// reread takes in what the journal holds but for a torn line.
func (j *Journal) reread(s Start) error {
	data, err := j.log.Contents()
	if err != nil {
		return err
	}
	data = data[:len(data)-len(j.log.Torn())]
	if j.records, err = ReadJournal(data, hexDigest(s.Plan)); err != nil {
		return err
	}
	if len(j.records) < 2 {
		return errors.New("the journal ends before the first session began, so nothing was done; run the ceremony again, in another folder")
	}
	t, err := treeOf(j.records)
	if err != nil {
		return err
	}
	j.tree = *t
	j.session = j.sum().Session()
	j.prev = j.records[len(j.records)-1].SHA256()
	return nil
}

// begin writes the first events of the new session.
func (j *Journal) begin(s Start, recovered event.JournalRecovered, evidence, moved []event.FileWritten) error {
	opened := j.sum().Opened
	if opened.Ceremony == "" {
		return errors.New("the journal does not begin with ceremony.opened")
	}
	j.session++
	var err error
	if j.key, err = newSealKey(s.Rand, checkpointOrigin(opened.Ceremony, j.session)); err != nil {
		return err
	}
	started := event.SessionStarted{Session: j.session, SealKey: j.key.vkey, Tool: s.Tool, Host: s.Host}
	if _, err := j.Append(started, "", event.Observed); err != nil {
		return err
	}
	if err := j.writeKeys(j.missing); err != nil {
		return err
	}
	if _, err := j.Append(recovered, "", event.Observed); err != nil {
		return err
	}
	for _, f := range evidence {
		if _, err := j.Append(f, "", event.Observed); err != nil {
			return err
		}
	}
	if err := j.noteLeftOver(moved); err != nil {
		return err
	}
	return j.noteMissing()
}

// writeKeys writes the public seal keys of all sessions that are not there yet, but for
// those whose loss is to be recorded first.
func (j *Journal) writeKeys(lost []string) error {
	for _, s := range j.sum().Sessions {
		e := s.Event
		if _, err := os.Lstat(j.dir.Path(vkeyPath(e.Session))); err == nil || slices.Contains(lost, vkeyPath(e.Session)) {
			continue
		}
		if err := j.dir.WriteFile(vkeyPath(e.Session), []byte(e.SealKey+"\n")); err != nil {
			return err
		}
	}
	return nil
}

// missing lists the seal keys that were taken out of a bundle, and the last checkpoint of
// the session before, if that ended. The key of the first session is there before its
// first line, that of a later one before its second. A crash can come between the end of
// a session and its checkpoint: nobody can tell that from a loss.
func missing(h *history.History, tree *artifact.Tree) []string {
	var names []string
	for i, s := range h.Sessions {
		after, begun := len(h.Records)-s.Seq, len(h.Sessions)-1-i // lines after its first, and those of them that begin a session
		if i == 0 || after > begun {
			names = append(names, vkeyPath(s.Event.Session))
		}
		if s.Ended == len(h.Records) {
			names = append(names, checkpointPath(s.Ended))
		}
	}
	return slices.DeleteFunc(names, func(name string) bool {
		_, is := tree.Size(name)
		return is
	})
}

// noteMissing records what is missing, and writes the keys again.
func (j *Journal) noteMissing() error {
	if len(j.missing) == 0 {
		return nil
	}
	if _, err := j.append(event.FilesMissing(strings.Join(j.missing, ", ")), "", event.Observed, nil); err != nil {
		return err
	}
	return j.writeKeys(nil)
}

// Missing gives the files of earlier sessions that this session found missing.
func (j *Journal) Missing() []string { return j.missing }

// removeDerived removes what Close derives from the journal, where a session
// was about to close the ceremony, and what a write left that was cut off: neither
// is lost, both follow from the journal. It gives what is left of the files.
func (j *Journal) removeDerived(files []string) (left, removed []string, err error) {
	removed = []string{}
	for _, p := range files {
		if !followsAnyway(j.sum(), p) {
			left = append(left, p)
			continue
		}
		if err := os.Remove(j.dir.Path(p)); err != nil {
			return nil, nil, err
		}
		removed = append(removed, p)
	}
	return left, removed, nil
}

// followsAnyway reports whether a file is half of one, or one that closing derived from
// the journal: neither is lost when it is removed.
func followsAnyway(h *history.History, p string) bool {
	return artifact.IsPartial(p) || h.Closed != nil && slices.Contains(derived, p)
}
