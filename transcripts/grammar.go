// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"
	"time"

	"rootceremony/transcripts/event"
)

// grammar reads a journal event by event and says what does not follow from
// what came before. These are the rules:
//
//   - The journal begins with ceremony.opened and session.started; nothing but
//     session.ended follows ceremony.closed, whose counts are those of the
//     journal.
//   - Sessions are numbered, each with a seal key of its own, and begin with
//     nobody in the room and no step open; time does not go back, unless the
//     clock was attested.
//   - In each session of a real ceremony host, folders and devices are looked at once,
//     before anybody is named; in a rehearsal they are not.
//   - Steps do not overlap, and an event's step is the one that is open.
//   - A session after the first does nothing before people compared a head from paper
//     that covers all acts of the record so far, or two of them confirmed as a deviation
//     those that rest on the disk alone.
//   - Somebody who has arrived is at the keyboard before a token is opened, a step begins
//     or an operation; who leaves hands it over.
//   - The people whom an event names have arrived. Answers are simulated only in
//     an unattended rehearsal.
//   - A fact is known as such facts are. People answer for what they state, each
//     once. A line names the step that is open.
//   - A session ends with a line that says why; a pause after the head was read aloud.
//     What is read aloud, and what a step wrote, a checkpoint seals.
//   - A token is used between token.opened and token.closed, once its objects
//     were counted. They are counted again before it is closed, and are then those of
//     before with what changed. Software tokens were announced when the ceremony was opened.
//     Hardware is opened by a program that runs as root only after a deviation in
//     the same session that says who accepted that.
//     A key is made, found, used and destroyed as one of these objects.
//     One that did not close in order has a deviation before its token.closed. A call in
//     which a PIN is refused fails: of a key that wants a login before each signature, or
//     of a new process; and after one that a new process gave, none follows before another
//     process took over.
//   - A deviation is an exception only to a rule that the record would break.
//   - Operations are numbered from 1. Each has one outcome, before the next one and before
//     the session ends, unless a crash cut that off. What it gave is
//     what it intended: the digests are right, the signature verifies under the
//     public key of a key that was generated or found before.
//   - In each session a token is opened once, and a key is made or found before it is used.
//     One serial number is made of the random bytes that are drawn for it.
//   - In a ceremony that is no rehearsal a key was proved before it signs an
//     artifact: a process found it again, or it signed.
//   - A signature that makes an artifact was cleared by lint and confirmed by
//     two people, who typed digits of the digest of these very bytes. A second
//     one for the same artifact follows a recorded deviation.
//   - Where the outcome of C_Sign is unknown, only the same bytes are
//     signed again.
//   - Another site file is in force only after a deviation of the same session that says
//     so, before a token is opened or a step begins; and what people decide to change
//     follows. A token that is another device than before holds no key that was proved,
//     and is no software where it was hardware.
//   - A call that failed ends its session. But people may say which private key one is
//     that was sought in vain, or by which one the proof did not verify.
//   - A step is repeated only after a deviation that says why; a signature
//     that is repeated was withheld, or may exist. After an amendment the new plan is in force.
//     A pause leaves no token open.
//   - An artifact was signed before it was written. A step that is done has
//     delivered what it signed: written, checked and not withheld. So has a
//     complete ceremony. A check that was not met stays so until its step is
//     repeated.
//   - Whatever a key signed, or may have signed, has an owner in a complete
//     ceremony: an artifact that is delivered, a key that is proved, or people who
//     decided that its step is repeated. ceremony.closed counts them by that.
type grammar struct {
	problems []Problem
	notices  []string
	warned   warnings

	opened    event.CeremonyOpened
	plan      string // SHA-256 of the plan.json in force
	amended   int    // how often
	closed    bool
	session   int
	earlier   int // lines before the session
	clocked   int // the last session in which the clocks of the room were read
	until     time.Time
	ended     bool
	sealKeys  map[string]bool
	last      *event.Record
	step      string
	arrived   map[string]bool
	keyboard  string // who is there
	roles     map[event.ParticipantArrived]bool
	tokens    map[string]*tokenState
	stopped   bool                      // nothing but the end of the session follows
	headRead  bool                      // in the line before: the head that was sealed last
	sealedAt  int                       // lines that the last checkpoint covers
	wrote     bool                      // an artifact, and no checkpoint covers it yet
	held      map[string][]event.Object // objects of a token when it was last counted, in any session
	uncounted []uncounted

	operations operations
	failures   failures
	serials    map[string]int // the session in which one was drawn last, by artifact
	artifacts  map[string]*artifactState
	order      []string          // of artifacts
	signatures []*signatureState // in the order in which they were intended
	certified  map[string]bool   // keys, by SPKI digest
	paths      map[string]bool
	cut        bool // the session before has no end
	root       bool // the program of this session runs as root, and nobody accepted that
	deviations int
	unclosed   map[string]string   // by token that did not close in order: the error that a deviation tells
	redone     int                 // deviations when a step was last repeated
	attempts   map[string]int      // of steps that were begun: 0 or, from the second on, which
	begun      map[string]bool     // steps
	lastAct    int                 // the last line that is one (see [history.IsAct])
	closedWas  bool                // the session before closed the ceremony: a crash cut the closing off
	acting     bool                // in this session a token was opened, or a step began
	fresh      string              // the token that another process took over, and where it has found no key yet
	media      map[event.How]bool  // exceptions of this session about the second medium
	found      []event.FileWritten // files of nobody, of which no deviation was recorded yet
	unapproved *event.Record       // the exception for an amendment that did not follow yet
	looked     bool                // at host and devices, in this session
	sites      []event.SiteChanged
	stepping   bool                         // in this session a step began
	abandoned  bool                         // two people ended the ceremony for good, in this session
	resited    *event.Record                // the deviation for a change of the site file that did not follow yet
	devices    map[string]event.TokenOpened // as which each token was last opened
	moved      map[string]int               // by token that is another device: the session since which it is
	resting    bool                         // acts of earlier sessions rest on the disk alone, as far as this session says
}

func checkGrammar(records []event.Record) *grammar { return newGrammar().read(records) }

func newGrammar() *grammar {
	return &grammar{
		sealKeys: map[string]bool{}, arrived: map[string]bool{}, roles: map[event.ParticipantArrived]bool{}, tokens: map[string]*tokenState{}, media: map[event.How]bool{}, held: map[string][]event.Object{}, unclosed: map[string]string{},
		operations: newOperations(), artifacts: map[string]*artifactState{}, certified: map[string]bool{}, paths: map[string]bool{},
		attempts: map[string]int{}, begun: map[string]bool{}, failures: failures{vain: map[string]bool{}}, serials: map[string]int{}, devices: map[string]event.TokenOpened{}, moved: map[string]int{},
	}
}

func (g *grammar) read(records []event.Record) *grammar {
	for i := range records {
		r := &records[i]
		g.common(r)
		g.ceremonyEvent(r)
		g.preflight(r)
		g.tokenEvent(r)
		g.operationEvent(r)
		g.objectEvent(r)
		g.continued(r)
		g.afterFailure(r)
		g.last = r
	}
	g.notices = append(g.notices, g.warned.notices()...)
	return g
}

// bad notes a problem at a record.
func (g *grammar) bad(r *event.Record, format string, args ...any) {
	g.problems = append(g.problems, Problem{Where: lineName(r.Seq), What: r.Event.Type() + ": " + fmt.Sprintf(format, args...)})
}

func lineName(seq int) string { return fmt.Sprintf("%s:%d", JournalPath, seq) }

// common checks what every event must satisfy.
func (g *grammar) common(r *event.Record) {
	_, opening := r.Event.(event.CeremonyOpened)
	_, starting := r.Event.(event.SessionStarted)
	_, ending := r.Event.(event.SessionEnded)
	switch {
	case r.Seq == 1 && !opening:
		g.bad(r, "the first event is not ceremony.opened")
	case r.Seq > 1 && opening:
		g.bad(r, "the ceremony is already open")
	case r.Seq == 2 && !starting:
		g.bad(r, "the second event is not session.started")
	case g.closed && !ending && !starting:
		g.bad(r, "the ceremony is already closed")
	case g.ended && !starting:
		g.bad(r, "the session has ended")
	}
	if want := max(g.session, 1); r.Session != want && !starting {
		g.bad(r, "session is %d, but session %d is open", r.Session, want)
	}
	g.time(r)
	g.recovery(r)
	g.namesStep(r)
	g.stepOf(r)
	g.answered(r)
	g.peopleOf(r)
	g.ends(r)
	g.sealing(r)
	g.leftOver(r)
}

func (g *grammar) stepOf(r *event.Record) {
	switch e := r.Event.(type) {
	case event.StepStarted:
		if r.Step == "" {
			g.bad(r, "no step is named")
		}
		if g.step != "" {
			g.bad(r, "step %s is not finished", g.step)
		}
		if e.Attempt != g.attempts[r.Step] {
			g.bad(r, "attempt %d, but step.redone announced %d", e.Attempt, g.attempts[r.Step])
		}
		if g.abandoned {
			g.bad(r, "a step begins after two people ended the ceremony for good")
		}
		g.step, g.begun[r.Step], g.stepping = r.Step, true, true
	case event.StepFinished:
		if r.Step == "" || r.Step != g.step {
			g.bad(r, "step %q is not open", r.Step)
		}
		g.step = ""
		if e.Outcome == event.StepDone {
			g.deliveredIn(r)
		}
	default:
		if r.Step != "" && r.Step != g.step {
			g.bad(r, "step %q is not open", r.Step)
		}
		if _, ok := e.(event.StepRecorded); ok && r.Step == "" {
			g.bad(r, "no step is named")
		}
	}
}

// ceremonyEvent follows the ceremony and its sessions.
func (g *grammar) ceremonyEvent(r *event.Record) {
	switch e := r.Event.(type) {
	case event.CeremonyOpened:
		g.opened, g.plan = e, e.PlanSHA256
		if e.Mode == event.Run && e.Unattended {
			g.bad(r, "unattended, but not a rehearsal")
		}
		if e.PlanSHA256 != r.Prev {
			g.bad(r, "plan_sha256 differs from prev")
		}
	case event.SessionStarted:
		g.startSession(r, e)
	case event.SessionEnded:
		g.ended = true
		g.returned(r)
	case event.DeviationRecorded:
		g.deviations++
		g.except(r, e)
	case event.StepRedone, event.PlanAmended, event.CeremonyStopped, event.SiteChanged:
		g.change(r)
	case event.CeremonyClosed:
		if !g.closed {
			g.close(r, e)
		}
		g.closed = true
	}
}

// close compares the last word with what the journal holds.
func (g *grammar) close(r *event.Record, e event.CeremonyClosed) {
	done, failed := g.operations.counts()
	for _, what := range []string{event.WhatGenerate, event.WhatSign, event.WhatRandom, event.WhatFind, event.WhatDestroy} {
		if e.Operations[what] != done[what] {
			g.bad(r, "%d operations %q, but the journal has %d", e.Operations[what], what, done[what])
		}
	}
	if e.Failed != failed {
		g.bad(r, "%d operations failed, but the journal has %d", e.Failed, failed)
	}
	if e.Deviations != g.deviations {
		g.bad(r, "%d deviations, but the journal has %d", e.Deviations, g.deviations)
	}
	for _, number := range g.operations.open() {
		g.bad(r, "operation %d has no outcome", number)
	}
	g.closeLedger(r, e)
	g.countedAs(r, event.CensusClosing)
	switch abandoned := e.Outcome == event.OutcomeAbandoned; {
	case abandoned && !g.abandoned:
		g.bad(r, "outcome abandoned, but no deviation of this session says that two people ended the ceremony for good")
	case !abandoned && g.abandoned:
		g.bad(r, "outcome complete, but two people ended the ceremony for good in this session")
	}
	if e.Outcome != event.OutcomeComplete {
		return
	}
	for name, t := range g.tokens {
		if t.open {
			g.bad(r, "outcome complete, but token %q was not closed", name)
		}
	}
	for _, u := range g.uncounted {
		g.bad(u.Record, "the objects of token %q were not counted before it was closed", u.token)
	}
	if g.step != "" {
		g.bad(r, "step %s is not finished", g.step)
	}
	for _, id := range g.order {
		if lacks := g.artifacts[id].lacks(); lacks != "" {
			g.bad(r, "outcome complete, but %s %s", id, lacks)
		}
	}
}
