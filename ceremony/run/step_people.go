// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"fmt"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
)

// people do something and write things down.
func (s *steps) people(st plan.Step) ([]string, error) {
	fields := map[string]string{}
	var questions []func() error
	for _, f := range st.Record {
		questions = append(questions, func() error { return s.fill(st, f, fields) })
	}
	var who []Person
	questions = append(questions, func() error {
		return s.room.asking(func() error {
			who = s.room.withRole(st.Who...)
			return s.o.People.Done(who, len(fields) > 0)
		})
	})
	title := fmt.Sprintf("%4s  %s", st.ID, strings.TrimLeft(plan.Indent(st.Title, 6), " "))
	err := s.room.about(title, func() error { return s.room.inTurn(questions...) })
	if err == nil && len(fields) > 0 {
		err = s.note(event.StepRecorded{Fields: fields}, s.o.People.How(), names(s.room.withRole(st.Who...))...)
	}
	return names(who), err
}

// fill has people write down a field of a step. What they typed before, and correct, is
// recorded as well.
func (s *steps) fill(st plan.Step, f plan.Field, fields map[string]string) error {
	ask := func() (string, error) {
		return s.room.field("the field "+f.Name, f)
	}
	if want, of := f.Expected(s.journal.History); of != "" {
		ask = func() (string, error) { return s.readBack(f, want, of) }
	}
	text, err := ask()
	if err != nil {
		return err
	}
	before, again := fields[f.Name]
	fields[f.Name] = text
	if !again || before == text {
		return nil
	}
	corrected := fmt.Sprintf("Corrected before step %s was done: %s was typed as %q, and then as %q.", st.ID, f.Name, before, text)
	return s.note(event.NoteAdded{Text: corrected}, s.o.People.How(), names(s.room.withRole(st.Who...))...)
}

// readBack has people type the digest that another machine printed, until it is
// the expected one; what was wrong is recorded.
func (s *steps) readBack(f plan.Field, want, of string) (string, error) {
	if s.o.People.How() == event.Simulated {
		return want, nil
	}
	for {
		typed, err := s.room.field("the field "+f.Name, f)
		if err != nil || typed == want {
			return typed, err
		}
		s.say("      The digest is not that of %s%s.\n      Check what the other machine read, and type it again.", of, slip(typed, want))
		e := event.ConfirmationRefused{Entered: typed, Reason: "not the digest of " + of + " in the field " + f.Name}
		if err := s.note(e, s.o.People.How(), s.room.two()...); err != nil {
			return "", err
		}
	}
}

// mostSlips are how many digits are mistyped and not another digest.
const mostSlips = 2

// slip names the digits that differ where a few do: then people mistyped them. More
// would help to guess a digest that nobody read.
func slip(typed, want string) string {
	var wrong []string
	for i := range min(len(typed), len(want)) {
		if typed[i] != want[i] {
			wrong = append(wrong, fmt.Sprintf("%q in group %d of 16", typed[i], i/4+1))
		}
	}
	if len(wrong) > mostSlips {
		return ""
	}
	return ": look at " + strings.Join(wrong, " and at ")
}

// pause puts the ceremony off; a rehearsal has the head read and continues.
func (s *steps) pause(st plan.Step) error {
	if s.o.Mode == event.Rehearsal {
		s.say("      A rehearsal continues at once; in the real ceremony the tokens are closed now.")
		return s.paper.readHead()
	}
	return &pause{reason: st.Title}
}
