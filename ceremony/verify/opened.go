// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"slices"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// checkOpened compares what the first line says of the ceremony with its first
// plan: report, README and MANIFEST show it to people.
func (v *Verdict) checkOpened() {
	opened, planned := v.History.Opened, v.plans[0].Plan.Ceremony
	if opened.Ceremony != planned.ID {
		v.problem(line(1), "the ceremony is called %q, but %q in plan.json", opened.Ceremony, planned.ID)
	}
	if opened.Title != planned.Title {
		v.problem(line(1), "the title is %q, but %q in plan.json", opened.Title, planned.Title)
	}
}

// clockTolerance is how long after the room time was typed its event may come.
const clockTolerance = time.Minute

// sessionChecker follows how each session begins: before a token is opened or a step
// begins, the plan was linted, two people said what time it is, and they read the
// digests of plan, site and seal key.
type sessionChecker struct {
	v      *Verdict
	before *history.History                          // the line that is checked
	clocks []history.Entry[event.ClockAttested]      // of this session
	read   map[string]bool                           // digests that were read aloud in this session, after what they are of
	came   []history.Entry[event.ParticipantArrived] // in this session, also who left again
	said   map[int]bool                              // plans of which it was said that nobody approved them, by number
	begun  bool                                      // a token was opened, or a step began
}

func newSessionChecker(v *Verdict) *sessionChecker {
	return &sessionChecker{v: v, read: map[string]bool{}, said: map[int]bool{}}
}

func (c *sessionChecker) line(before *history.History, r event.Record) {
	c.before = before
	switch e := r.Event.(type) {
	case event.SessionStarted:
		*c = *newSessionChecker(c.v)
		c.before = before
	case event.ParticipantArrived:
		c.clockBefore(r)
		c.came = append(c.came, history.Entry[event.ParticipantArrived]{Record: r, Event: e})
		if c.begun {
			c.answeredFor(r, e.Person)
		}
	case event.ClockAttested:
		c.clock(r, e)
	case event.DigestRead:
		c.digest(r, e)
	case event.PlanApproval:
		c.approved(r, e)
	case event.TokenOpened, event.StepStarted:
		c.begin(r)
	}
}

// clock checks what an attestation says of itself. The session counts its time from
// the moment at which the first one was made.
func (c *sessionChecker) clock(r event.Record, e event.ClockAttested) {
	room, err := time.Parse(time.RFC3339, e.Room)
	since := r.Time.Sub(room)
	if len(c.clocks) == 0 {
		since -= r.Mono
	}
	switch {
	case err != nil: // the schema of the journal
	case since.Abs() > clockTolerance:
		c.v.problem(line(r.Seq), "the clock is attested as %s, but this line is of %s", e.Room, plan.Stamp(r.Time))
	case len(e.References) != 2:
		c.v.problem(line(r.Seq), "the clock is attested by %s, want 2", event.Count(len(e.References), "reference"))
	case slices.Contains(e.References, "") || event.SameClock(e.References[0], e.References[1]):
		c.v.problem(line(r.Seq), "the clock is attested by the references %q, and two are wanted", e.References)
	}
	c.clocks = append(c.clocks, history.Entry[event.ClockAttested]{Record: r, Event: e})
	if len(c.came) > 0 {
		c.two(r)
	}
}

// digest checks that two people read a digest, as words; what was on paper since
// it was read before is compared.
func (c *sessionChecker) digest(r event.Record, e event.DigestRead) {
	if e.What != event.WhatHead { // one is also read when people are too few, and put the ceremony off
		c.two(r)
	}
	if e.Words == "" {
		c.v.problem(line(r.Seq), "the digest of %s has no words that were read aloud", e.Of())
	}
	onPaper := c.v.Mode == event.Rehearsal && e.What != event.WhatSeal || c.before.WasRead(e.What, e.SHA256)
	if e.What != event.WhatHead && onPaper && !e.Compared {
		c.v.problem(line(r.Seq), "the digest of %s was on paper, and was not compared", e.Of())
	}
	c.read[e.What+" "+e.SHA256] = true
}

// approved checks that a plan which nobody approves is not recorded as approved.
func (c *sessionChecker) approved(r event.Record, e event.PlanApproval) {
	nobody := c.v.Mode == event.Rehearsal || c.before.Opened.Unapproved
	if none := (event.PlanApproval{Class: event.ApprovedByNobody, Warnings: e.Warnings}); nobody && differ(e, none) {
		c.v.problem(line(r.Seq), "the plan needs no approval, but the record has one")
	}
	if len(c.before.Approvals) >= len(c.before.Plans) {
		c.v.problem(line(r.Seq), "the record says a second time who approved the plan in force")
	}
}

// two checks that administrator and witness confirm an event. While nobody is there
// in one of the roles, the other one confirms it alone.
func (c *sessionChecker) two(r event.Record) {
	for _, role := range missing(c.before, r, dualControl) {
		if len(c.before.Here(role)) > 0 {
			c.v.problem(line(r.Seq), "%s is confirmed by no %s", r.Event.Type(), role)
		}
	}
}

// clockBefore checks that the clock was attested before people came: when somebody came has
// a time only then. It is said of the first one.
func (c *sessionChecker) clockBefore(r event.Record) {
	if len(c.clocks) == 0 && len(c.came) == 0 {
		c.v.problem(line(r.Seq), "nobody had attested the clock in session %d before somebody came", r.Session)
	}
}

// attested checks that those who said what time it is, before anybody could arrive,
// are administrator and witness and arrived then.
func (c *sessionChecker) attested(r event.Record) {
	for _, role := range dualControl {
		if !slices.ContainsFunc(c.came, func(e history.Entry[event.ParticipantArrived]) bool {
			return e.Event.Role == role && slices.Contains(r.By, e.Event.Person)
		}) {
			c.v.problem(line(r.Seq), "%s is confirmed by no %s", r.Event.Type(), role)
		}
	}
	c.answeredFor(r, "")
}

// answeredFor checks that those who say that somebody came are there themselves, as
// administrator and witness; who comes may say it alone.
func (c *sessionChecker) answeredFor(r event.Record, comes string) {
	for _, who := range r.By {
		switch at := slices.IndexFunc(c.came, func(e history.Entry[event.ParticipantArrived]) bool { return e.Event.Person == who }); {
		case at < 0:
			c.v.problem(line(r.Seq), "%s by %s, who did not arrive", r.Event.Type(), who)
		case who != comes && !slices.Contains(dualControl, c.came[at].Event.Role):
			c.v.problem(line(r.Seq), "%s by %s, who came as %s", r.Event.Type(), who, c.came[at].Event.Role)
		}
	}
}

// begin checks what comes before a token or a step.
func (c *sessionChecker) begin(r event.Record) {
	c.needDigest(r, event.WhatPlan, c.before.Plan().SHA256)
	c.needApproval(r)
	if c.begun {
		return
	}
	c.begun = true
	if len(c.clocks) == 0 {
		c.v.problem(line(r.Seq), "nobody had attested the clock in session %d", r.Session)
	}
	if len(c.clocks) > 0 {
		c.attested(c.clocks[0].Record)
	}
	for _, came := range c.came {
		c.answeredFor(came.Record, came.Event.Person)
	}
	if site := c.before.Site(); site != "" {
		c.needDigest(r, event.WhatSite, site)
	}
	if sessions := c.before.Sessions; len(sessions) > 0 {
		if seal, err := transcripts.SealDigest(sessions[len(sessions)-1].Event.SealKey); err == nil { // else said by the grammar
			c.needDigest(r, event.WhatSeal, seal)
		}
	}
}

// needApproval checks that the record says who approved the plan in force; it is
// said once.
func (c *sessionChecker) needApproval(r event.Record) {
	if holds := c.before.Plan(); len(c.before.Approvals) < len(c.before.Plans) && !c.said[holds.Number] {
		c.said[holds.Number] = true
		of := "the plan"
		if holds.Number > 0 {
			of = holds.Name()
		}
		c.v.problem(line(r.Seq), "no plan.approval before it says who approved %s, or that nobody did", of)
	}
}

// needDigest checks that a digest was read in this session; it is said once.
func (c *sessionChecker) needDigest(r event.Record, what, sha256 string) {
	if c.read[what+" "+sha256] {
		return
	}
	c.v.problem(line(r.Seq), "the digest of %s was not read aloud in session %d before", event.DigestRead{What: what}.Of(), r.Session)
	c.read[what+" "+sha256] = true
}
