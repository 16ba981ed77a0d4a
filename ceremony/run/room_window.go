// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"fmt"
	"slices"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// mayBegin refuses to begin a ceremony at a time at which nothing may be signed. Where
// people may extend the window, they are asked when the record is begun.
func (st *state) mayBegin(at time.Time) error {
	win := st.Plan.Ceremony.Window
	if win.Allows(at, true) {
		return nil
	}
	s := st.at(windowClosed)
	if at.Before(win.From) {
		s.until = win.From
	}
	return s.refuse(fmt.Sprintf("it is %s, outside the window %s", plan.Stamp(at), win))
}

// mayContinue refuses to continue a ceremony at a time at which nothing may be signed
// of what is left, by the plan in force or the one that is to. What people only do,
// they may do after the window as well.
func (st *state) mayContinue(at time.Time, done *history.History) error {
	p := st.next()
	if !st.signs(p, done) || p.Ceremony.Window.Allows(at, true) {
		return nil
	}
	return st.outside(done.Opened, at, p.Ceremony.Window)
}

// signs reports whether something of a plan is left to be signed.
func (st *state) signs(p *plan.Plan, done *history.History) bool {
	return !st.o.Abandon && (st.o.Redo != "" || slices.ContainsFunc(p.Steps, func(st plan.Step) bool {
		return st.Kind == plan.StepSign && done.DoneAt(st.ID) == 0
	}))
}

// outside says that it is too early or too late for a ceremony that was begun, and
// what helps.
func (st *state) outside(opened event.CeremonyOpened, at time.Time, win plan.Window) error {
	s := st.at(windowOver)
	if at.Before(win.From) {
		s.problem, s.until = windowEarly, win.From
	}
	if s.stage = stageBegun; opened.Mode == event.Rehearsal {
		s.stage, s.opened = stageRehearsal, opened
	}
	return s.refuse(fmt.Sprintf("it is %s, outside the window %s", plan.Stamp(at), win))
}

// inWindow has two people decide whether what is left is signed after the window
// ended, within the bound that the plan names. It reports whether they did now.
func (r *room) inWindow(at time.Time) (extended bool, err error) {
	win := r.state.Plan.Ceremony.Window
	if win.Allows(at, false) || win.Allows(at, r.journal.History().Extended()) {
		return false, nil
	}
	if !win.Allows(at, true) {
		return false, r.state.outside(r.journal.History().Opened, at, win)
	}
	r.say("\n%s", plan.Indent(fmt.Sprintf("THE WINDOW ENDED at %s. The plan lets two people extend it until %s. What is left to sign is linted again as of then.",
		plan.Stamp(win.To), plan.Stamp(win.Last())), 6))
	yes, by, err := r.decideAbout(whatsWindow, "extend", wordStop, "Sign what is left after the end of the window, as a deviation")
	if err == nil && !yes {
		err = &decline{problem: notExtended}
	}
	if err != nil {
		return false, err
	}
	reason, err := r.text("Why the window is extended")
	if err != nil {
		return false, err
	}
	return true, r.note(event.DeviationRecorded{
		Exception: event.ExceptionExtended, Expected: "everything is signed until " + plan.Stamp(win.To),
		Happened: "it is " + plan.Stamp(at) + ", and not everything is signed",
		Decision: "the window is extended until " + plan.Stamp(win.Last()) + ": " + reason, DecidedBy: by,
	}, r.o.People.How(), by...)
}

// moment is the moment of signing of an artifact, in the window.
func (sg *signing) moment(a *plan.Artifact) (time.Time, error) {
	for {
		at, again := sg.moments[a.ID]
		if !again {
			at = sg.signingTime()
		}
		if extended, err := sg.room.inWindow(at); err != nil || !extended {
			return at, err
		}
	}
}
