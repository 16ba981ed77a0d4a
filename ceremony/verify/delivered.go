// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"fmt"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// Shortfall is an artifact of the plan that is not delivered.
type Shortfall struct {
	plan.Step
	artifact string
	Why      string
}

// String names the artifact and its step.
func (s Shortfall) String() string {
	return fmt.Sprintf("artifact %s of step %s (%s) is not delivered: %s", s.artifact, s.ID, s.Title, s.Why)
}

// Undelivered lists the artifacts of a plan that are not delivered, in
// the order of the plan. A ceremony is complete when there is none.
func Undelivered(p *plan.Plan, done *history.History) []Shortfall {
	var short []Shortfall
	for _, a := range p.Artifacts {
		if why := done.Artifact(a.ID).Lacks(); why != "" {
			short = append(short, Shortfall{p.StepOf(a.ID), a.ID, why})
		}
	}
	return short
}

// checkDelivered names every artifact of the plan that the bundle does not
// deliver. An open or abandoned ceremony is then incomplete; for one that was
// closed as complete it is a problem.
func (v *Verdict) checkDelivered(p *plan.Plan) {
	for _, s := range Undelivered(p, v.History) {
		if v.Outcome == event.OutcomeComplete {
			v.problem("plan/plan.json", "the ceremony was closed as complete, but %s", s)
		}
		v.Incomplete = append(v.Incomplete, s.String())
	}
	v.Incomplete = append(v.Incomplete, Unowned(p, v.History)...)
	v.checkProved(p)
	if failed := FailedStep(p, v.History); failed != nil {
		v.Failed = failed.ID
	}
}

// FailedStep gives the first step that failed and was not repeated, once all of
// what it signed is in its place.
func FailedStep(p *plan.Plan, done *history.History) *Shortfall {
	for _, a := range p.Artifacts {
		if made := done.Artifact(a.ID); made.Failure() != "" && made.Filed() {
			return &Shortfall{p.StepOf(a.ID), a.ID, a.ID + " was signed and is withheld: " + made.Failure()}
		}
	}
	return nil
}

// checkProved demands of a complete ceremony that each key which its steps generated or
// found signed its proof, also those that sign nothing else: else the record could lose
// the signature that the proof is. What a rehearsal makes in place of a key signs a
// stand-in.
func (v *Verdict) checkProved(p *plan.Plan) {
	if v.Outcome != event.OutcomeComplete {
		return
	}
	done := NewReplay(p, v.History)
	for _, k := range p.Keys {
		signs := k.Source == plan.KeyGenerated || v.Mode == event.Run
		if made, ok := done.Keys[k.ID]; ok && signs && !done.Proved[k.ID] {
			v.problem(transcripts.JournalPath, "key %s, whose public key has SHA-256 %s, was generated or found, but no key.proved shows that it signs", k.ID, made.SPKISHA256)
		}
	}
}
