// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"slices"

	"rootceremony/transcripts/history"
)

// Words of an [AnnexStep].
const (
	annexOpen       = "open"        // started and not finished
	annexNotStarted = "not started" // planned only
)

// annexSteps lists every planned step in the order of the plan, once for each
// attempt, and after them what was done without being planned.
func annexSteps(h *history.History, planned []PlannedStep) []AnnexStep {
	attempts := stepAttempts(h)
	if planned == nil {
		for i := range attempts {
			attempts[i].Planned = "unknown"
		}
		return attempts
	}
	steps := []AnnexStep{}
	for _, p := range planned {
		done := false
		for _, s := range attempts {
			if s.Step == p.ID {
				s.Planned, s.Who, done = "yes", list(p.Who), true
				steps = append(steps, s)
			}
		}
		if !done {
			steps = append(steps, AnnexStep{Step: p.ID, Kind: p.Kind, Title: p.Title, Planned: "yes", Who: list(p.Who),
				Outcome: annexNotStarted, By: []string{}, Recorded: []string{}, Script: scriptPlace(p.ID)})
		}
	}
	for _, s := range attempts {
		if !slices.ContainsFunc(planned, func(p PlannedStep) bool { return p.ID == s.Step }) {
			s.Planned = "no"
			steps = append(steps, s)
		}
	}
	return steps
}

// stepAttempts lists what was started, in the order of the journal.
func stepAttempts(h *history.History) []AnnexStep {
	steps := []AnnexStep{}
	for _, s := range h.Steps {
		v := AnnexStep{Step: s.Step, Kind: s.Event.Kind, Title: s.Event.Title, Who: []string{}, Attempt: s.Nth,
			Outcome: annexOpen, By: []string{}, Started: annexTime(s.Time), FirstLine: s.Seq, LastLine: s.Last,
			Recorded: []string{}, Script: scriptPlace(s.Step)}
		for _, r := range s.Recorded {
			v.Recorded = append(v.Recorded, fieldTexts(r.Event.Fields)...)
		}
		if f := s.Finished; f != nil {
			v.Outcome, v.Finished, v.By = f.Event.Outcome, annexTime(f.Time), list(f.By)
		}
		steps = append(steps, v)
	}
	return steps
}

// scriptPlace is where a step is in the script: the number on paper, and
// the anchor on the screen.
func scriptPlace(step string) string { return "script.html#step-" + step }
