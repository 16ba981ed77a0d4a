// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"rootceremony/internal/artifact"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// Where the journal lies in a bundle.
const (
	JournalPath    = "journal/journal.jsonl"
	checkpointsDir = "journal/checkpoints"
)

// Clock is the ceremony clock.
type Clock interface {
	Now() time.Time      // the time in the room
	Mono() time.Duration // since the session began
}

// Start is what a new journal begins with.
type Start struct {
	Plan   []byte               // plan.json; the journal is bound to its digest
	Opened event.CeremonyOpened // PlanSHA256 is filled in
	Tool   event.Tool
	Host   *event.Host
	Clock  Clock
	Rand   io.Reader     // makes the seal key
	Mirror *artifact.Dir // on a second medium, gets the same journal; may be nil
	// MirrorLost is told when the second medium fails; the journal continues and
	// holds it as a deviation. It may be nil.
	MirrorLost func(error)
}

// Journal writes the record of one session. After the first error it refuses
// everything: what is on the medium is unknown then, and nothing may happen
// that is not recorded. It may be used by several goroutines.
type Journal struct {
	mu      sync.Mutex
	clock   Clock
	log     *artifact.Log
	mirror  mirror
	dir     *artifact.Dir
	key     *sealKey
	tree    tree
	records []event.Record
	folded  *history.History // the records, as far as somebody asked; under the lock
	prev    string
	session int
	err     error

	leftOver []event.FileWritten // that this session found
	missing  []string            // of earlier sessions, when this one began
}

// Create makes the journal of a new ceremony in the bundle's folder, with its
// first two events. It fails where there is a journal.
func Create(dir *artifact.Dir, s Start) (*Journal, error) {
	s.Opened.PlanSHA256 = hexDigest(s.Plan)
	if err := event.WellFormed(s.Opened, event.Observed); err != nil {
		return nil, fmt.Errorf("creating journal: %w", err)
	}
	key, err := newSealKey(s.Rand, checkpointOrigin(s.Opened.Ceremony, 1))
	if err != nil {
		return nil, err
	}
	j := &Journal{clock: s.Clock, dir: dir, key: key, prev: s.Opened.PlanSHA256, session: 1, mirror: mirror{lost: s.MirrorLost}}
	if err := j.openFiles(s.Mirror); err != nil {
		return nil, fmt.Errorf("creating journal: %w", err)
	}
	if _, err := j.Append(s.Opened, "", event.Observed); err != nil {
		return nil, err
	}
	if _, err := j.Append(event.SessionStarted{Session: 1, SealKey: key.vkey, Tool: s.Tool, Host: s.Host}, "", event.Observed); err != nil {
		return nil, err
	}
	return j, nil
}

// openFiles makes the journal, its mirror, and the file of the seal key.
func (j *Journal) openFiles(second *artifact.Dir) error {
	var err error
	if j.log, err = j.dir.CreateLog(JournalPath); err != nil {
		return err
	}
	if second != nil {
		if j.mirror.log, err = second.CreateLog(JournalPath); err != nil {
			return err
		}
	}
	return j.dir.WriteFile(vkeyPath(j.session), []byte(j.key.vkey+"\n"))
}

// SealVKey returns the public half of this session's seal key, in the form of
// a C2SP signed note.
func (j *Journal) SealVKey() string { return j.key.vkey }

// SealKeySHA256 returns the digest of the same key as a SubjectPublicKeyInfo,
// to be shown as words and written on paper: an [Anchor].
func (j *Journal) SealKeySHA256() string { return j.key.digest }

// Records returns what was recorded so far, in all sessions.
func (j *Journal) Records() []event.Record {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.records[:len(j.records):len(j.records)]
}

// History is what was recorded so far, in all sessions. It does not grow.
func (j *Journal) History() *history.History { return history.Of(j.Records()) }

// sum is the same for the journal itself, and grows with it: only the lines are
// added up that came since it was asked last. A ceremony of a thousand CRLs asks a
// thousand times.
func (j *Journal) sum() *history.History {
	if j.folded == nil {
		j.folded = history.New()
	}
	for _, r := range j.records[len(j.folded.Records):] {
		j.folded.Add(r)
	}
	return j.folded
}

// attempt gives the attempt at an artifact that counts now, and whether this is a
// rehearsal.
func (j *Journal) attempt(artifact string) (made history.Artifact, marked bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	h := j.sum()
	made = history.Artifact{ID: artifact}
	if a := h.Artifact(artifact); a != nil {
		made = *a
	}
	return made, h.Opened.Mode == event.Rehearsal
}

// Has reports whether a line accounts for the file of that path.
func (j *Journal) Has(path string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.ContainsFunc(j.sum().Files, func(f history.File) bool { return f.Path == path })
}

// Append records an event. When it returns without an error the line is on
// the medium. The outcomes of operations are written whatever they hold,
// other events only if they are well formed.
func (j *Journal) Append(e event.Event, step string, how event.How, by ...string) (event.Record, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.append(e, step, how, by)
}

func (j *Journal) append(e event.Event, step string, how event.How, by []string) (event.Record, error) {
	if j.err != nil {
		return event.Record{}, fmt.Errorf("recording %q after an error: %w", e.Type(), j.err)
	}
	if how != event.Stated && how != event.Simulated { // people are asked again
		e = event.Legible(e)
	}
	if err := j.acceptable(e, how); err != nil {
		return event.Record{}, j.poison(fmt.Errorf("recording %q: %w", e.Type(), err))
	}
	r := event.Record{
		Seq: len(j.records) + 1, Prev: j.prev, Time: j.clock.Now().UTC().Truncate(time.Millisecond),
		Mono: j.clock.Mono().Truncate(time.Millisecond), Session: j.session, Step: step, By: by, How: how, Event: e,
	}
	if err := r.Encode(); err != nil {
		return event.Record{}, j.poison(err)
	}
	if err := j.log.Append(r.Line); err != nil {
		return event.Record{}, j.poison(fmt.Errorf("recording %q: %w", e.Type(), err))
	}
	if err := j.tree.add(r.Line); err != nil {
		return event.Record{}, j.poison(fmt.Errorf("recording %q: %w", e.Type(), err))
	}
	j.prev = r.SHA256()
	j.records = append(j.records, r)
	if err := j.mirror.append(r.Line); err != nil {
		if _, err := j.append(event.MediumFailed(event.Seen(err.Error())), "", event.Observed, nil); err != nil {
			return event.Record{}, err
		}
	}
	return r, nil
}

// acceptable lets the outcome of an operation through unseen: a signature
// that exists must be recorded.
func (j *Journal) acceptable(e event.Event, how event.How) error {
	if event.IsOutcome(e) {
		return nil
	}
	return event.WellFormed(e, how)
}

// poison keeps the first error.
func (j *Journal) poison(err error) error {
	if j.err == nil {
		j.err = err
	}
	return err
}

// Err returns the error after which the journal refuses everything, or nil.
func (j *Journal) Err() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.err
}

// Seal signs the head of the journal, writes the checkpoint into the bundle
// and records that.
func (j *Journal) Seal() (Checkpoint, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	c, err := j.seal()
	if err != nil {
		return Checkpoint{}, err
	}
	e := event.CheckpointSealed{Size: c.Size, Root: base64.StdEncoding.EncodeToString(c.Root), File: checkpointPath(c.Size)}
	if _, err := j.append(e, "", event.Observed, nil); err != nil {
		return Checkpoint{}, err
	}
	return c, nil
}

func (j *Journal) seal() (Checkpoint, error) {
	if j.err != nil {
		return Checkpoint{}, fmt.Errorf("sealing journal after an error: %w", j.err)
	}
	root, err := j.tree.root(j.tree.size)
	if err != nil {
		return Checkpoint{}, j.poison(fmt.Errorf("sealing journal: %w", err))
	}
	c, err := j.key.seal(j.tree.size, root)
	if err != nil {
		return Checkpoint{}, j.poison(err)
	}
	if err := j.dir.WriteFile(checkpointPath(c.Size), c.Note); err != nil {
		return Checkpoint{}, j.poison(fmt.Errorf("sealing journal: %w", err))
	}
	return c, nil
}

// End ends the session without closing the ceremony: it records that, seals
// all lines, and forgets the seal key.
func (j *Journal) End() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	_, err := j.end()
	return errors.Join(err, j.release())
}

// end records the end of the session and seals everything. No event follows:
// the last checkpoint of a session covers all its lines.
func (j *Journal) end() (Checkpoint, error) {
	if _, err := j.append(event.SessionEnded{}, "", event.Observed, nil); err != nil {
		return Checkpoint{}, err
	}
	return j.seal()
}

// release closes the files and forgets the key.
func (j *Journal) release() error {
	j.key.forget()
	err := errors.Join(j.log.Close(), j.mirror.close())
	if j.err == nil {
		j.err = errors.New("the session has ended")
	}
	return err
}

func checkpointPath(size int) string { return fmt.Sprintf("%s/%06d.note", checkpointsDir, size) }

func vkeyPath(session int) string { return fmt.Sprintf("journal/session-%d.vkey", session) }
