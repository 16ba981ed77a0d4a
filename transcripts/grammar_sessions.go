// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"
	"slices"
	"time"

	"rootceremony/internal/artifact"
	"rootceremony/transcripts/event"
)

func (g *grammar) startSession(r *event.Record, e event.SessionStarted) {
	if e.Session != g.session+1 || r.Session != e.Session {
		g.bad(r, "session %d follows session %d", e.Session, g.session)
	}
	if g.cut = g.session > 0 && !g.ended; g.cut {
		g.notices = append(g.notices, fmt.Sprintf("session %d was cut off", g.session))
	}
	if want := checkpointOrigin(g.opened.Ceremony, e.Session); originOf(e.SealKey) != want {
		g.bad(r, "the seal key is for %q, want %q", originOf(e.SealKey), want)
	}
	if public, err := publicKeyOf(e.SealKey); err != nil || g.sealKeys[string(public)] {
		g.bad(r, "an earlier session used the same seal key")
	} else {
		g.sealKeys[string(public)] = true
	}
	if g.closed {
		g.notices = append(g.notices, fmt.Sprintf("session %d closed the ceremony, because a crash cut off an earlier closing", e.Session))
	}
	g.root = e.Host != nil && e.Host.Root && !g.opened.SoftwareTokens
	if g.root {
		g.notices = append(g.notices, fmt.Sprintf("in session %d the program ran as root: a module could answer for people and read every PIN", e.Session))
	}
	g.earlier = r.Seq - 1
	g.session, g.ended, g.closed, g.step, g.keyboard, g.closedWas = e.Session, false, false, "", "", g.closed
	g.acting, g.stepping, g.abandoned, g.unapproved, g.resited = false, false, false, nil, nil
	clear(g.media)
	clear(g.tokens)
	clear(g.unclosed)
	clear(g.arrived)
	clear(g.roles)
}

// recovery demands, at the beginning of each session after the first, the line that
// says where the record continues. A crash may come before it.
func (g *grammar) recovery(r *event.Record) {
	e, is := r.Event.(event.JournalRecovered)
	if is && e.CutOff != g.cut {
		g.bad(r, "cut_off is %t, but the end of the session before says %t", e.CutOff, g.cut)
	}
	if g.last == nil {
		return
	}
	started, first := g.last.Event.(event.SessionStarted)
	first = first && started.Session > 1
	_, again := r.Event.(event.SessionStarted)
	before := int(r.Seq) - 2 // less this line and session.started
	switch {
	case is && !first:
		g.bad(r, "only a session after the first begins so")
	case is && e.Lines != before:
		g.bad(r, "lines is %d, but %d lines are before the session", e.Lines, before)
	case first && !is && !again:
		g.bad(r, "session %d begins without journal.recovered", started.Session)
	}
	for i, name := range e.Removed {
		if !artifact.IsPartial(name) && !(g.closedWas && slices.Contains(derived, name)) || slices.Contains(e.Removed[:i], name) {
			g.bad(r, "removed: %q is neither half of a file nor made when a ceremony is closed, or is named twice", name)
		}
	}
}

// time lets the clock jump only where it was set.
func (g *grammar) time(r *event.Record) {
	if g.last == nil || g.last.Session != r.Session {
		return
	}
	g.attested(r)
	if r.Mono < g.last.Mono {
		g.bad(r, "mono_ms goes back from %d to %d", g.last.Mono.Milliseconds(), r.Mono.Milliseconds())
	}
	_, now := r.Event.(event.ClockAttested)
	_, just := g.last.Event.(event.ClockAttested)
	if r.Time.Before(g.last.Time) && !now && !just {
		g.bad(r, "time goes back from %s to %s", stamp(g.last.Time), stamp(r.Time))
	}
}

// attested names a session that begins before the one before it ended, by the clocks of
// the room, which people may read to the minute. A rehearsal may be on any day.
func (g *grammar) attested(r *event.Record) {
	_, now := r.Event.(event.ClockAttested)
	switch {
	case now && g.clocked != r.Session:
		if g.opened.Mode == event.Run && r.Time.Before(g.until.Add(-time.Minute)) {
			g.notices = append(g.notices, fmt.Sprintf("session %d began at %s by the clocks in the room, but session %d ended at %s", r.Session, stamp(r.Time), g.clocked, stamp(g.until)))
		}
		g.clocked, g.until = r.Session, r.Time
	case g.clocked == r.Session:
		g.until = r.Time
	}
}
