// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"fmt"
	"slices"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// stepChecker follows the journal along the plan: steps in the order of the plan that
// holds, with everybody in the room whom it demands, and by people of the roles that
// it names.
type stepChecker struct {
	v      *Verdict
	before *history.History // the line that is checked
	window windowChecker
	torn   string // the file with the incomplete line that a session found last
	tornIn int    // that session
}

// period is that of the plan in force.
func (w *stepChecker) period() planPeriod { return w.v.plans[len(w.before.Plans)-1] }

func (w *stepChecker) plan() *plan.Plan { return w.period().Plan }

// end says what was never done, and what was done outside the window.
func (w *stepChecker) end() {
	w.window.end(w.v)
	for _, st := range w.plan().Steps {
		switch {
		case st.Kind == plan.StepSection || w.done(&st):
		case w.v.Outcome == event.OutcomeComplete:
			w.v.problem("plan/plan.json", "step %s (%s) was planned and never done", st.ID, st.Title)
		case w.v.Outcome == event.OutcomeAbandoned && st.Kind != plan.StepSign: // what was not signed is named as an artifact
			w.v.Incomplete = append(w.v.Incomplete, fmt.Sprintf("step %s (%s) was never done", st.ID, st.Title))
		}
	}
}

// done reports whether a step is done. One that backed up keys is not, once they are
// made anew.
func (w *stepChecker) done(st *plan.Step) bool {
	at := w.before.DoneAt(st.ID)
	return at > 0 && !slices.ContainsFunc(w.plan().Steps, func(made plan.Step) bool {
		return w.before.RedoneAt(made.ID) > at && st.Copies(made.Keys)
	})
}

// arrived checks that the plan knows who came.
func (w *stepChecker) arrived(r event.Record, e event.ParticipantArrived) {
	role := plan.Find(w.plan().People, func(p *plan.Role) bool { return p.Role == e.Role })
	if role == nil || !slices.Contains(role.Of, e.Person) {
		w.v.problem(line(r.Seq), "the plan does not name %s as %s", e.Person, e.Role)
	}
}

func (w *stepChecker) line(before *history.History, r event.Record) {
	w.before = before
	w.inWindow(r)
	switch e := r.Event.(type) {
	case event.ParticipantArrived:
		w.arrived(r, e)
	case event.StepStarted:
		w.start(r, e)
	case event.StepRecorded:
		w.recorded(r)
	case event.StepFinished:
		w.finish(r, e)
	case event.ObjectLinted:
		w.linted(r, e)
	case event.SignatureConfirmed:
		w.quorum(r)
		w.needDualControl(r, "confirmed the signature")
		w.confirmed(r, e)
	case event.ConfirmationRefused:
		w.refused(r, e)
	case event.DeviationRecorded:
		if e.KeySHA256 != "" {
			w.needDualControl(r, "accepted the key")
		}
		w.excepted(r, e)
		w.decided(r, e)
	case event.StepRedone:
		w.redone(r, e)
	case event.SiteChanged:
		w.siteChanged(r, e)
	case event.CeremonyStopped:
		w.stopped(r, e)
	case event.CeremonyClosed:
		if e.Outcome == event.OutcomeComplete {
			w.quorum(r)
		}
	case event.JournalRecovered:
		w.recovered(r, e)
	case event.FileLoaded:
		w.loaded(r, e)
	case event.FileWritten:
		w.written(r, e)
	}
}

// dualControl are the roles that confirm whatever nobody may do alone.
var dualControl = []string{plan.RoleAdministrator, plan.RoleWitness}

// missing gives those of the roles in which nobody who confirms a line was in the
// room.
func missing(before *history.History, r event.Record, roles []string) []string {
	return slices.DeleteFunc(slices.Clone(roles), func(role string) bool { return before.IsHere(role, r.By...) })
}

// needDualControl checks dual control: that an administrator and a witness confirm an event.
func (w *stepChecker) needDualControl(r event.Record, did string) {
	for _, role := range missing(w.before, r, dualControl) {
		w.v.problem(line(r.Seq), "no %s %s", role, did)
	}
}

func (w *stepChecker) start(r event.Record, e event.StepStarted) {
	w.quorum(r)
	w.beginsSection(r)
	w.paused(r)
	for _, st := range w.plan().Steps {
		if st.ID == r.Step {
			if st.Title != e.Title || string(st.Kind) != e.Kind {
				w.v.problem(line(r.Seq), "step %s differs from the plan", r.Step)
			}
			if done := w.before.DoneAt(r.Step); done > 0 {
				w.v.problem(line(r.Seq), "step %s was done at line %d, and nothing says that it is repeated", r.Step, done)
			}
			return
		}
		if st.Kind != plan.StepSection && !w.done(&st) {
			w.v.problem(line(r.Seq), "step %s began before step %s was done", r.Step, st.ID)
			return
		}
	}
	w.v.problem(line(r.Seq), "the plan has no step %s", r.Step)
}

// recorded checks that the people of a step wrote something down, once in an attempt:
// nothing takes back what was written.
func (w *stepChecker) recorded(r event.Record) {
	st := w.plan().Step(r.Step)
	if st == nil {
		return // said when it began
	}
	if s := w.before.LastAttempt(r.Step); s != nil && len(s.Recorded) > 0 {
		w.v.problem(line(r.Seq), "step %s was already recorded at line %d of the same attempt", r.Step, s.Recorded[0].Seq)
	}
	for _, role := range missing(w.before, r, st.Who) {
		w.v.problem(line(r.Seq), "step %s was recorded without anybody in role %s", r.Step, role)
	}
	for _, who := range r.By {
		if !slices.ContainsFunc(st.Who, func(role string) bool { return w.before.IsHere(role, who) }) {
			w.v.problem(line(r.Seq), "step %s was recorded by %s, who has no role in it", r.Step, who)
		}
	}
}

func (w *stepChecker) finish(r event.Record, e event.StepFinished) {
	if e.Outcome != event.StepDone {
		return
	}
	st := w.plan().Step(r.Step)
	if st == nil {
		return // said when it began
	}
	for _, u := range st.Unmet(w.before) {
		w.v.problem(line(u.Seq), "%s", u.Why)
	}
	for _, role := range missing(w.before, r, st.Who) {
		w.v.problem(line(r.Seq), "step %s was done without anybody in role %s", r.Step, role)
	}
}

// quorum checks that everybody is there whom the plan demands.
func (w *stepChecker) quorum(r event.Record) {
	var short []string
	for _, role := range w.plan().People {
		if n := len(w.before.Here(role.Role)); n < role.Need {
			short = append(short, fmt.Sprintf("%d of %d as %s", n, role.Need, role.Role))
		}
	}
	if len(short) > 0 {
		w.v.problem(line(r.Seq), "too few people were present: %s", strings.Join(short, ", "))
	}
}
