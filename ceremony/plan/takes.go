// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"time"

	"rootceremony/internal/source"
)

// usual is how long a step takes of which the file does not say it: people read the
// screen, and confirm or do something.
const usual = 2 * time.Minute

// Lasts gives how long a step that begins at a moment is expected to take. A pause
// ends when people come back, which only takes: says.
func (st *Step) Lasts(from time.Time) time.Duration {
	span, err := source.ParseSpan(st.Takes)
	switch {
	case err == nil:
		return span.AddTo(from).Sub(from)
	case st.Kind == StepSection || st.Kind == StepPause:
		return 0
	}
	return usual
}

// Lasts gives how long all steps are expected to take, one after another.
func (p *Plan) Lasts(from time.Time) time.Duration {
	at := from
	for i := range p.Steps {
		at = at.Add(p.Steps[i].Lasts(at))
	}
	return at.Sub(from)
}

// takes adds up the times that steps give; nothing if none gives one.
func (p *Plan) takes() string {
	start := p.Ceremony.Window.From
	sum := start
	for _, st := range p.Steps {
		if span, err := source.ParseSpan(st.Takes); err == nil {
			sum = span.AddTo(sum)
		}
	}
	if sum.Equal(start) {
		return ""
	}
	return source.Span{Seconds: sum.Unix() - start.Unix()}.String()
}

// tooLong warns of steps that take longer, by what they say, than the window is.
func (l *Loaded) tooLong() []Warning {
	win, takes := l.Plan.Ceremony.Window, l.Plan.takes()
	sum, err := source.ParseSpan(takes)
	if err != nil || !sum.AddTo(win.From).After(win.To) {
		return nil
	}
	at := l.Doc.Root().Map().Opt("ceremony").Map().Opt("window").Pos()
	return []Warning{{Pos: at, Text: fmt.Sprintf("by takes: the steps need %s, and the window is %s long: make the window longer, or take steps out",
		takes, source.Span{Seconds: win.To.Unix() - win.From.Unix()})}}
}
