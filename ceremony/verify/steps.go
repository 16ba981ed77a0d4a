// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"fmt"
	"slices"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
)

// stepChecker follows the journal along the plan: who is in the room, which plan
// holds, and which of its steps are done.
type stepChecker struct {
	v     *Verdict
	plans []planPeriod
	plan  *plan.Plan
	here  map[string][]string // names by role
	done  map[string]bool     // steps
	begun int                 // index of the record that began the step
}

// checkSteps checks that steps were done in the order of the plan that held,
// with everybody in the room whom it demands, and by people of the roles that it
// names.
func (v *Verdict) checkSteps() {
	w := &stepChecker{v: v, plans: v.plans, plan: v.plans[0].Plan, here: map[string][]string{}, done: map[string]bool{}}
	for i, r := range v.Records {
		if len(w.plans) > 1 && r.Seq >= w.plans[1].seq {
			w.plans = w.plans[1:]
			w.plan = w.plans[0].Plan
		}
		w.people(r)
		w.event(i, r)
	}
	for _, st := range w.plan.Steps {
		switch {
		case st.Kind == plan.StepSection || w.done[st.ID]:
		case v.Outcome == event.OutcomeComplete:
			v.problem("plan/plan.json", "step %s (%s) was planned and never done", st.ID, st.Title)
		case v.Outcome == event.OutcomeAbandoned && st.Kind != plan.StepSign: // what was not signed is named as an artifact
			v.Incomplete = append(v.Incomplete, fmt.Sprintf("step %s (%s) was never done", st.ID, st.Title))
		}
	}
}

// people follows who is in the room, in which role.
func (w *stepChecker) people(r event.Record) {
	switch e := r.Event.(type) {
	case event.SessionStarted:
		clear(w.here)
	case event.ParticipantLeft:
		for role, names := range w.here {
			w.here[role] = slices.DeleteFunc(names, func(n string) bool { return n == e.Person })
		}
	case event.ParticipantArrived:
		role := plan.Find(w.plan.People, func(p *plan.Role) bool { return p.Role == e.Role })
		if role == nil || !slices.Contains(role.Of, e.Person) {
			w.v.problem(line(r.Seq), "the plan does not name %s as %s", e.Person, e.Role)
		}
		w.here[e.Role] = append(w.here[e.Role], e.Person)
	}
}

func (w *stepChecker) event(i int, r event.Record) {
	switch e := r.Event.(type) {
	case event.StepRedone:
		w.redone(e)
	case event.StepStarted:
		w.begun = i
		w.start(r, e)
	case event.StepFinished:
		w.finish(i, r, e)
	case event.SignatureConfirmed:
		w.quorum(r)
		w.needTwo(r, "confirmed the signature")
	case event.DeviationRecorded:
		if e.KeySHA256 != "" {
			w.needTwo(r, "accepted the key")
		}
	}
}

// needTwo checks that an administrator and a witness stand for an event.
func (w *stepChecker) needTwo(r event.Record, did string) {
	for _, role := range []string{plan.RoleAdministrator, plan.RoleWitness} {
		if !w.isOne(r.By, role) {
			w.v.problem(line(r.Seq), "no %s %s", role, did)
		}
	}
}

// redone takes back that a step is done, and that keys were backed up which it
// makes anew.
func (w *stepChecker) redone(e event.StepRedone) {
	w.done[e.Step] = false
	if st := w.plan.Step(e.Step); st != nil {
		for _, c := range w.plan.Steps {
			w.done[c.ID] = w.done[c.ID] && !c.Copies(st.Keys)
		}
	}
}

func (w *stepChecker) start(r event.Record, e event.StepStarted) {
	w.quorum(r)
	for _, st := range w.plan.Steps {
		if st.ID == r.Step {
			if st.Title != e.Title || string(st.Kind) != e.Kind {
				w.v.problem(line(r.Seq), "step %s is not the one of the plan", r.Step)
			}
			return
		}
		if st.Kind != plan.StepSection && !w.done[st.ID] {
			w.v.problem(line(r.Seq), "step %s began before step %s was done", r.Step, st.ID)
			return
		}
	}
	w.v.problem(line(r.Seq), "the plan has no step %s", r.Step)
}

func (w *stepChecker) finish(i int, r event.Record, e event.StepFinished) {
	if e.Outcome != event.StepDone {
		return
	}
	w.done[r.Step] = true
	st := w.plan.Step(r.Step)
	if st == nil {
		return // said when it began
	}
	for _, u := range st.Unmet(plan.StepRecords{All: w.v.Records[:i+1], Begun: w.begun}) {
		w.v.problem(line(u.Seq), "%s", u.Why)
	}
	for _, role := range st.Who {
		if !w.isOne(r.By, role) {
			w.v.problem(line(r.Seq), "step %s was done without anybody as %s", r.Step, role)
		}
	}
}

// isOne reports whether one of the people is in the room in a role.
func (w *stepChecker) isOne(by []string, role string) bool {
	return slices.ContainsFunc(by, func(name string) bool { return slices.Contains(w.here[role], name) })
}

// quorum checks that everybody is there whom the plan demands.
func (w *stepChecker) quorum(r event.Record) {
	var short []string
	for _, role := range w.plan.People {
		if n := len(w.here[role.Role]); n < role.Need {
			short = append(short, fmt.Sprintf("%d of %d as %s", n, role.Need, role.Role))
		}
	}
	if len(short) > 0 {
		w.v.problem(line(r.Seq), "too few people were there: %s", strings.Join(short, ", "))
	}
}
