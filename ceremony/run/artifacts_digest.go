// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"rootceremony/ceremony/plan"
	"rootceremony/transcripts"
)

// readBack has people type the digest that another machine printed, until it is
// the expected one; what was wrong is recorded.
func (s *steps) readBack(f plan.Field, want, of string) (string, error) {
	if s.o.People.How() == transcripts.Simulated {
		return want, nil
	}
	for {
		typed, err := s.room.typed("the field "+f.Name, func() (string, error) { return s.o.People.Field(f) })
		if err != nil || typed == want {
			return typed, err
		}
		s.say("      The other machine read something else than %s.\n      Look at what it read, and read it again.", of)
		e := transcripts.ConfirmationRefused{TBSSHA256: want, Entered: typed, Reason: "another digest than that of " + of + " in the field " + f.Name}
		if err := s.note(e, s.o.People.How(), twoOf(s.room.present)...); err != nil {
			return "", err
		}
	}
}
