// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package history

import (
	"slices"

	"rootceremony/transcripts/event"
)

// Step is one attempt at a step.
type Step struct {
	event.Record // that began it
	Event        event.StepStarted
	Nth          int // how often the step was begun, with this time
	Recorded     []Entry[event.StepRecorded]
	Finished     *Entry[event.StepFinished] // nil while it is open, or where it was cut off
	Last         int                        // the last line that belongs to it
}

// Outcome is how the attempt ended; empty while it is open, or where it was cut off.
func (s *Step) Outcome() string {
	if s.Finished == nil {
		return ""
	}
	return s.Finished.Event.Outcome
}

// Passage is what happened in one attempt at a step, or between two.
type Passage struct {
	Began   event.Record   // its first line
	Step    *Step          // nil between steps
	Records []event.Record // after the one that began the step
	Outcome string
}

// addSteps follows the steps and what belongs to them.
func (h *History) addSteps(r event.Record) {
	switch e := r.Event.(type) {
	case event.StepStarted:
		h.index.begun[r.Step]++
		s := &Step{Record: r, Event: e, Nth: h.index.begun[r.Step], Last: r.Seq}
		h.Steps = append(h.Steps, s)
		h.index.open[r.Step] = s
		h.Passages = append(h.Passages, Passage{Began: r, Step: s})
		h.index.passage = r.Step
		return
	case event.StepRedone:
		h.Redone = append(h.Redone, Entry[event.StepRedone]{r, e})
		h.index.redone[e.Step] = r.Seq
	case event.DeviationRecorded:
		h.Deviations = append(h.Deviations, Entry[event.DeviationRecorded]{r, e})
	}
	h.addToStep(r)
	h.addToPassage(r)
}

// addToStep adds a line to the attempt that is open.
func (h *History) addToStep(r event.Record) {
	s := h.index.open[r.Step]
	if s != nil {
		s.Last = r.Seq
	}
	switch e := r.Event.(type) {
	case event.StepRecorded:
		if s != nil {
			s.Recorded = append(s.Recorded, Entry[event.StepRecorded]{r, e})
		}
	case event.StepFinished:
		if s != nil {
			s.Finished = &Entry[event.StepFinished]{r, e}
			delete(h.index.open, r.Step)
		}
		if e.Outcome == event.StepDone {
			h.index.done[r.Step] = r.Seq
		}
	}
}

// addToPassage adds a line to the passage that it belongs to: what is said after a
// step and before anything else is with it.
func (h *History) addToPassage(r event.Record) {
	if len(h.Passages) == 0 || r.Step != h.index.passage {
		h.Passages = append(h.Passages, Passage{Began: r})
		h.index.passage = r.Step
	}
	p := &h.Passages[len(h.Passages)-1]
	p.Records = append(p.Records, r)
	if e, ok := r.Event.(event.StepFinished); ok {
		p.Outcome, h.index.passage = e.Outcome, ""
	}
}

// LastAttempt is the last time that a step was begun, or nil.
func (h *History) LastAttempt(step string) *Step {
	for _, s := range slices.Backward(h.Steps) {
		if s.Step == step {
			return s
		}
	}
	return nil
}

// StepBegun reports whether a step was ever begun.
func (h *History) StepBegun(step string) bool { return h.index.begun[step] > 0 }

// DoneAt is the line since which a step is done; 0 where it is not, or is
// repeated.
func (h *History) DoneAt(step string) int {
	if at := h.index.done[step]; at > h.index.redone[step] {
		return at
	}
	return 0
}

// RedoneAt is the line since which a step is repeated; 0 where it is not.
func (h *History) RedoneAt(step string) int { return h.index.redone[step] }

// Attempt is which attempt of a step counts: from 2, and 0 for the first.
func (h *History) Attempt(step string) int {
	attempt := 0
	for _, r := range h.Redone {
		if r.Event.Step == step {
			attempt = r.Event.Attempt
		}
	}
	return attempt
}

// TimesRedone counts how often a step was repeated.
func (h *History) TimesRedone(step string) int {
	n := 0
	for _, r := range h.Redone {
		if r.Event.Step == step {
			n++
		}
	}
	return n
}

// Accepted reports whether people accepted a key that departs in just these ways
// from what was asked for.
func (h *History) Accepted(spki string, departures []string) bool {
	return slices.ContainsFunc(h.Deviations, func(d Entry[event.DeviationRecorded]) bool {
		return d.Event.KeySHA256 == spki && slices.Equal(d.Event.Departures, departures)
	})
}

// Chosen is how people last said that a private key is called on its token, or nil. A
// choice with which the key proved to be another is none any more.
func (h *History) Chosen(spki string) *event.Key {
	tried := h.Disproved(spki)
	for _, d := range slices.Backward(h.Deviations) {
		if c := d.Event.Chosen; c != nil && c.SPKISHA256 == spki && d.Seq > tried {
			return c
		}
	}
	return nil
}

// Disproved is the last line in which a key that was to sign the proof of another signed
// it, or 0.
func (h *History) Disproved(spki string) int {
	line := 0
	for _, o := range h.Ended {
		if o.invalid() && o.SPKI() == spki && o.Intended.Event.Purpose == event.PurposeProof {
			line = o.Failed.Seq
		}
	}
	return line
}

// Extended reports whether people extended the window of the plan in force: two
// of them decided it since then.
func (h *History) Extended() bool {
	since := h.Plan().Seq
	return slices.ContainsFunc(h.Deviations, func(d Entry[event.DeviationRecorded]) bool {
		return d.Seq > since && d.Event.Exception == event.ExceptionExtended && len(d.Event.DecidedBy) > 1
	})
}

// lastDeviation is the last one that was recorded, or nil.
func (h *History) lastDeviation() *Entry[event.DeviationRecorded] {
	if len(h.Deviations) == 0 {
		return nil
	}
	d := h.Deviations[len(h.Deviations)-1]
	return &d
}

// Departing are the deviations by which people accepted a key.
func (h *History) Departing() []Entry[event.DeviationRecorded] {
	var all []Entry[event.DeviationRecorded]
	for _, d := range h.Deviations {
		if d.Event.KeySHA256 != "" {
			all = append(all, d)
		}
	}
	return all
}

// FailedBefore reports whether the session before the current one failed, and in this
// step; without a step, before any or between two.
func (h *History) FailedBefore(step string) bool {
	last, failed := "", false
	for _, r := range h.Records {
		if r.Session != h.Session()-1 {
			continue
		}
		switch e := r.Event.(type) {
		case event.StepStarted:
			last = r.Step
		case event.StepFinished:
			if e.Outcome == event.StepDone {
				last = ""
			}
		case event.CeremonyStopped:
			failed = !e.Pause
		}
	}
	return failed && last == step
}
