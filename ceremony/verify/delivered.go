// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"cmp"
	"fmt"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
)

// delivery is how far the last attempt of an artifact has come, as the record
// says.
type delivery struct {
	signed   bool
	possible bool            // a signature may exist that nobody has seen
	files    map[string]bool // encodings that were written
	withheld bool            // by where a file was written
	checked  bool
	unclear  bool   // linting after signing did not clear it
	failed   string // the check that was not met, which no later one takes back
}

// deliveries are the artifacts of a record, by id.
type deliveries map[string]*delivery

// of gives the delivery of an artifact.
func (all deliveries) of(id string) *delivery {
	if all[id] == nil {
		all[id] = &delivery{files: map[string]bool{}}
	}
	return all[id]
}

// deliveriesOf follows the artifacts through the record. A check that was not
// met stays so until the step is done again: what the same check says later, of
// other neighbours, changes nothing.
func deliveriesOf(records []event.Record) deliveries {
	all := deliveries{}
	intents := map[int]string{} // artifacts by operation
	for _, r := range records {
		switch e := r.Event.(type) {
		case event.StepRedone:
			delete(all, e.Artifact)
		case event.OperationIntended:
			if e.What == event.WhatSign && e.Artifact != "" {
				intents[e.Operation] = e.Artifact
			}
		case event.OperationFailed:
			if id := intents[e.Operation]; id != "" {
				all.of(id).possible = all.of(id).possible || e.Effect == event.EffectUnknown
			}
		case event.OperationFinished:
			if id := intents[e.Operation]; id != "" {
				all.of(id).signed, all.of(id).possible = true, false
			}
		default:
			all.judged(r.Event)
		}
	}
	return all
}

// judged follows what was found in an artifact, and where its files went.
func (all deliveries) judged(e event.Event) {
	switch e := e.(type) {
	case event.ObjectLinted:
		if e.Stage == event.StageAfterSigning && !e.Clear {
			all.of(e.Artifact).unclear = true
			all.of(e.Artifact).fail(lintedWhy(e))
		}
	case event.ArtifactChecked:
		all.of(e.Artifact).check(e)
	case event.ArtifactWritten:
		d := all.of(e.Artifact)
		d.files[e.Encoding], d.withheld = true, d.withheld || e.Withheld != ""
	}
}

// fail keeps the first reason, which is the cause of those after it.
func (d *delivery) fail(why string) { d.failed = cmp.Or(d.failed, why) }

// failure says which check was not met, or nothing.
func (d *delivery) failure() string {
	if d == nil || !d.unclear && !d.withheld && d.failed == "" {
		return ""
	}
	return cmp.Or(d.failed, "a check after signing was not met")
}

func (d *delivery) check(e event.ArtifactChecked) {
	d.checked = true
	for _, c := range e.Checks {
		if !c.OK {
			d.fail(fmt.Sprintf("not met: %s (%s)", c.Name, cmp.Or(c.Details, "no details")))
		}
	}
}

// lintedWhy names the first finding by which an object was not clear.
func lintedWhy(e event.ObjectLinted) string {
	for _, f := range e.Findings {
		if f.Waived == nil {
			return fmt.Sprintf("%s: %s: %s", f.Status, f.Rule, cmp.Or(f.Text(), f.Citation))
		}
	}
	return "" // a check that is no rule was not met: the event after it says which
}

// why says what keeps an artifact from being delivered, or nothing.
func (d *delivery) why() string {
	switch {
	case d == nil || !d.signed && !d.possible:
		return "it was never signed"
	case !d.signed:
		return "a signature may exist that nobody has seen"
	case d.failure() != "":
		return "it was signed and is withheld: " + d.failure()
	case len(d.files) < 2:
		return "it was signed and its files were never written"
	case !d.checked:
		return "it was signed and never checked"
	}
	return ""
}

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

// Undelivered lists the artifacts of a plan that the record does not deliver, in
// the order of the plan. A ceremony is complete when there is none.
func Undelivered(p *plan.Plan, records []event.Record) []Shortfall {
	all := deliveriesOf(records)
	var short []Shortfall
	for _, a := range p.Artifacts {
		if why := all[a.ID].why(); why != "" {
			short = append(short, Shortfall{p.StepOf(a.ID), a.ID, why})
		}
	}
	return short
}

// checkDelivered names every artifact of the plan that the bundle does not
// deliver. A ceremony that goes on or was abandoned is incomplete by it; one that
// says it is complete is not what it says.
func (v *Verdict) checkDelivered(p *plan.Plan) {
	for _, s := range Undelivered(p, v.Records) {
		if v.Outcome == event.OutcomeComplete {
			v.problem("plan/plan.json", "the ceremony was closed as complete, but %s", s)
		}
		v.Incomplete = append(v.Incomplete, s.String())
	}
	if failed := FailedStep(p, v.Records); failed != nil {
		v.Failed = failed.ID
	}
}

// FailedStep gives the first step that failed and was not done again, once all of
// what it signed is in its place.
func FailedStep(p *plan.Plan, records []event.Record) *Shortfall {
	all := deliveriesOf(records)
	for _, a := range p.Artifacts {
		if d := all[a.ID]; d.failure() != "" && len(d.files) == 2 {
			return &Shortfall{p.StepOf(a.ID), a.ID, a.ID + " was signed and is withheld: " + d.failure()}
		}
	}
	return nil
}
