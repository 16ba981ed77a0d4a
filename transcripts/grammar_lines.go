// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"slices"
	"strings"

	"rootceremony/transcripts/event"
)

// answered checks how a fact is known, and that people answer for what they state
// and for nothing else.
func (g *grammar) answered(r *event.Record) {
	known, people := event.Known(r.Event), r.How == event.Stated || r.How == event.Simulated
	switch {
	case r.How == event.Simulated && slices.Contains(known, event.Stated):
	case !slices.Contains(known, r.How):
		g.bad(r, "it is %s, but such a fact is only %v", r.How, known)
	}
	switch {
	case people && len(r.By) == 0:
		g.bad(r, "%s, but no person is named", r.How)
	case !people && len(r.By) > 0:
		g.bad(r, "%s, but people answer for it", r.How)
	case distinct(r.By) < len(r.By):
		g.bad(r, "somebody answers for it twice")
	}
	if d, is := r.Event.(event.DeviationRecorded); is && r.How == event.Observed && !d.SeenByProgram() {
		g.bad(r, "it is observed, but the program writes down no such deviation by itself")
	}
	if n, is := r.Event.(event.NoteAdded); is && !people && !strings.HasSuffix(n.Text, event.NotesUnfinished) {
		g.bad(r, "it is observed, but no note of people that they had not finished")
	}
	if r.How == event.Stated && g.opened.Unattended {
		g.bad(r, "stated, but nobody attends this rehearsal")
	}
	if r.How == event.Simulated && !(g.opened.Mode == event.Rehearsal && g.opened.Unattended) {
		g.bad(r, "simulated, but this is not an unattended rehearsal")
	}
}

// namesStep demands the step that is open of every line, but of those that the journal
// itself writes: seals, what a module prints at any time, and that the second medium
// failed.
func (g *grammar) namesStep(r *event.Record) {
	switch r.Event.(type) {
	case event.CheckpointSealed, event.ModuleOutput:
		if r.Step != "" {
			g.bad(r, "it names step %q", r.Step)
		}
		return
	case event.DeviationRecorded:
		if r.How == event.Observed {
			return
		}
	case event.SessionStarted:
		return
	}
	if r.Step == "" && g.step != "" {
		g.bad(r, "it does not name step %s, which is open", g.step)
	}
}

// ends checks that a session says why it ends, and that nothing is done after that.
func (g *grammar) ends(r *event.Record) {
	switch e := r.Event.(type) {
	case event.SessionStarted:
		g.stopped = false
		return
	case event.SessionEnded:
		if !g.stopped && !g.closed {
			g.bad(r, "nothing before it says why the session ends")
		}
		return
	case event.DeviationRecorded:
		if r.How == event.Observed { // the second medium failed
			return
		}
	case event.CeremonyStopped:
		if e.Pause && !g.headRead {
			g.bad(r, "paused, but the head was not read aloud just before")
		}
	}
	if g.stopped {
		g.bad(r, "the session was stopped")
	}
	_, stops := r.Event.(event.CeremonyStopped)
	g.stopped = g.stopped || stops
	read, is := r.Event.(event.DigestRead)
	g.headRead = is && read.What == event.WhatHead && read.Size == g.sealedAt && g.sealedAt > 0
}

// sealing follows the heads that were sealed. One that is read aloud in the course of a
// ceremony is sealed first; one that is compared with paper is of an earlier session.
func (g *grammar) sealing(r *event.Record) {
	switch e := r.Event.(type) {
	case event.CheckpointSealed:
		g.sealedAt = e.Size
		g.wrote = false
	case event.ArtifactWritten:
		g.wrote = true
	case event.StepFinished:
		if g.wrote && e.Outcome == event.StepDone {
			g.bad(r, "no checkpoint seals the artifact that the step wrote")
		}
		g.wrote = false
	case event.DigestRead:
		if e.What == event.WhatHead && !e.Compared && e.Size != g.sealedAt {
			g.bad(r, "no checkpoint seals the head over %d lines that was read aloud", e.Size)
		}
		if e.What == event.WhatHead && e.Compared && e.Size > g.earlier {
			g.bad(r, "a head over %d lines was compared with paper, but no paper has a head of this session, which began after line %d", e.Size, g.earlier)
		}
	}
}
