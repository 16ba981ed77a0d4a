// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"rootceremony/ceremony/plan"
	"rootceremony/transcripts"
)

// readBack has people type the digest that another machine printed, until it is
// the expected one; what was wrong is recorded.
func (r *runner) readBack(f plan.Field, want, of string) (string, error) {
	if r.o.People.How() == transcripts.Simulated {
		return want, nil
	}
	for {
		typed, err := r.typed("the field "+f.Name, func() (string, error) { return r.o.People.Field(f) })
		if err != nil || typed == want {
			return typed, err
		}
		r.say("      The other machine read something else than %s.\n      Look at what it read, and read it again.", of)
		e := transcripts.ConfirmationRefused{TBSSHA256: want, Entered: typed, Reason: "another digest than that of " + of + " in the field " + f.Name}
		if err := r.note(e, r.o.People.How(), twoOf(r.present)...); err != nil {
			return "", err
		}
	}
}
