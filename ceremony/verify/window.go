// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// windowChecker follows the time of the journal: as of which moments something may be
// signed, and which lines are outside the window.
type windowChecker struct {
	span    span            // of the step at hand, or of the session before its first one
	cleared map[string]span // by artifact: the one in which it was last built and linted
	outside []*outside
}

// span is between which times lines were written. The clock may be corrected between
// two of them.
type span struct{ first, last time.Time }

// to adds a line to a span.
func (s span) to(at time.Time) span {
	if at.Before(s.first) {
		s.first = at
	}
	if at.After(s.last) {
		s.last = at
	}
	return s
}

// has reports whether a moment, which has whole seconds, lies in the span.
func (s span) has(moment time.Time) bool {
	return !moment.Before(s.first.Truncate(time.Second)) && !moment.After(s.last)
}

// outside are lines that follow each other and are outside the window.
type outside struct {
	first, last event.Record
	window      plan.Window
	steps       []string
}

// inWindow checks a line against the clock: keys are generated and signatures made
// while the ceremony may, and as of the time at which they are prepared. Whatever else
// people do outside the window is named at the end.
func (w *stepChecker) inWindow(r event.Record) {
	c := &w.window
	switch e := r.Event.(type) {
	case event.SessionStarted, event.StepStarted:
		c.span = span{r.Time, r.Time}
	case event.ObjectLinted:
		if c.span = c.span.to(r.Time); e.Stage == event.StageBeforeSigning {
			c.clear(e.Artifact)
		}
	case event.OperationIntended:
		c.span = c.span.to(r.Time)
		if e.What == event.WhatGenerate || e.What == event.WhatSign {
			w.mayCall(r, e)
			w.momentFits(r, e)
			return
		}
	default:
		c.span = c.span.to(r.Time)
	}
	if win := w.plan().Ceremony.Window; !win.Allows(r.Time.Truncate(time.Second), w.before.Extended()) {
		c.stray(r, win)
	}
}

func (c *windowChecker) clear(artifact string) {
	if c.cleared == nil {
		c.cleared = map[string]span{}
	}
	c.cleared[artifact] = c.span
}

// mayCall checks that a key is generated, or signs, in the window, and as of a moment
// in the window. A line may follow a minute after the clock was asked.
func (w *stepChecker) mayCall(r event.Record, e event.OperationIntended) {
	win, extended := w.plan().Ceremony.Window, w.before.Extended()
	did := "a key is generated"
	if e.What == event.WhatSign {
		did = signedWhat(e) + " is signed"
	}
	if moment, err := time.Parse(time.RFC3339, e.Moment); err == nil && !win.Allows(moment, extended) { // else said where it is rebuilt
		w.strayed(r, did+" as of "+e.Moment, win.Allows(moment, true))
		return
	}
	if at := r.Time.Truncate(time.Second); !win.Allows(at, extended) && !win.Allows(at.Add(-clockTolerance), extended) {
		w.strayed(r, did+" at "+plan.Stamp(r.Time), win.Allows(at, true))
	}
}

// strayed says that something was done outside the window that must not be.
func (w *stepChecker) strayed(r event.Record, did string, extensible bool) {
	if extensible {
		w.v.problem(line(r.Seq), "%s, after the window ended, and no two people had extended it", did)
		return
	}
	w.v.problem(line(r.Seq), "%s, outside the window %s", did, w.plan().Ceremony.Window)
}

// momentFits checks that something is signed as of the time at which it was prepared:
// dates in it follow from that.
func (w *stepChecker) momentFits(r event.Record, e event.OperationIntended) {
	moment, err := time.Parse(time.RFC3339, e.Moment)
	if err != nil {
		return // none; or said where it is rebuilt
	}
	s := w.window.span
	if e.Artifact != "" {
		var cleared bool
		if s, cleared = w.window.cleared[e.Artifact]; !cleared {
			return // the grammar refuses it
		}
	}
	if !s.has(moment) && !w.again(e) {
		w.v.problem(line(r.Seq), "%s is signed as of %s, but was prepared between %s and %s", signedWhat(e), e.Moment, plan.Stamp(s.first), plan.Stamp(s.last))
	}
}

// again reports whether an operation signs bytes that may be signed already: these are
// as of the moment of the first one.
func (w *stepChecker) again(e event.OperationIntended) bool {
	return slices.ContainsFunc(w.before.Operations, func(o *history.Operation) bool {
		in := &o.Intended.Event
		return in.What == event.WhatSign && in.Artifact == e.Artifact && in.TBSSHA256 == e.TBSSHA256 && in.Moment == e.Moment
	})
}

// signedWhat names what an operation signs.
func signedWhat(e event.OperationIntended) string {
	if e.Artifact != "" {
		return e.Artifact
	}
	return e.PurposeText()
}

// stray notes a line outside the window.
func (c *windowChecker) stray(r event.Record, win plan.Window) {
	n := len(c.outside)
	if n == 0 || c.outside[n-1].last.Seq+1 != r.Seq || c.outside[n-1].window != win {
		c.outside = append(c.outside, &outside{first: r, window: win})
		n++
	}
	o := c.outside[n-1]
	if o.last = r; r.Step != "" && !slices.Contains(o.steps, r.Step) {
		o.steps = append(o.steps, r.Step)
	}
}

// end names the lines outside the window.
func (c *windowChecker) end(v *Verdict) {
	for _, o := range c.outside {
		steps := ""
		if len(o.steps) > 0 {
			steps = "; steps " + strings.Join(o.steps, ", ")
		}
		lines := fmt.Sprintf("lines %d to %d of the journal, of %s to %s, are", o.first.Seq, o.last.Seq, plan.Stamp(o.first.Time), plan.Stamp(o.last.Time))
		if o.first.Seq == o.last.Seq {
			lines = fmt.Sprintf("line %d of the journal, of %s, is", o.first.Seq, plan.Stamp(o.first.Time))
		}
		v.Notices = append(v.Notices, fmt.Sprintf("%s outside the window %s%s", lines, o.window, steps))
	}
}
