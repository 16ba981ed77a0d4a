// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"
	"strings"

	"rootceremony/transcripts/event"
)

// preflight demands, in each session of a real ceremony, that host and devices were
// looked at once, before the people in the room are named.
func (g *grammar) preflight(r *event.Record) {
	switch e := r.Event.(type) {
	case event.SessionStarted:
		g.looked = false
	case event.PreflightChecked:
		switch {
		case g.opened.Mode != event.Run:
			g.bad(r, "only a real ceremony is preceded by one")
		case g.looked:
			g.bad(r, "host and devices were looked at before in this session")
		}
		g.looked = true
		if warned := e.Warnings(); len(warned) > 0 {
			g.notices = append(g.notices, fmt.Sprintf("session %d began although the preflight warned: %s", r.Session, strings.Join(warned, "; ")))
		}
	case event.PlanApproval, event.ClockAttested, event.ParticipantArrived:
		if g.opened.Mode == event.Run && !g.looked {
			g.bad(r, "no preflight.checked before it says what was looked at in session %d", r.Session)
			g.looked = true // said once
		}
	}
}
