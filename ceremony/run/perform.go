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

// steps carries out the steps of the plan, in their order.
type steps struct {
	*session
	work    *work
	room    *room
	paper   *paper
	keys    *keys
	signing *signing
}

// carryOut performs all steps in order. After each run of generate steps, fresh
// processes prove that the new keys are there.
func (s *steps) carryOut() error {
	for i, st := range s.work.Plan.Steps {
		if s.work.past.Done[st.ID] || s.behind(i) {
			continue
		}
		s.step = st.ID
		if st.Kind == plan.StepSection {
			s.step = ""
			if err := s.section(i, st); err != nil {
				return err
			}
			continue
		}
		last := i+1 == len(s.work.Plan.Steps) || s.work.Plan.Steps[i+1].Kind != plan.StepGenerate
		if err := s.perform(st, last); err != nil {
			return fmt.Errorf("step %s (%s): %w", st.ID, st.Title, err)
		}
	}
	s.step = ""
	return nil
}

// section ends the section before it with its head, and begins its own.
func (s *steps) section(i int, st plan.Step) error {
	if i > 0 {
		if err := s.paper.readHead(); err != nil {
			return err
		}
	} else if _, err := s.journal.Seal(); err != nil {
		return err
	}
	s.say("\n%s", plan.Rule(st.Title)) // its first step shows the time
	return nil
}

// behind reports whether a section was begun in an earlier session: its first
// step is done.
func (s *steps) behind(i int) bool {
	steps := s.work.Plan.Steps
	return steps[i].Kind == plan.StepSection && i+1 < len(steps) && s.work.past.Done[steps[i+1].ID]
}

// perform does one step between its two events. last tells that no generate
// step follows.
func (s *steps) perform(st plan.Step, last bool) error {
	started := transcripts.StepStarted{Title: st.Title, Kind: string(st.Kind), Attempt: s.work.past.Attempts[st.ID]}
	s.say("")
	s.moment()
	if err := s.note(started, transcripts.Observed); err != nil {
		return err
	}
	var err error
	by := []string{}
	switch st.Kind {
	case plan.StepDo, plan.StepPause:
		by, err = s.do(st)
	case plan.StepGenerate:
		err = s.keys.generateStep(st, last)
	case plan.StepUse:
		err = s.keys.useStep(st)
	case plan.StepSign:
		by, err = s.signing.sign(s.work.Plan.Artifact(st.Artifact))
	}
	if err != nil {
		return err
	}
	how := transcripts.Observed
	if len(by) > 0 {
		how = s.o.People.How()
	}
	if err := s.note(transcripts.StepFinished{Outcome: transcripts.StepDone}, how, by...); err != nil || st.Kind != plan.StepPause {
		return err
	}
	s.step = ""
	if s.o.Mode == transcripts.Rehearsal {
		s.say("      A rehearsal goes on at once; in the ceremony the tokens are closed now.")
		return s.paper.readHead()
	}
	return &pause{reason: st.Title}
}

// do has people do something and write things down.
func (s *steps) do(st plan.Step) ([]string, error) {
	s.say("%4s  %s", st.ID, strings.TrimLeft(plan.Indent(st.Title, 6), " "))
	fields := map[string]string{}
	for _, f := range st.Record {
		ask := func() (string, error) {
			return s.room.typed("the field "+f.Name, func() (string, error) { return s.o.People.Field(f) })
		}
		if want, of := f.Expected(s.journal.Records()); of != "" {
			ask = func() (string, error) { return s.readBack(f, want, of) }
		}
		text, err := ask()
		if err != nil {
			return nil, err
		}
		fields[f.Name] = text
	}
	if len(fields) > 0 {
		if err := s.note(transcripts.StepRecorded{Fields: fields}, s.o.People.How(), names(s.room.withRole(st.Who...))...); err != nil {
			return nil, err
		}
	}
	var who []Person
	err := s.room.asking(func() error {
		who = s.room.withRole(st.Who...)
		return s.o.People.Done(who)
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

func (ks *keys) generateStep(st plan.Step, last bool) error {
	for _, id := range st.Keys {
		k := ks.work.Plan.Key(id)
		ks.unproved = append(ks.unproved, id)
		if ks.handles[id].ID != nil { // made in an earlier session
			if err := ks.accept(k); err != nil {
				return err
			}
			continue
		}
		ks.say("%4s  Generating key %s (%s) on token %s", st.ID, id, k.Algorithm, k.Token)
		if attempt := ks.work.past.Attempts[st.ID]; attempt > 1 {
			ks.say("      attempt %d, under the label %q", attempt, ks.work.label(k))
		}
		if err := ks.generate(k); err != nil {
			return err
		}
		ks.say("      SHA-256 of its public key (SPKI):\n%s", plan.Groups(plan.SHA256Hex(ks.work.Keys[id])))
		if err := ks.accept(k); err != nil {
			return err
		}
	}
	if !last {
		return nil
	}
	return ks.prove()
}

// prove restarts the workers of all tokens with new keys, finds each key again
// and has it sign a certificate request for its own name.
func (ks *keys) prove() error {
	restarted := []string{}
	for _, id := range ks.withEarlier(ks.unproved) {
		if ks.work.past.Proved[id] {
			continue
		}
		k := ks.work.Plan.Key(id)
		if op := ks.work.past.Proofs[id]; op != 0 { // signed and recorded, when the session was cut off
			if err := ks.keyProved(k, "request", op); err != nil {
				return err
			}
			continue
		}
		t := ks.tokens.byName[k.Token]
		if !slices.Contains(restarted, k.Token) {
			ks.say("\n      A fresh process looks for the new keys on token %s", k.Token)
			if err := t.Restart(ks.ctx); err != nil {
				return err
			}
			if err := ks.note(transcripts.TokenRestarted{Token: k.Token, Reason: "new keys must be found by a fresh process"}, transcripts.Observed); err != nil {
				return err
			}
			restarted = append(restarted, k.Token)
		}
		pair, err := ks.locate(k, ks.work.label(k), ks.handles[id].ID, ks.work.Keys[id])
		if err != nil {
			return fmt.Errorf("key %s was generated but is not found again: %w", id, err)
		}
		ks.handles[id] = pair.Handle()
		if err := ks.proveBySigning(k); err != nil {
			return err
		}
	}
	ks.unproved = nil
	_, err := ks.journal.Seal()
	return err
}

// withEarlier adds the keys of generate steps that an earlier session finished
// without the proof that follows the last of them.
func (ks *keys) withEarlier(ids []string) []string {
	var out []string
	for _, k := range ks.work.Plan.Keys {
		made := ks.handles[k.ID].ID != nil && k.Source == plan.KeyGenerated
		if slices.Contains(ids, k.ID) || made && ks.work.past.Keys[k.ID].ID != "" {
			out = append(out, k.ID)
		}
	}
	return out
}

// useStep finds keys that exist; in a rehearsal it makes stand-ins.
func (ks *keys) useStep(st plan.Step) error {
	for _, id := range st.Keys {
		k := ks.work.Plan.Key(id)
		if ks.work.Rehearsal {
			if err := ks.standIn(st, k); err != nil {
				return err
			}
			continue
		}
		spki, err := ks.work.InputSPKI(k.Input, false)
		if err != nil {
			return err
		}
		ks.say("%4s  Looking for key %s on token %s", st.ID, id, k.Token)
		pair, err := ks.locate(k, "", nil, spki)
		if err != nil {
			return err
		}
		ks.handles[id], ks.work.Keys[id] = pair.Handle(), spki
		ks.say("      found; SHA-256 of its public key (SPKI):\n%s", plan.Groups(plan.SHA256Hex(spki)))
		if lost := eventKey(pair).Restored(); len(lost) > 0 {
			ks.say("      restored or imported: the module reports as false %s", strings.Join(lost, ", "))
		}
		if err := ks.accept(k); err != nil {
			return err
		}
		if err := ks.keyProved(k, "found", 0); err != nil {
			return err
		}
	}
	return nil
}
