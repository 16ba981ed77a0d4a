// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"strings"
	"testing"
)

var digest = strings.Repeat("ab", 32)

// TestFields writes, for each law that a field has, the event that breaks it: a
// record with it would show readers one thing and hold another, or be evidence
// that nobody can use.
func TestFields(t *testing.T) {
	for name, c := range map[string]struct {
		good, bad Event
	}{
		"turned text":       {NoteAdded{Text: "bag A-0017\nand B"}, NoteAdded{Text: "bag \u202e7100-A"}},
		"escape sequence":   {CeremonyStopped{Reason: "lunch"}, CeremonyStopped{Reason: "lunch\x1b[2J"}},
		"joiner of letters": {NoteAdded{Text: "می\u200cخواهم"}, NoteAdded{Text: "\u200f"}},
		"text of a field":   {StepRecorded{Fields: map[string]string{"bag": "A"}}, StepRecorded{Fields: map[string]string{"bag": "A\r"}}},
		"deviation":         {DeviationRecorded{Expected: "a", Happened: "b"}, DeviationRecorded{Expected: "a", Happened: "b\x00"}},
		"chosen key":        {DeviationRecorded{Exception: ExceptionChosen, Chosen: &Key{ID: "01"}}, DeviationRecorded{Exception: ExceptionChosen}},
		"key in a decision": {DeviationRecorded{Exception: ExceptionAsRoot}, DeviationRecorded{Exception: ExceptionAsRoot, Chosen: &Key{ID: "01"}}},
		"role":              {ParticipantArrived{Person: "alice", Role: "witness"}, ParticipantArrived{Person: "alice", Role: "wit\u009bness"}},
		"title":             {StepStarted{Title: "Sign"}, StepStarted{Title: "Sign\x08"}},
		"first attempt":     {StepStarted{Title: "Sign", Attempt: 2}, StepStarted{Title: "Sign", Attempt: 1}},
		"moment": {
			OperationIntended{Operation: 1, What: WhatSign, Moment: "2026-12-01T09:00:00Z"},
			OperationIntended{Operation: 1, What: WhatSign, Moment: "1 December 2026"},
		},
		"number of operation": {OperationIntended{Operation: 1, What: WhatFind}, OperationIntended{What: WhatFind}},
		"census":              {TokenCensus{Token: "root", When: CensusOpened, Objects: []Object{}}, TokenCensus{Token: "root", When: "later", Objects: []Object{}}},
		"what was read":       {DigestRead{What: WhatPlan, SHA256: digest}, DigestRead{What: "a plan", SHA256: digest}},
		"checkpoint":          {CheckpointSealed{Size: 1, Root: "AAEC", File: "a"}, CheckpointSealed{Root: "AAEC", File: "a"}},
		"artifact of serial":  {SerialDrawn{Artifact: "root", Serial: "0a"}, SerialDrawn{Artifact: "a/b", Serial: "0a"}},
		"artifact of row": {
			SignatureConfirmed{Table: []Confirmed{{Artifact: "a", TBSSHA256: digest}}},
			SignatureConfirmed{Table: []Confirmed{{Artifact: "", TBSSHA256: digest}}},
		},
		"artifact of a table": {
			SignatureConfirmed{Artifact: "a", TBSSHA256: digest},
			SignatureConfirmed{Artifact: "a", Table: []Confirmed{{Artifact: "b", TBSSHA256: digest}}},
		},
		"room time": {
			ClockAttested{Room: "2026-12-01T09:00:01Z", Host: "2026-12-01T09:00:00Z", OffsetSeconds: 1},
			ClockAttested{Room: "9 o'clock", Host: "2026-12-01T09:00:00Z", OffsetSeconds: 1},
		},
	} {
		if err := WellFormed(c.good, Stated); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := WellFormed(c.bad, Stated); err == nil {
			t.Errorf("%s: %#v is taken for well formed", name, c.bad)
		}
		line := Record{Seq: 1, Session: 1, How: Stated, Event: c.bad}
		if err := line.Encode(); err != nil {
			continue // it cannot be written, either
		}
		if _, err := ParseRecord(line.Line); err == nil {
			t.Errorf("%s: %s is read", name, line.Line)
		}
	}
	if err := WellFormed(CeremonyStopped{Reason: Seen("opening a\x1b[2J\u202e: \xff")}, Observed); err != nil {
		t.Errorf("an error is lost: %v", err)
	}
	if err := WellFormed(NoteAdded{Text: "a"}, "heard"); err == nil {
		t.Error("a fact is known in a way that there is not")
	}
}

// TestForms holds each event to one spelling: what reads it by its keys would
// else see less than what reads it by its lines.
func TestForms(t *testing.T) {
	for _, e := range Types {
		line := Record{Seq: 1, Session: 1, How: Observed, Event: e}
		if err := line.Encode(); err != nil {
			t.Fatal(err)
		}
		other := strings.Replace(string(line.Line), `"data":{`, `"data":{"unknown":1,`, 1)
		other = strings.Replace(other, ",}", "}", 1)
		if _, err := ParseRecord([]byte(other)); err == nil || !strings.Contains(err.Error(), "unknown") {
			t.Errorf("%s with an unknown key: %v", e.Type(), err)
		}
	}
}
