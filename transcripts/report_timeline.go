// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"strings"

	"rootceremony/transcripts/event"
)

// StepView is one step of the ceremony, or what happened between two.
type StepView struct {
	ID, Title, Kind, Time, Outcome string
	Rows                           []EventView
}

// EventView is one event in words.
type EventView struct {
	Seq                   int
	Time, Text, Value, By string
	How                   event.How
	Alarm                 bool // a failure, a refusal or a deviation
}

// timeline tells the whole journal, step by step.
func timeline(records []event.Record) []StepView {
	var steps []StepView
	current := ""
	for _, r := range records {
		if e, ok := r.Event.(event.StepStarted); ok {
			steps = append(steps, StepView{ID: r.Step, Title: e.Title, Kind: e.Kind, Time: clock(r.Time)})
			current = r.Step
			continue
		}
		if len(steps) == 0 || r.Step != current {
			steps = append(steps, StepView{Time: clock(r.Time)})
			current = r.Step
		}
		step := &steps[len(steps)-1]
		if e, ok := r.Event.(event.StepFinished); ok {
			step.Outcome = e.Outcome
			current = ""
		}
		step.Rows = append(step.Rows, eventView(r))
	}
	return steps
}

func eventView(r event.Record) EventView {
	told := r.Event.Sentence()
	return EventView{
		Seq: r.Seq, Time: clock(r.Time), Text: told.Text, Value: told.Value, By: strings.Join(r.By, ", "), How: r.How,
		Alarm: told.Severity != event.Ordinary,
	}
}
