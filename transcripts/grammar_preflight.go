// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"slices"
	"strconv"
	"strings"

	"rootceremony/transcripts/event"
)

// warnings are those of the preflight, each with the sessions that began in spite of it.
type warnings []warning

type warning struct {
	text     string
	sessions []string
}

func (w *warnings) add(text string, session int) {
	at := slices.IndexFunc(*w, func(known warning) bool { return known.text == text })
	if at < 0 {
		at = len(*w)
		*w = append(*w, warning{text: text})
	}
	(*w)[at].sessions = append((*w)[at].sessions, strconv.Itoa(session))
}

// notices tell each warning once: those of the same sessions together.
func (w warnings) notices() []string {
	var sessions, said []string
	for _, warned := range w {
		of := "session " + warned.sessions[0]
		if len(warned.sessions) > 1 {
			of = "sessions " + strings.Join(warned.sessions, ", ")
		}
		at := slices.Index(sessions, of)
		if at < 0 {
			sessions, said = append(sessions, of), append(said, of+" began although the preflight warned: "+warned.text)
			continue
		}
		said[at] += "; " + warned.text
	}
	return said
}

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
		for _, text := range e.Warnings() {
			g.warned.add(text, r.Session)
		}
	case event.PlanApproval, event.ClockAttested, event.ParticipantArrived:
		if g.opened.Mode == event.Run && !g.looked {
			g.bad(r, "no preflight.checked before it says what was looked at in session %d", r.Session)
			g.looked = true // said once
		}
	}
}
