// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"fmt"
	"slices"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts"
)

// steps performs all steps in order. After each run of generate steps, fresh
// processes prove that the new keys are there.
func (r *runner) steps() error {
	for i, st := range r.p.Plan.Steps {
		if r.past.Done[st.ID] || r.behind(i) {
			continue
		}
		r.step = st.ID
		if st.Kind == plan.StepSection {
			r.step = ""
			if err := r.section(i, st); err != nil {
				return err
			}
			continue
		}
		last := i+1 == len(r.p.Plan.Steps) || r.p.Plan.Steps[i+1].Kind != plan.StepGenerate
		if err := r.perform(st, last); err != nil {
			return fmt.Errorf("step %s (%s): %w", st.ID, st.Title, err)
		}
	}
	r.step = ""
	return nil
}

// section ends the section before it with its head, and begins its own.
func (r *runner) section(i int, st plan.Step) error {
	if i > 0 {
		if err := r.readHead(); err != nil {
			return err
		}
	} else if _, err := r.j.Seal(); err != nil {
		return err
	}
	r.say("\n%s", plan.Rule(st.Title)) // its first step shows the time
	return nil
}

// behind reports whether a section was begun in an earlier session: its first
// step is done.
func (r *runner) behind(i int) bool {
	steps := r.p.Plan.Steps
	return steps[i].Kind == plan.StepSection && i+1 < len(steps) && r.past.Done[steps[i+1].ID]
}

// perform does one step between its two events. last tells that no generate
// step follows.
func (r *runner) perform(st plan.Step, last bool) error {
	started := transcripts.StepStarted{Title: st.Title, Kind: string(st.Kind), Attempt: r.past.Attempts[st.ID]}
	r.say("")
	r.moment()
	if err := r.note(started, transcripts.Observed); err != nil {
		return err
	}
	var err error
	by := []string{}
	switch st.Kind {
	case plan.StepDo, plan.StepPause:
		by, err = r.do(st)
	case plan.StepGenerate:
		err = r.generateStep(st, last)
	case plan.StepUse:
		err = r.useStep(st)
	case plan.StepSign:
		by, err = r.sign(r.p.Plan.Artifact(st.Artifact))
	}
	if err != nil {
		return err
	}
	how := transcripts.Observed
	if len(by) > 0 {
		how = r.o.People.How()
	}
	if err := r.note(transcripts.StepFinished{Outcome: transcripts.StepDone}, how, by...); err != nil || st.Kind != plan.StepPause {
		return err
	}
	r.step = ""
	if r.o.Mode == transcripts.Rehearsal {
		r.say("      A rehearsal goes on at once; in the ceremony the tokens are closed now.")
		return r.readHead()
	}
	return &pause{reason: st.Title}
}

// do has people do something and write things down.
func (r *runner) do(st plan.Step) ([]string, error) {
	r.say("%4s  %s", st.ID, strings.TrimLeft(plan.Indent(st.Title, 6), " "))
	fields := map[string]string{}
	for _, f := range st.Record {
		ask := func() (string, error) {
			return r.typed("the field "+f.Name, func() (string, error) { return r.o.People.Field(f) })
		}
		if want, of := f.Expected(r.j.Records()); of != "" {
			ask = func() (string, error) { return r.readBack(f, want, of) }
		}
		text, err := ask()
		if err != nil {
			return nil, err
		}
		fields[f.Name] = text
	}
	if len(fields) > 0 {
		if err := r.note(transcripts.StepRecorded{Fields: fields}, r.o.People.How(), names(r.withRole(st.Who...))...); err != nil {
			return nil, err
		}
	}
	var who []Person
	err := r.asking(func() error {
		who = r.withRole(st.Who...)
		return r.o.People.Done(who)
	})
	return names(who), err
}

func names(people []Person) []string {
	out := []string{}
	for _, p := range people {
		out = append(out, p.Name)
	}
	return out
}

func (r *runner) generateStep(st plan.Step, last bool) error {
	for _, id := range st.Keys {
		k := r.p.Plan.Key(id)
		r.unproved = append(r.unproved, id)
		if r.handles[id].ID != nil { // made in an earlier session
			if err := r.accept(k); err != nil {
				return err
			}
			continue
		}
		r.say("%4s  Generating key %s (%s) on token %s", st.ID, id, k.Algorithm, k.Token)
		if attempt := r.past.Attempts[st.ID]; attempt > 1 {
			r.say("      attempt %d, under the label %q", attempt, r.label(k))
		}
		if err := r.generate(k); err != nil {
			return err
		}
		r.say("      SHA-256 of its public key (SPKI):\n%s", plan.Groups(plan.SHA256Hex(r.w.Keys[id])))
		if err := r.accept(k); err != nil {
			return err
		}
	}
	if !last {
		return nil
	}
	return r.prove()
}

// prove restarts the workers of all tokens with new keys, finds each key again
// and has it sign a certificate request for its own name.
func (r *runner) prove() error {
	restarted := []string{}
	for _, id := range r.withEarlier(r.unproved) {
		if r.past.Proved[id] {
			continue
		}
		k := r.p.Plan.Key(id)
		if op := r.past.Proofs[id]; op != 0 { // signed and recorded, when the session was cut off
			if err := r.keyProved(k, "request", op); err != nil {
				return err
			}
			continue
		}
		t := r.tokens[k.Token]
		if !slices.Contains(restarted, k.Token) {
			r.say("\n      A fresh process looks for the new keys on token %s", k.Token)
			if err := t.Restart(r.ctx); err != nil {
				return err
			}
			if err := r.note(transcripts.TokenRestarted{Token: k.Token, Reason: "new keys must be found by a fresh process"}, transcripts.Observed); err != nil {
				return err
			}
			restarted = append(restarted, k.Token)
		}
		pair, err := r.locate(k, r.label(k), r.handles[id].ID, r.w.Keys[id])
		if err != nil {
			return fmt.Errorf("key %s was generated but is not found again: %w", id, err)
		}
		r.handles[id] = pair.Handle()
		if err := r.proveBySigning(k); err != nil {
			return err
		}
	}
	r.unproved = nil
	_, err := r.j.Seal()
	return err
}

// withEarlier adds the keys of generate steps that an earlier session finished
// without the proof that follows the last of them.
func (r *runner) withEarlier(ids []string) []string {
	var out []string
	for _, k := range r.p.Plan.Keys {
		made := r.handles[k.ID].ID != nil && k.Source == plan.KeyGenerated
		if slices.Contains(ids, k.ID) || made && r.past.Keys[k.ID].ID != "" {
			out = append(out, k.ID)
		}
	}
	return out
}

// useStep finds keys that exist; in a rehearsal it makes stand-ins.
func (r *runner) useStep(st plan.Step) error {
	for _, id := range st.Keys {
		k := r.p.Plan.Key(id)
		if r.w.Rehearsal {
			if err := r.standIn(st, k); err != nil {
				return err
			}
			continue
		}
		spki, err := r.p.InputSPKI(k.Input, false)
		if err != nil {
			return err
		}
		r.say("%4s  Looking for key %s on token %s", st.ID, id, k.Token)
		pair, err := r.locate(k, "", nil, spki)
		if err != nil {
			return err
		}
		r.handles[id], r.w.Keys[id] = pair.Handle(), spki
		r.say("      found; SHA-256 of its public key (SPKI):\n%s", plan.Groups(plan.SHA256Hex(spki)))
		if lost := eventKey(pair).Restored(); len(lost) > 0 {
			r.say("      restored or imported: the module reports as false %s", strings.Join(lost, ", "))
		}
		if err := r.accept(k); err != nil {
			return err
		}
		if err := r.keyProved(k, "found", 0); err != nil {
			return err
		}
	}
	return nil
}
