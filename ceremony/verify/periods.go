// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
)

// period is a plan while it is in force, with what was made by then. What was done under a
// plan follows from that plan: an amendment may leave out or change whatever is not signed,
// and what was signed and is withheld, once its step is repeated.
type period struct {
	*plan.Builder
	names names // of keys
}

// follow gives each plan a builder. They differ in the plan alone, and hold the same.
func (re *Verifier) follow() {
	for _, p := range re.Verdict.plans {
		b := *re.Builder
		b.Loaded = p.Loaded
		re.periods = append(re.periods, period{&b, namesOf(p.Plan, re.Verdict.History)})
	}
}

// at is the plan that was in force at a line.
func (re *Verifier) at(seq int) period {
	return re.periods[re.Verdict.planNumber(seq)]
}

// key gives the key of the plan that a token found or made; nil where it is none of them.
func (p period) key(k *event.Key) *plan.Key { return p.Plan.Key(p.names.of(k)) }
