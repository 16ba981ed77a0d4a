// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
)

// people do something and write things down.
func (s *steps) people(st plan.Step) ([]string, error) {
	s.say("%4s  %s", st.ID, strings.TrimLeft(plan.Indent(st.Title, 6), " "))
	fields := map[string]string{}
	for _, f := range st.Record {
		ask := func() (string, error) {
			return s.room.typed("the field "+f.Name, func() (string, error) { return s.o.People.Field(f) })
		}
		if want, of := f.Expected(s.journal.History); of != "" {
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
		s.say("      The digest is not that of %s.\n      Check what the other machine read, and type it again.", of)
		e := event.ConfirmationRefused{Entered: typed, Reason: "not the digest of " + of + " in the field " + f.Name}
		if err := s.note(e, s.o.People.How(), s.room.two()...); err != nil {
			return "", err
		}
	}
}

// pause puts the ceremony off; a rehearsal has the head read and continues.
func (s *steps) pause(st plan.Step) error {
	if s.o.Mode == event.Rehearsal {
		s.say("      A rehearsal continues at once; in the real ceremony the tokens are closed now.")
		return s.paper.readHead()
	}
	return &pause{reason: st.Title}
}
