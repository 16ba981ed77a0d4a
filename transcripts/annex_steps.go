// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"slices"

	"rootceremony/transcripts/event"
)

// Words of an [AnnexStep].
const (
	annexOpen       = "open"        // started and not finished
	annexNotStarted = "not started" // planned only
)

// annexSteps lists every planned step in the order of the plan, once for each
// attempt, and after them what was done without being planned.
func annexSteps(records []event.Record, planned []PlannedStep) []AnnexStep {
	attempts := stepAttempts(records)
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
func stepAttempts(records []event.Record) []AnnexStep {
	steps := []AnnexStep{}
	open, count := map[string]int{}, map[string]int{}
	for _, r := range records {
		if e, ok := r.Event.(event.StepStarted); ok {
			count[r.Step]++
			open[r.Step] = len(steps)
			steps = append(steps, AnnexStep{Step: r.Step, Kind: e.Kind, Title: e.Title, Who: []string{}, Attempt: count[r.Step],
				Outcome: annexOpen, By: []string{}, Started: annexTime(r.Time), FirstLine: r.Seq, LastLine: r.Seq,
				Recorded: []string{}, Script: scriptPlace(r.Step)})
			continue
		}
		i, ok := open[r.Step]
		if !ok || r.Step == "" {
			continue
		}
		s := &steps[i]
		s.LastLine = r.Seq
		switch e := r.Event.(type) {
		case event.StepRecorded:
			s.Recorded = append(s.Recorded, fieldTexts(e.Fields)...)
		case event.StepFinished:
			s.Outcome, s.Finished, s.By = e.Outcome, annexTime(r.Time), list(r.By)
			delete(open, r.Step)
		}
	}
	return steps
}

// scriptPlace is where a step stands in the script: the number on paper, and
// the anchor on the screen.
func scriptPlace(step string) string { return "script.html#step-" + step }
