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
)

// TestStepsJudged guards an auditor against a record in which steps were left
// out, swapped, or done by people who were not there.
func TestStepsJudged(t *testing.T) {
	p := ceremonytest.Twice(t)
	good := []transcripts.Record{
		{Event: transcripts.SessionStarted{}},
		{Event: transcripts.ParticipantArrived{Person: "alice", Role: "administrator"}},
		{Event: transcripts.ParticipantArrived{Person: "bob", Role: "internal-witness"}},
	}
	for _, st := range p.Plan.Steps {
		if st.Kind == plan.StepSection {
			continue
		}
		good = append(good, transcripts.Record{Step: st.ID, Event: transcripts.StepStarted{Title: st.Title, Kind: string(st.Kind)}},
			transcripts.Record{Step: st.ID, By: []string{"alice", "bob"}, Event: transcripts.StepFinished{Outcome: transcripts.StepDone}})
	}
	without := func(n int) func([]transcripts.Record) []transcripts.Record {
		return func(r []transcripts.Record) []transcripts.Record { return slices.Delete(r, n, n+1) }
	}
	insert := func(n int, e transcripts.Event, by ...string) func([]transcripts.Record) []transcripts.Record {
		return func(r []transcripts.Record) []transcripts.Record {
			return slices.Insert(r, n, transcripts.Record{Event: e, By: by})
		}
	}
	for want, change := range map[string]func([]transcripts.Record) []transcripts.Record{
		"": slices.Clone[[]transcripts.Record],
		"too few people were there: 0 of 1 as internal-witness": without(2),
		"the plan does not name bob as administrator":           insert(3, transcripts.ParticipantArrived{Person: "bob", Role: "administrator"}),
		"step 3 began before step 2 was done":                   without(4),
		"was planned and never done":                            func(r []transcripts.Record) []transcripts.Record { return r[:len(r)-1] },
		"no internal-witness confirmed the signature":           insert(3, transcripts.SignatureConfirmed{}, "alice"),
		"step 2 was done without anybody as administrator": func(r []transcripts.Record) []transcripts.Record {
			r[4].By = []string{"bob"}
			return r
		},
		"step 2 is not the one of the plan": func(r []transcripts.Record) []transcripts.Record {
			r[3].Event = transcripts.StepStarted{Title: "Look away.", Kind: "do"}
			return r
		},
		"the plan has no step 99": func(r []transcripts.Record) []transcripts.Record {
			return append(r, transcripts.Record{Step: "99", Event: transcripts.StepStarted{}})
		},
	} {
		v := &Verdict{Verdict: &transcripts.Verdict{Records: change(slices.Clone(good)), Outcome: transcripts.OutcomeComplete}, plans: []planPeriod{{Preview: p}}}
		for i := range v.Records {
			v.Records[i].Seq = i + 1
		}
		v.checkSteps()
		var said []string
		for _, problem := range v.Problems {
			said = append(said, problem.String())
		}
		if all := strings.Join(said, "\n"); (want == "") != (all == "") || !strings.Contains(all, want) {
			t.Errorf("want %q, got:\n%s", want, all)
		}
	}
}
