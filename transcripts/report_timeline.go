// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"strings"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
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
func timeline(h *history.History) []StepView {
	var steps []StepView
	for _, p := range h.Passages {
		v := StepView{Time: clock(p.Began.Time), Outcome: p.Outcome}
		if p.Step != nil {
			v.ID, v.Title, v.Kind = p.Step.Step, p.Step.Event.Title, p.Step.Event.Kind
		}
		for _, r := range p.Records {
			v.Rows = append(v.Rows, eventView(r))
		}
		steps = append(steps, v)
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
