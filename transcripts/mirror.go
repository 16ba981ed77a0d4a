// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"rootceremony/internal/artifact"
	"rootceremony/transcripts/event"
)

// ErrMirror says that the copy of the journal on the second medium is not one of
// this journal, or knows more than it does.
var ErrMirror = errors.New("the journal on the second medium is not a copy of the first part of this one")

// ErrMirrorLinked says that the journal on the second medium is this journal itself, under
// another name: a link, which is lost with it.
var ErrMirrorLinked = errors.New("the journal on the second medium is no copy but this journal itself, by a link")

// ErrMirrorFailed says that the copy of the journal on the second medium could not be
// brought up to date, as when that is full. Nothing else was written.
var ErrMirrorFailed = errors.New("the journal on the second medium cannot be brought up to date")

// mirror is the journal on a second medium. Its loss is a deviation and does not
// stop a ceremony: the first medium holds everything.
type mirror struct {
	log  *artifact.Log // nil once it is lost
	lost func(error)   // told when that happens; may be nil
}

// append writes a line, and returns the error by which the mirror is lost.
func (m *mirror) append(line []byte) error {
	if m.log == nil {
		return nil
	}
	err := m.log.Append(line)
	if err == nil {
		return nil
	}
	_ = m.log.Close() // it is lost already
	m.log = nil
	if m.lost != nil {
		m.lost(err)
	}
	return err
}

func (m *mirror) close() error {
	if m.log == nil {
		return nil
	}
	return m.log.Close()
}

// MirrorLines counts the whole lines of the journal on the second medium of a bundle; there
// are none where it has no journal. It refuses what can be no copy, such as a link or a pipe,
// and what is none of the first lines of the bundle's journal.
func MirrorLines(dir *artifact.Dir, bundle string) (int, error) {
	first := filepath.Join(bundle, filepath.FromSlash(JournalPath))
	if err := linked(dir, first); err != nil {
		return 0, err
	}
	if _, err := os.Lstat(dir.Path(JournalPath)); errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	log, err := dir.OpenLog(JournalPath)
	if err != nil {
		return 0, err
	}
	have, err := log.Contents()
	if err = errors.Join(err, log.Close()); err != nil {
		return 0, err
	}
	whole, err := os.ReadFile(first)
	if err != nil {
		return 0, err
	}
	whole = whole[:bytes.LastIndexByte(whole, '\n')+1] // a line that is torn there was never written here
	return bytes.Count(have, []byte("\n")), copied(dir, have, whole)
}

// copied refuses a copy that is not of the first lines of a journal, and says where it is not.
func copied(dir *artifact.Dir, have, whole []byte) error {
	if bytes.HasPrefix(whole, have) {
		return nil
	}
	says, lines := "is another", bytes.SplitAfter(whole, []byte("\n"))
	n := 0
	for line := range bytes.Lines(have) {
		if n >= len(lines)-1 {
			says = "is not in this one"
			break
		}
		if !bytes.HasPrefix(lines[n], line) {
			break
		}
		n++
	}
	return fmt.Errorf("%s: %w: its line %d %s", dir.Path(JournalPath), ErrMirror, n+1, says)
}

// linked refuses a copy that is the journal itself.
func linked(dir *artifact.Dir, first string) error {
	info, err := os.Stat(dir.Path(JournalPath))
	if is, statErr := os.Stat(first); err == nil && statErr == nil && os.SameFile(info, is) {
		return fmt.Errorf("%s: %w", dir.Path(JournalPath), ErrMirrorLinked)
	}
	return nil
}

// openMirror continues the mirror of an interrupted session and brings it up
// to date. A medium without a journal gets all of it.
func openMirror(dir *artifact.Dir, records []event.Record, first string) (*artifact.Log, error) {
	if dir == nil {
		return nil, nil
	}
	if err := linked(dir, first); err != nil {
		return nil, err
	}
	_, err := os.Lstat(dir.Path(JournalPath))
	if errors.Is(err, fs.ErrNotExist) {
		log, err := dir.CreateLog(JournalPath)
		if err != nil {
			return nil, err
		}
		return log, appendAll(log, records)
	}
	log, err := dir.OpenLog(JournalPath)
	if err != nil {
		return nil, err
	}
	have, err := log.Contents()
	if err != nil {
		return nil, errors.Join(err, log.Close())
	}
	whole := journalBytes(records)
	if err := copied(dir, have, whole); err != nil {
		return nil, errors.Join(err, log.Close())
	}
	if torn := log.Torn(); torn != nil {
		if err := log.CutTorn(dir.Path(fmt.Sprintf("journal/torn-after-%06d", bytes.Count(have, []byte("\n"))))); err != nil {
			return nil, errors.Join(err, log.Close())
		}
	}
	return log, appendAll(log, records[bytes.Count(have, []byte("\n")):])
}

func appendAll(log *artifact.Log, records []event.Record) error {
	for _, r := range records {
		if err := log.Append(r.Line); err != nil {
			return errors.Join(err, log.Close())
		}
	}
	return nil
}
