// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"fmt"
	"slices"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
)

// steps carries out the steps of the plan, in their order.
type steps struct {
	*session
	state   *state
	room    *room
	paper   *paper
	keys    *keys
	signing *signing
	scale   float64 // of simulated time; 0 before the first step
}

// carryOut performs all steps in order. After each run of generate steps, fresh
// processes prove that the new keys are there.
func (s *steps) carryOut() error {
	for i, st := range s.state.Plan.Steps {
		if s.state.replay.Done(st.ID) || s.sectionBegun(i) {
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
		if err := s.perform(st); err != nil {
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

// sectionBegun reports whether a section was begun in an earlier session: its first
// step is done.
func (s *steps) sectionBegun(i int) bool {
	steps := s.state.Plan.Steps
	return steps[i].Kind == plan.StepSection && i+1 < len(steps) && s.state.replay.Done(steps[i+1].ID)
}

// performing is what differs between the kinds of steps in the room.
type performing struct {
	// do does the step, and names the people who said that it is done.
	do func(s *steps, st plan.Step) (by []string, err error)
	// then is what follows when the step was recorded as done; nil for nothing.
	then func(s *steps, st plan.Step) error
}

// performings have a row for each kind but the section, which is a heading.
var performings = map[plan.StepKind]performing{
	plan.StepDo:       {do: (*steps).people},
	plan.StepPause:    {do: (*steps).people, then: (*steps).pause},
	plan.StepGenerate: {do: (*steps).generate},
	plan.StepUse:      {do: (*steps).use},
	plan.StepSign:     {do: (*steps).sign},
}

// perform does one step between its two events.
func (s *steps) perform(st plan.Step) error {
	row, known := performings[st.Kind]
	if !known {
		return fmt.Errorf("this program does not know how a step %q is done", st.Kind)
	}
	started := event.StepStarted{Title: st.Title, Kind: string(st.Kind), Attempt: s.state.replay.Attempt(st.ID)}
	s.say("")
	s.moment()
	if err := s.note(started, event.Observed); err != nil {
		return err
	}
	by, err := row.do(s, st)
	if err != nil {
		return err
	}
	s.pass(st)
	how := event.Observed
	if len(by) > 0 {
		how = s.o.People.How()
	}
	if err := s.note(event.StepFinished{Outcome: event.StepDone}, how, by...); err != nil {
		return err
	}
	s.step = "" // what people say from here on is not of this step
	if s.state.Plan.HeadAfter(st.ID) {
		if err := s.paper.headAtStep(); err != nil {
			return err
		}
	}
	if row.then == nil {
		return nil
	}
	return row.then(s, st)
}

// pass lets the time go by that a step takes when people do it: a rehearsal without
// people shows what a day shows. Where the steps do not fit into what is left of the
// window, each takes less; a tenth is for the work itself.
func (s *steps) pass(st plan.Step) {
	if s.o.People.How() != event.Simulated {
		return
	}
	if s.scale == 0 {
		now := s.clock.Now()
		left := s.state.Plan.Ceremony.Window.To.Sub(now)
		s.scale = max(0, min(1, 0.9*float64(left)/float64(max(1, s.state.Plan.Lasts(now)))))
	}
	s.clock.pass(time.Duration(s.scale * float64(st.Lasts(s.clock.Now()))))
}

// generate makes keys. When no step follows that makes more, fresh processes
// prove that they are there.
func (s *steps) generate(st plan.Step) ([]string, error) {
	i := slices.IndexFunc(s.state.Plan.Steps, func(o plan.Step) bool { return o.ID == st.ID })
	last := i+1 == len(s.state.Plan.Steps) || s.state.Plan.Steps[i+1].Kind != plan.StepGenerate
	return s.keys.generateAll(st, last)
}

// use finds keys that exist.
func (s *steps) use(st plan.Step) ([]string, error) { return []string{}, s.keys.useAll(st) }

// sign signs an artifact.
func (s *steps) sign(st plan.Step) ([]string, error) {
	return s.signing.sign(s.state.Plan.Artifact(st.Artifact))
}

// moment puts on the screen what makes a video searchable: time, number of the
// next event, step, ceremony.
func (s *steps) moment() {
	steps := s.state.Plan.Numbered()
	at := slices.IndexFunc(steps, func(st plan.Step) bool { return st.ID == s.step }) + 1
	s.say("%s", plan.Indent(fmt.Sprintf("%s · event %d · step %d of %d · %s",
		plan.Stamp(s.clock.Now()), len(s.journal.Records())+1, at, len(steps), s.state.Plan.Ceremony.ID), 6))
}
