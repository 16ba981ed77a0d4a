// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"slices"
	"time"

	"rootceremony/transcripts/event"
)

// account is what a journal adds up to. It takes events as they come and
// judges nothing.
type account struct {
	opened     event.CeremonyOpened
	at         time.Time // of the opening
	until      time.Time // of the last event
	closed     *event.CeremonyClosed
	stopped    *event.CeremonyStopped
	sessions   []session
	clock      []attested
	people     []*person
	tokens     []event.TokenOpened
	keys       []*keyFacts
	artifacts  []*artifactFacts
	operations map[string]int // finished, by what they do
	failed     int
	deviations []deviation
	notes      []event.Record
	digests    []event.Record
	steps      []*stepFacts
	amended    []event.PlanAmended
	loaded     []event.FileLoaded
	written    []event.FileWritten

	byKey      map[string]*keyFacts // by SPKI digest
	byArtifact map[string]*artifactFacts
	byPerson   map[string]*person
	openStep   map[string]*stepFacts
}

type session struct {
	event.SessionStarted
	at    time.Time
	ended bool
}

type attested struct {
	event.ClockAttested
	at time.Time
	by []string
}

type person struct {
	id    string
	roles []string
	at    time.Time
	moves []move
}

// move is an arrival or a departure, in its session.
type move struct {
	at      time.Time
	session int
	left    bool
}

type deviation struct {
	event.DeviationRecorded
	seq  int
	at   time.Time
	step string
}

// stepFacts is one step with what happened in it.
type stepFacts struct {
	event.StepStarted
	id       string
	at, end  time.Time
	outcome  string
	by       []string
	fields   map[string]string
	fieldsBy []string
}

// keyFacts is one key pair, by public key.
type keyFacts struct {
	event.Key
	token     string
	generated bool // in this ceremony; else it was found
	destroyed bool
	parked    bool // it belongs to an attempt that was done again
	at        time.Time
	signed    int
	proved    []event.KeyProved
}

// artifactFacts is one artifact with all that is known of it.
type artifactFacts struct {
	id        string
	attempt   int // from 2; 0 is the first
	linted    []event.ObjectLinted
	serial    *event.SerialDrawn
	confirmed []event.Record
	signed    bool
	possible  bool   // a signature may exist that nobody has seen
	key       string // SPKI digest of the key that signed it
	operation int
	tbsSHA256 string
	files     []event.ArtifactWritten
	checks    []event.Check
	at        time.Time
}

// summary returns the summary of the first file that has one.
func (f *artifactFacts) summary() event.Summary {
	for _, f := range f.files {
		if f.Summary != nil {
			return *f.Summary
		}
	}
	return event.Summary{}
}

func (f *artifactFacts) kind() string {
	if len(f.files) == 0 {
		return ""
	}
	return f.files[0].Kind
}

// withheld returns why the artifact is not delivered, or nothing.
func (f *artifactFacts) withheld() string {
	for _, f := range f.files {
		if f.Withheld != "" {
			return f.Withheld
		}
	}
	return ""
}

// add up the records.
func newAccount(records []event.Record) *account {
	a := &account{
		operations: map[string]int{}, byKey: map[string]*keyFacts{}, byArtifact: map[string]*artifactFacts{},
		byPerson: map[string]*person{}, openStep: map[string]*stepFacts{},
	}
	intents := map[int]event.OperationIntended{}
	for _, r := range records {
		if r.Seq == 1 {
			a.at = r.Time
		}
		a.until = r.Time
		a.addPeople(r)
		a.addToken(r, intents)
		a.addObject(r)
	}
	return a
}

func (a *account) addPeople(r event.Record) {
	switch e := r.Event.(type) {
	case event.CeremonyOpened:
		a.opened = e
	case event.CeremonyStopped:
		a.stopped = &e
	case event.CeremonyClosed:
		a.closed = &e
	case event.SessionStarted:
		a.sessions = append(a.sessions, session{SessionStarted: e, at: r.Time})
		a.closed, a.stopped = nil, nil // what follows decides how the ceremony ends
	case event.SessionEnded:
		if n := len(a.sessions); n > 0 {
			a.sessions[n-1].ended = true
		}
	case event.ClockAttested:
		a.clock = append(a.clock, attested{ClockAttested: e, at: r.Time, by: r.By})
	case event.ParticipantArrived:
		a.arrive(e, r)
	case event.ParticipantLeft:
		if p := a.byPerson[e.Person]; p != nil {
			p.moves = append(p.moves, move{r.Time, r.Session, true})
		}
	case event.DeviationRecorded:
		a.deviations = append(a.deviations, deviation{DeviationRecorded: e, seq: r.Seq, at: r.Time, step: r.Step})
	case event.NoteAdded:
		a.notes = append(a.notes, r)
	case event.DigestRead:
		a.digests = append(a.digests, r)
	case event.FileLoaded:
		a.loaded = append(a.loaded, e)
	case event.FileWritten:
		a.written = append(a.written, e)
	case event.PlanAmended:
		a.amended = append(a.amended, e)
	case event.StepRedone:
		a.redo(e)
	case event.StepStarted, event.StepRecorded, event.StepFinished:
		a.addStep(r)
	}
}

func (a *account) arrive(e event.ParticipantArrived, r event.Record) {
	p := a.byPerson[e.Person]
	if p == nil {
		p = &person{id: e.Person, at: r.Time}
		a.byPerson[e.Person] = p
		a.people = append(a.people, p)
	}
	if n := len(p.moves); n == 0 || p.moves[n-1].left || p.moves[n-1].session != r.Session {
		p.moves = append(p.moves, move{r.Time, r.Session, false})
	}
	if !slices.Contains(p.roles, e.Role) {
		p.roles = append(p.roles, e.Role)
	}
}

func (a *account) addStep(r event.Record) {
	if e, ok := r.Event.(event.StepStarted); ok {
		s := &stepFacts{StepStarted: e, id: r.Step, at: r.Time}
		a.steps = append(a.steps, s)
		a.openStep[r.Step] = s
		return
	}
	s := a.openStep[r.Step]
	if s == nil {
		return
	}
	switch e := r.Event.(type) {
	case event.StepRecorded:
		s.fields, s.fieldsBy = e.Fields, r.By
	case event.StepFinished:
		s.outcome, s.end, s.by = e.Outcome, r.Time, r.By
		delete(a.openStep, r.Step)
	}
}
