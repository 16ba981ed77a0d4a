// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package history

import (
	"iter"
	"time"

	"rootceremony/transcripts/event"
)

// Entry is an event of one type, with the line that holds it.
type Entry[E event.Event] struct {
	event.Record
	Event E
}

// Events gives the events of entries without their lines.
func Events[E event.Event](entries []Entry[E]) []E {
	var all []E
	for _, e := range entries {
		all = append(all, e.Event)
	}
	return all
}

// History is what a journal adds up to, up to its last line.
type History struct {
	Records []event.Record // all that it was made of
	Opened  event.CeremonyOpened
	Closed  *event.CeremonyClosed  // by the last session; nil where it continues
	Stopped *event.CeremonyStopped // likewise

	Sessions    []*Session
	Plans       []Plan // the first plan and its amendments; the last is in force
	Sites       []Site // the first site file and those that took its place; none in a rehearsal in memory
	Approvals   []Approval
	People      []*Person // who ever came, in that order
	Moves       []Move
	Clock       []Entry[event.ClockAttested]
	Preflights  []Entry[event.PreflightChecked]
	Checkpoints []Entry[event.CheckpointSealed]

	Steps      []*Step // attempts, in the order in which they began
	Redone     []Entry[event.StepRedone]
	Passages   []Passage
	Deviations []Entry[event.DeviationRecorded]
	Notes      []Entry[event.NoteAdded]
	Digests    []Entry[event.DigestRead] // that were read aloud

	Tokens     []TokenUse
	Operations []*Operation // in the order in which they were intended
	Ended      []*Operation // in the order in which they came to an end
	Keys       []*Key       // that were made or found, each public key once
	Proofs     []Entry[event.KeyProved]

	Artifacts     []*Artifact // attempts, in the order in which they are first named
	Serials       []Entry[event.SerialDrawn]
	Linted        []Entry[event.ObjectLinted]
	Checked       []Entry[event.ArtifactChecked]
	Confirmations []Entry[event.SignatureConfirmed]
	Files         []File // in the order of the lines that name them

	wentOn int // the last line with which work went on after people had decided about what lay there
	index  index
}

// index finds again what the lists hold.
type index struct {
	people     map[string]*Person
	room       []present
	open       map[string]*Step             // by step: the attempt that is not finished
	passage    string                       // the step that the last passage is about
	begun      map[string]int               // by step: how often
	done       map[string]int               // by step: line of the last end as done
	redone     map[string]int               // by step: line since which it is repeated
	opened     map[string]event.TokenOpened // by token
	moved      map[string]int               // by token: line since which it is another device
	operations map[int]*Operation
	keys       map[string]*Key                      // by SHA-256 of the public key
	artifacts  map[string]*Artifact                 // the last attempt
	serials    map[string]*Entry[event.SerialDrawn] // by artifact
	confirmed  map[event.Confirmed]*event.Record
}

// New is the history of nothing.
func New() *History {
	return &History{Plans: []Plan{{}}, index: index{
		people: map[string]*Person{}, open: map[string]*Step{}, begun: map[string]int{}, done: map[string]int{}, redone: map[string]int{},
		opened: map[string]event.TokenOpened{}, moved: map[string]int{}, operations: map[int]*Operation{}, keys: map[string]*Key{},
		artifacts: map[string]*Artifact{}, serials: map[string]*Entry[event.SerialDrawn]{}, confirmed: map[event.Confirmed]*event.Record{},
	}}
}

// Of adds up the lines of a journal.
func Of(records []event.Record) *History {
	h := New()
	for _, r := range records {
		h.Add(r)
	}
	return h
}

// Before gives each line with the history before it, for checks that go
// line by line. The history is the same one each time, and grows.
func Before(records []event.Record) iter.Seq2[*History, event.Record] {
	return func(yield func(*History, event.Record) bool) {
		h := New()
		for _, r := range records {
			if !yield(h, r) {
				return
			}
			h.Add(r)
		}
	}
}

// Add takes in the next line.
func (h *History) Add(r event.Record) {
	h.Records = append(h.Records, r)
	h.addCeremony(r)
	h.addRoom(r)
	h.addSteps(r)
	h.addToken(r)
	h.addOperation(r)
	h.addObject(r)
	h.addFiles(r)
}

// Begun is when the ceremony was opened.
func (h *History) Begun() time.Time {
	if len(h.Records) == 0 {
		return time.Time{}
	}
	return h.Records[0].Time
}

// Until is the time of the last line.
func (h *History) Until() time.Time {
	if len(h.Records) == 0 {
		return time.Time{}
	}
	return h.Records[len(h.Records)-1].Time
}

// addCeremony follows the ceremony, its sessions, and what was said in them.
func (h *History) addCeremony(r event.Record) {
	switch e := r.Event.(type) {
	case event.CeremonyOpened:
		h.Opened = e
		h.Plans[0].SHA256 = e.PlanSHA256
		if e.SiteSHA256 != "" {
			h.Sites = []Site{{SHA256: e.SiteSHA256}}
		}
	case event.SiteChanged:
		h.Sites = append(h.Sites, Site{Number: e.Number, SHA256: e.SiteSHA256, Record: r, Changed: e})
	case event.PlanAmended:
		h.Plans = append(h.Plans, Plan{Number: e.Number, SHA256: e.PlanSHA256, Seq: r.Seq, Amended: e})
	case event.PlanApproval:
		h.Approvals = append(h.Approvals, Approval{r, e, h.Plan()})
	case event.CeremonyStopped:
		h.Stopped = &e
		if n := len(h.Sessions); n > 0 {
			h.Sessions[n-1].stopped = !e.Pause
		}
	case event.CeremonyClosed:
		h.Closed = &e
	case event.SessionStarted:
		h.Sessions = append(h.Sessions, &Session{Record: r, Event: e})
		h.Closed, h.Stopped = nil, nil // what follows decides how the ceremony ends
	case event.SessionEnded:
		if n := len(h.Sessions); n > 0 {
			h.Sessions[n-1].Ended = r.Seq
		}
	case event.ClockAttested:
		h.Clock = append(h.Clock, Entry[event.ClockAttested]{r, e})
	case event.PreflightChecked:
		h.Preflights = append(h.Preflights, Entry[event.PreflightChecked]{r, e})
	case event.CheckpointSealed:
		h.Checkpoints = append(h.Checkpoints, Entry[event.CheckpointSealed]{r, e})
	case event.NoteAdded:
		h.Notes = append(h.Notes, Entry[event.NoteAdded]{r, e})
	case event.DigestRead:
		h.Digests = append(h.Digests, Entry[event.DigestRead]{r, e})
	}
}

// Session is one run of the program within the ceremony.
type Session struct {
	event.Record
	Event event.SessionStarted
	Ended int // line of its end; 0 where it was cut off, or continues

	stopped bool // and not by a pause
}

// Session is the number of the last session; 0 before the first.
func (h *History) Session() int {
	if len(h.Sessions) == 0 {
		return 0
	}
	return h.Sessions[len(h.Sessions)-1].Event.Session
}

// LastStop is the last line of the last session that ended because the ceremony was
// stopped, not by a pause; 0 if there is none.
func (h *History) LastStop() int {
	line := 0
	for _, s := range h.Sessions {
		if s.stopped && s.Ended > 0 && !Unsettled(h.Records, s.Ended) {
			line = s.Ended
		}
	}
	return line
}

// CutOff reports whether the last session has no end.
func (h *History) CutOff() bool {
	return len(h.Sessions) > 0 && h.Sessions[len(h.Sessions)-1].Ended == 0
}

// WasRead reports whether a digest was read aloud: since then it is on paper.
func (h *History) WasRead(what, sha256 string) bool {
	for _, d := range h.Digests {
		if d.Event.What == what && d.Event.SHA256 == sha256 {
			return true
		}
	}
	return false
}

// Head is the last head of the journal that was read aloud; its size is 0 where
// none was.
func (h *History) Head() event.DigestRead {
	var last event.DigestRead
	for _, d := range h.Digests {
		if d.Event.What == event.WhatHead {
			last = d.Event
		}
	}
	return last
}
