// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"fmt"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
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
	started := event.StepStarted{Title: st.Title, Kind: string(st.Kind), Attempt: s.work.past.Attempts[st.ID]}
	s.say("")
	s.moment()
	if err := s.note(started, event.Observed); err != nil {
		return err
	}
	var err error
	by := []string{}
	switch st.Kind {
	case plan.StepDo, plan.StepPause:
		by, err = s.do(st)
	case plan.StepGenerate:
		err = s.keys.generateAll(st, last)
	case plan.StepUse:
		err = s.keys.useAll(st)
	case plan.StepSign:
		by, err = s.signing.sign(s.work.Plan.Artifact(st.Artifact))
	}
	if err != nil {
		return err
	}
	how := event.Observed
	if len(by) > 0 {
		how = s.o.People.How()
	}
	if err := s.note(event.StepFinished{Outcome: event.StepDone}, how, by...); err != nil || st.Kind != plan.StepPause {
		return err
	}
	s.step = ""
	if s.o.Mode == event.Rehearsal {
		s.say("      A rehearsal goes on at once; in the ceremony the tokens are closed now.")
		return s.paper.readHead()
	}
	return &pause{reason: st.Title}
}

// moment puts on the screen what makes a video searchable: time, number of the
// next event, ceremony.
func (s *steps) moment() {
	s.say("      %s · event %d · %s", plan.Stamp(s.clock.Now()), len(s.journal.Records())+1, s.work.Plan.Ceremony.ID)
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
		if err := s.note(event.StepRecorded{Fields: fields}, s.o.People.How(), names(s.room.withRole(st.Who...))...); err != nil {
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

// readBack has people type the digest that another machine printed, until it is
// the expected one; what was wrong is recorded.
func (s *steps) readBack(f plan.Field, want, of string) (string, error) {
	if s.o.People.How() == event.Simulated {
		return want, nil
	}
	for {
		typed, err := s.room.typed("the field "+f.Name, func() (string, error) { return s.o.People.Field(f) })
		if err != nil || typed == want {
			return typed, err
		}
		s.say("      The other machine read something else than %s.\n      Look at what it read, and read it again.", of)
		e := event.ConfirmationRefused{TBSSHA256: want, Entered: typed, Reason: "another digest than that of " + of + " in the field " + f.Name}
		if err := s.note(e, s.o.People.How(), s.room.two()...); err != nil {
			return "", err
		}
	}
}
