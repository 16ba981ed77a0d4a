// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// TestStepsVerified guards an auditor against a record in which steps were left
// out, swapped, or done by people who were not there.
func TestStepsVerified(t *testing.T) {
	p := ceremonytest.Twice(t)
	good := []event.Record{
		{Event: event.CheckpointSealed{}},
		{Event: event.ParticipantArrived{Person: "alice", Role: "administrator"}},
		{Event: event.ParticipantArrived{Person: "bob", Role: "internal-witness"}},
	}
	for i, st := range p.Plan.Steps {
		if st.Kind == plan.StepSection {
			if i > 0 {
				good = append(good, event.Record{Event: event.CheckpointSealed{}}, event.Record{Event: event.DigestRead{What: event.WhatHead}})
			}
			continue
		}
		good = append(good, event.Record{Step: st.ID, Event: event.StepStarted{Title: st.Title, Kind: string(st.Kind)}})
		if fields := rehearsed(st); len(fields) > 0 {
			good = append(good, event.Record{Step: st.ID, By: []string{"alice"}, Event: event.StepRecorded{Fields: fields}})
		}
		good = append(good, event.Record{Step: st.ID, By: []string{"alice", "bob"}, Event: event.StepFinished{Outcome: event.StepDone}})
	}
	without := func(n int) func([]event.Record) []event.Record {
		return func(r []event.Record) []event.Record { return slices.Delete(r, n, n+1) }
	}
	insert := func(n int, e event.Event, by ...string) func([]event.Record) []event.Record {
		return func(r []event.Record) []event.Record {
			return slices.Insert(r, n, event.Record{Event: e, By: by})
		}
	}
	write := func(fields map[string]string) func([]event.Record) []event.Record {
		return func(r []event.Record) []event.Record {
			r[4].Event = event.StepRecorded{Fields: fields}
			return r
		}
	}
	for want, change := range map[string]func([]event.Record) []event.Record{
		"": slices.Clone[[]event.Record],
		"began without a head that was read aloud and sealed": func(r []event.Record) []event.Record {
			return slices.DeleteFunc(r, func(r event.Record) bool { return r.Event.Type() == "digest.read" })
		},
		"too few people were present: 0 of 1 as internal-witness": without(2),
		"the plan does not name bob as administrator":             insert(3, event.ParticipantArrived{Person: "bob", Role: "administrator"}),
		"step 2 began before step 1 was done":                     without(5),
		"was planned and never done":                              func(r []event.Record) []event.Record { return r[:len(r)-1] },
		"no internal-witness confirmed the signature":             insert(3, event.SignatureConfirmed{}, "alice"),
		"no internal-witness ended the ceremony for good":         insert(3, event.DeviationRecorded{Exception: event.ExceptionAbandoned, DecidedBy: []string{"alice"}}, "alice"),
		"step 1 was done without the field clock":                 without(4),
		"the field clock: the answer is empty":                    write(map[string]string{"clock": ""}),
		`the plan has no field "colour" in step 1`:                write(map[string]string{"clock": "ten", "colour": "red"}),
		"step 1 was done without anybody in role administrator": func(r []event.Record) []event.Record {
			r[5].By = []string{"bob"}
			return r
		},
		"step 1 differs from the plan": func(r []event.Record) []event.Record {
			r[3].Event = event.StepStarted{Title: "Look away.", Kind: "do"}
			return r
		},
		"step 1 was done at line 6, and nothing says that it is repeated": func(r []event.Record) []event.Record {
			return slices.Insert(r, 6, slices.Clone(r[3:6])...)
		},
		"the plan has no step 99": func(r []event.Record) []event.Record {
			return append(r, event.Record{Step: "99", Event: event.StepStarted{}})
		},
	} {
		v := &Verdict{Verdict: &transcripts.Verdict{Mode: event.Rehearsal, Records: change(slices.Clone(good)), Outcome: event.OutcomeComplete}, plans: []planPeriod{{Preview: p}}}
		for i := range v.Records {
			v.Records[i].Seq = i + 1
		}
		checkSteps(v)
		var said []string
		for _, problem := range v.Problems {
			said = append(said, problem.String())
		}
		if all := strings.Join(said, "\n"); (want == "") != (all == "") || !strings.Contains(all, want) {
			t.Errorf("want %q, got:\n%s", want, all)
		}
	}
}

// checkSteps holds the lines of a verdict to its plans.
func checkSteps(v *Verdict) {
	w := &stepChecker{v: v}
	for before, r := range history.Before(v.Records) {
		w.line(before, r)
	}
	w.end()
}

// rehearsed gives what a step has people write down.
func rehearsed(st plan.Step) map[string]string {
	fields := map[string]string{}
	for _, f := range st.Record {
		fields[f.Name] = f.Rehearsed()
	}
	return fields
}

// TestQuorumCountsPeople guards against one witness who counts as two, because two
// events say that the same person came.
func TestQuorumCountsPeople(t *testing.T) {
	p := ceremonytest.Twice(t)
	for i := range p.Plan.People {
		if r := &p.Plan.People[i]; r.Role == plan.RoleWitness {
			r.Need, r.Of = 2, append(r.Of, "carol")
		}
	}
	for second, want := range map[string]bool{"carol": false, "bob": true} {
		v := &Verdict{Verdict: &transcripts.Verdict{Records: []event.Record{
			{Seq: 1, Event: event.SessionStarted{}},
			{Seq: 2, Event: event.ParticipantArrived{Person: "alice", Role: plan.RoleAdministrator}},
			{Seq: 3, Event: event.ParticipantArrived{Person: "bob", Role: plan.RoleWitness}},
			{Seq: 4, Event: event.ParticipantArrived{Person: second, Role: plan.RoleWitness}},
			{Seq: 5, Event: event.SignatureConfirmed{}, By: []string{"alice", "bob"}},
		}}, plans: []planPeriod{{Preview: p}}}
		checkSteps(v)
		if got := len(v.Problems) > 0 && strings.Contains(v.Problems[0].What, "1 of 2 as internal-witness"); got != want {
			t.Errorf("bob and %s: %v", second, v.Problems)
		}
	}
}

// TestArrivalsAnsweredFor guards against a record in which others than administrator and
// witness say who came, but for who comes.
func TestArrivalsAnsweredFor(t *testing.T) {
	for by, want := range map[string]string{"alice": "", "bob": "", "carol": "", "dana": "participant.arrived by dana, who came as external-auditor", "erin": "participant.arrived by erin, who did not arrive"} {
		arrived := func(seq int, who, role string, by ...string) event.Record {
			return event.Record{Seq: seq, Event: event.ParticipantArrived{Person: who, Role: role}, By: by}
		}
		c := newSessionChecker(&Verdict{Verdict: &transcripts.Verdict{Records: []event.Record{
			{Seq: 1, Event: event.SessionStarted{}},
			arrived(2, "alice", plan.RoleAdministrator, "alice", "bob"), arrived(3, "bob", plan.RoleWitness, "alice", "bob"),
			arrived(4, "carol", "external-auditor", by), arrived(5, "dana", "external-auditor", "alice", "bob"),
			{Seq: 6, Event: event.TokenOpened{}},
		}}})
		for before, r := range history.Before(c.v.Records) {
			c.line(before, r)
		}
		said := ""
		for _, p := range c.v.Problems {
			if strings.Contains(p.What, "participant.arrived by") {
				said = p.What
			}
		}
		if said != want {
			t.Errorf("carol by %s: %q, want %q", by, said, want)
		}
	}
}
