// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"slices"

	"rootceremony/transcripts/event"
)

// leftOver demands, after the lines about files of nobody, the deviation that names them,
// and no such deviation without them. A crash may come between, and the second medium may
// fail.
func (g *grammar) leftOver(r *event.Record) {
	found := g.found
	g.found = nil
	switch e := r.Event.(type) {
	case event.SessionStarted:
		return
	case event.FileWritten:
		if e.Kind == event.KindLeftOver {
			g.found = append(found, e)
			return
		}
	case event.DeviationRecorded:
		switch is := event.Legible(leftOverFound(found)); {
		case r.How == event.Observed && e.Exception == event.ExceptionMedium:
			g.found = found
			return
		case e.Expected != is.Expected || r.How != event.Observed:
		case len(found) > 0 && e.Happened == is.Happened && slices.Equal(e.DecidedBy, is.DecidedBy):
			return
		default:
			g.bad(r, "it does not name the files that the lines before are about")
			return
		}
	}
	if len(found) > 0 {
		g.bad(r, "no deviation names the files of nobody that the lines before are about")
	}
}
