// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"fmt"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
)

// redoing has steps repeated that failed.
type redoing struct {
	*session
	state   *state
	room    *room
	keys    *keys
	signing *signing
}

// redo has people decide that a step is repeated, before the steps continue.
// What the earlier attempt left stays: its keys are parked on the token or
// destroyed, and a certificate that it signed is issued and withheld.
func (r *redoing) redo(id string) error {
	st, err := r.step(id)
	if err != nil {
		return err
	}
	if err := r.redoable(st); err != nil {
		return err
	}
	keys, err := r.keys.left(st)
	if err != nil {
		return err
	}
	r.say("\n%s", plan.Rule("Step "+id+" is repeated"))
	r.say("      %s", st.Title)
	e := r.nextAttempt(st)
	if st.Kind == plan.StepSign {
		e.Artifact = st.Artifact
	}
	if r.state.possible(e.Artifact) {
		r.say("      Outcome of C_Sign for %s unknown, a signature may exist.\n      It counts as issued, and its serial number is used up.", e.Artifact)
	}
	d, destroy, err := r.decide(&e, keys)
	if err != nil {
		return err
	}
	if err := r.copies(st, d.DecidedBy); err != nil {
		return err
	}
	if err := r.note(d, r.o.People.How(), d.DecidedBy...); err != nil {
		return err
	}
	if destroy {
		for _, k := range keys {
			if err := r.keys.destroyPair(k.Key, k.label, k.Handle); err != nil {
				return err
			}
		}
	}
	if err := r.redone(e, st); err != nil {
		return err
	}
	_, err = r.journal.Seal()
	return err
}

// step finds a step by its number.
func (r *redoing) step(id string) (*plan.Step, error) {
	if st := r.state.Plan.Step(id); st != nil {
		return st, nil
	}
	return nil, r.state.at(stepUnknown).refuse(fmt.Sprintf("the plan has no step %q", id))
}

// failed has every step repeated whose artifact is withheld: no plan that
// takes the place of another makes a failed check good.
func (r *redoing) failed() error {
	for _, a := range r.state.Plan.Artifacts {
		failure := r.state.replay.Artifact(a.ID).Failure()
		if failure == "" {
			continue
		}
		r.say("\n%s", plan.Indent(a.ID+" was signed and is withheld: "+failure, 6))
		if err := r.redo(r.state.Plan.SigningStep(a.ID).ID); err != nil {
			return err
		}
	}
	return nil
}

// nextAttempt is the event of a step that is repeated, which left nothing.
func (r *redoing) nextAttempt(st *plan.Step) event.StepRedone {
	return event.StepRedone{Step: st.ID, Attempt: max(r.state.replay.Attempt(st.ID), 1) + 1, Earlier: event.EarlierVoid}
}

// redone records that a step is repeated: what it did is no part of what was done.
func (r *redoing) redone(e event.StepRedone, st *plan.Step) error {
	if err := r.note(e, event.Observed); err != nil {
		return err
	}
	r.state.recall(r.journal)
	r.forget(st)
	return nil
}

// copies has steps repeated that backed up what a step will make anew. It
// comes before that step: after a crash in between they are done once too often,
// and never once too few.
func (r *redoing) copies(st *plan.Step, by []string) error {
	for i := range r.state.Plan.Steps {
		c := &r.state.Plan.Steps[i]
		if !r.state.replay.Done(c.ID) || !c.Copies(st.Keys) {
			continue
		}
		r.say("      Step %s backed up keys of the earlier attempt, so it is repeated too.", c.ID)
		d := event.DeviationRecorded{Expected: "the keys that step " + c.ID + " backed up are used",
			Happened: "step " + st.ID + " is repeated and generates new keys", Decision: "step " + c.ID + " is repeated", DecidedBy: by}
		if err := r.note(d, r.o.People.How(), by...); err != nil {
			return err
		}
		if err := r.redone(r.nextAttempt(c), c); err != nil {
			return err
		}
	}
	return nil
}

// decide asks why and what becomes of the keys, which is the deviation.
func (r *redoing) decide(e *event.StepRedone, keys []keyLeft) (d event.DeviationRecorded, destroy bool, err error) {
	if err = r.room.deviation(&d, "What was expected of step "+e.Step, "What happened instead", "Why the step is repeated"); err != nil {
		return d, false, err
	}
	if d.DecidedBy, err = r.room.mustAgree("again", "Do step "+e.Step+" again", stopped); err != nil {
		return d, false, err
	}
	for _, k := range keys {
		e.Keys = append(e.Keys, plan.SHA256Hex(k.SPKI))
		r.say("      The earlier attempt left key %s, SHA-256 of its public key (SPKI):\n%s", k.label, plan.Groups(plan.SHA256Hex(k.SPKI)))
	}
	if len(keys) > 0 {
		destroy, d.DecidedBy, err = r.room.decide("destroy", "park", "Destroy the keys of the earlier attempt, or park them on the token")
		e.Earlier = map[bool]string{true: event.EarlierDestroyed, false: event.EarlierParked}[destroy]
	}
	return d, destroy, err
}

// redoable refuses a step that never failed, or on which others were built.
func (r *redoing) redoable(st *plan.Step) error {
	refuse := func(what problem, format string, args ...any) error {
		return r.state.at(what).refuse("step " + st.ID + " cannot be repeated: " + fmt.Sprintf(format, args...))
	}
	switch {
	case st.Kind == plan.StepSection:
		return refuse(stepSection, "it is a section")
	case !r.state.replay.StepBegun(st.ID):
		return refuse(stepNotFailed, "it has not started")
	case st.Kind == plan.StepSign && r.state.possible(st.Artifact):
	case st.Kind == plan.StepSign && r.state.replay.Signed(st.Artifact) == nil:
		return refuse(stepNotFailed, "it has signed nothing")
	case st.Kind == plan.StepSign && r.state.replay.Artifact(st.Artifact).Failure() == "":
		return refuse(stepDelivered, "%s is issued and delivered", st.Artifact)
	}
	for _, k := range st.Keys {
		for _, a := range r.state.Plan.Artifacts {
			if r.state.replay.Signed(a.ID) != nil && (a.SubjectKey == plan.KeyRef(k).SPKI() || a.IssuerKey == plan.KeyRef(k)) {
				return refuse(stepSigned, "%s was signed with or for key %s", a.ID, k)
			}
		}
	}
	return nil
}

// forget lets the next attempt begin with nothing of the earlier one.
func (r *redoing) forget(st *plan.Step) {
	for _, k := range st.Keys {
		r.keys.forget(k)
	}
	r.signing.forget(st.Artifact)
}
