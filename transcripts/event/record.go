// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/gowebpki/jcs"
)

const (
	lineVersion = 1
	maxLine     = 256 << 10 // bytes of one line, without its newline
)

// TimeForm is the form of a time in a line, and in all that is derived from it.
const TimeForm = "2006-01-02T15:04:05.000Z"

// How says how a fact is known.
type How string

// The ways to know a fact.
const (
	Observed  How = "observed"  // this program saw or did it
	Reported  How = "reported"  // the PKCS#11 module says so
	Stated    How = "stated"    // the people in By say so
	External  How = "external"  // evidence made by somebody else
	Simulated How = "simulated" // an unattended rehearsal answered in place of the people in By
)

func (h How) valid() bool {
	switch h {
	case Observed, Reported, Stated, External, Simulated:
		return true
	}
	return false
}

// Event is one fact for the journal: one of the structs of this package, by
// value, one for each type of event.
type Event interface {
	// Type is the event's name in the journal, such as "step.started".
	Type() string
	// Schema is the JSON Schema of the event's data; it may refer to the
	// definitions of journal.schema.json. Its $comment is how the fact is known.
	Schema() string
	// Sentence tells the event to people.
	Sentence() Sentence
	// check names the first value that the type does not allow.
	check() error
}

// Record is one line of a journal.
type Record struct {
	Seq     int           // from 1
	Prev    string        // SHA-256 of the line before; of plan.json in the first line
	Time    time.Time     // ceremony time, UTC, in milliseconds
	Mono    time.Duration // monotonic time since the session began, in milliseconds
	Session int           // from 1
	Step    string        // the step of the plan, or empty
	By      []string      // the people who answer for it
	How     How
	Event   Event
	Line    []byte // as in the file, without the newline
}

// SHA256 returns the digest that the next line's prev holds.
func (r Record) SHA256() string {
	sum := sha256.Sum256(r.Line)
	return hex.EncodeToString(sum[:])
}

// envelope is a line's outer object.
type envelope struct {
	By      []string        `json:"by"`
	Data    json.RawMessage `json:"data"`
	How     How             `json:"how"`
	MonoMS  int64           `json:"mono_ms"`
	Prev    string          `json:"prev"`
	Seq     int             `json:"seq"`
	Session int             `json:"session"`
	Step    string          `json:"step"`
	Time    string          `json:"t"`
	Type    string          `json:"type"`
	V       int             `json:"v"`
}

// Encode fills in r.Line.
func (r *Record) Encode() error {
	data, err := json.Marshal(r.Event)
	if err != nil {
		return fmt.Errorf("encoding event %q: %w", r.Event.Type(), err)
	}
	by := r.By
	if by == nil {
		by = []string{}
	}
	line, err := Canonical(envelope{
		By: by, Data: data, How: r.How, MonoMS: r.Mono.Milliseconds(), Prev: r.Prev, Seq: r.Seq,
		Session: r.Session, Step: r.Step, Time: r.Time.UTC().Format(TimeForm), Type: r.Event.Type(), V: lineVersion,
	})
	if err != nil {
		return fmt.Errorf("encoding event %q: %w", r.Event.Type(), err)
	}
	if err := checkLegible(line); err != nil {
		return fmt.Errorf("encoding event %q: %w", r.Event.Type(), err)
	}
	if len(line) > maxLine {
		return fmt.Errorf("encoding event %q: line of %d bytes, at most %d are allowed", r.Event.Type(), len(line), maxLine)
	}
	r.Line = line
	return nil
}

// ParseRecord reads one line. Encoding what was read must give the same
// bytes: that refuses every other spelling, unknown, repeated and missing
// keys, and numbers that are no integers.
func ParseRecord(line []byte) (Record, error) {
	if len(line) > maxLine {
		return Record{}, fmt.Errorf("line of %d bytes, at most %d are allowed", len(line), maxLine)
	}
	var e envelope
	if err := decodeKnown(line, &e); err != nil {
		return Record{}, err
	}
	if e.V != lineVersion {
		return Record{}, fmt.Errorf("version %d, want %d", e.V, lineVersion)
	}
	if !e.How.valid() {
		return Record{}, fmt.Errorf("how: %q is unknown", e.How)
	}
	t, err := time.Parse(TimeForm, e.Time)
	if err != nil {
		return Record{}, fmt.Errorf("t: %w", err)
	}
	event, err := decode(e.Type, e.Data)
	if err != nil {
		return Record{}, err
	}
	r := Record{
		Seq: e.Seq, Prev: e.Prev, Time: t, Mono: time.Duration(e.MonoMS) * time.Millisecond,
		Session: e.Session, Step: e.Step, By: e.By, How: e.How, Event: event,
	}
	if err := r.Encode(); err != nil {
		return Record{}, err
	}
	if !bytes.Equal(r.Line, line) {
		if err := checkKeys(line); err != nil {
			return Record{}, fmt.Errorf("event %q: %w", e.Type, inWords(err))
		}
		return Record{}, fmt.Errorf("event %q: not in canonical form (RFC 8785), or a key is missing or misspelled", e.Type)
	}
	return r, nil
}

// WellFormed says what is wrong with an event and with how it is known.
func WellFormed(e Event, how How) error {
	if !how.valid() {
		return fmt.Errorf("how: %q is unknown", how)
	}
	return e.check()
}

// DecodeStrict reads one JSON value without unknown keys, without a key that is given
// twice, and with nothing after it.
func DecodeStrict(data []byte, into any) error {
	if err := checkKeys(data); err != nil {
		return inWords(err)
	}
	return decodeKnown(data, into)
}

// decodeKnown reads one JSON value without unknown keys and with nothing after it.
func decodeKnown(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return inWords(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON value")
	}
	return nil
}

// Canonical returns v as JSON in the form of RFC 8785.
func Canonical(v any) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return jcs.Transform(data)
}
