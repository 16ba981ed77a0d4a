// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"strings"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// stepView is one step of the ceremony, or what happened between two.
type stepView struct {
	ID, Title, Kind, Time, Outcome string
	Rows                           []eventView
}

// eventView is one event in words.
type eventView struct {
	Seq                   int
	Time, Text, Value, By string
	How                   event.How
	Alarm                 bool // a failure, a refusal or a deviation
}

// timeline tells the whole journal, step by step.
func timeline(h *history.History) []stepView {
	var steps []stepView
	for _, p := range h.Passages {
		v := stepView{Time: clock(p.Began.Time), Outcome: p.Outcome}
		if p.Step != nil {
			v.ID, v.Title, v.Kind = p.Step.Step, p.Step.Event.Title, p.Step.Event.Kind
		}
		for _, r := range p.Records {
			v.Rows = append(v.Rows, newEventView(r))
		}
		steps = append(steps, v)
	}
	return steps
}

func newEventView(r event.Record) eventView {
	told := r.Event.Sentence()
	return eventView{
		Seq: r.Seq, Time: clock(r.Time), Text: told.Text, Value: told.Value, By: strings.Join(r.By, ", "), How: r.How,
		Alarm: told.Severity != event.Ordinary,
	}
}
