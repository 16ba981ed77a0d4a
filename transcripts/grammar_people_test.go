// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"
	"strings"
	"testing"

	"rootceremony/transcripts/event"
)

// TestPINRefusedByWhom guards a record against a PIN entered by somebody who was
// not there.
func TestPINRefusedByWhom(t *testing.T) {
	for person, want := range map[string]bool{"alice": false, "mallet": true, "": false} {
		g := checkGrammar([]event.Record{
			{Seq: 1, Event: event.ParticipantArrived{Person: "alice", Role: "administrator"}},
			{Seq: 2, Event: event.PINRefused{Token: "root", Outcome: event.PINWrong, Person: person}},
		})
		if got := strings.Contains(fmt.Sprint(g.problems), "pin.refused: "+person+" is not in the room"); got != want {
			t.Errorf("%q: %v", person, g.problems)
		}
	}
}
