// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"testing"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// TestReplayNamesKeys guards which key of the plan is there: one that an interrupted
// call may have made has no public key yet, and is known by its label; one that was
// destroyed, or that an attempt made which is repeated, is not there.
func TestReplayNamesKeys(t *testing.T) {
	p := &plan.Plan{
		Keys:  []plan.Key{{ID: "root", Source: plan.KeyGenerated}, {ID: "issuing", Source: plan.KeyGenerated}},
		Steps: []plan.Step{{ID: "1", Kind: plan.StepGenerate, Keys: []string{"root"}}, {ID: "2", Kind: plan.StepGenerate, Keys: []string{"issuing"}}},
	}
	key := func(id, spki string, attempt int) *event.Key {
		return &event.Key{Label: plan.Find(p.Keys, func(k *plan.Key) bool { return k.ID == id }).Label(false, attempt), SPKISHA256: spki}
	}
	made := event.OperationFinished{Operation: 1, What: event.WhatGenerate, Key: key("issuing", "k", 0)}
	for _, c := range []struct {
		name              string
		of                []event.Event
		there, left, done bool // of the key issuing
	}{
		{"made", []event.Event{made, event.KeyProved{Key: "issuing"}}, true, false, true},
		{"interrupted", []event.Event{event.OperationFailed{Operation: 1, What: event.WhatGenerate, Key: key("issuing", "", 0)}}, false, true, false},
		{"destroyed", []event.Event{made, event.OperationIntended{Operation: 2, What: event.WhatDestroy, Key: key("issuing", "k", 0)},
			event.OperationFinished{Operation: 2, What: event.WhatDestroy}}, false, false, false},
		{"redone", []event.Event{made, event.KeyProved{Key: "issuing"}, event.StepRedone{Step: "2", Attempt: 2}}, false, false, false},
		{"repeated", []event.Event{event.StepRedone{Step: "2", Attempt: 2},
			event.OperationFinished{Operation: 1, What: event.WhatGenerate, Key: key("issuing", "k", 2)}}, true, false, false},
	} {
		h := history.New()
		for i, e := range c.of {
			h.Add(event.Record{Seq: i + 1, Event: e})
		}
		re := NewReplay(p, h)
		_, there := re.Keys["issuing"]
		_, left := re.LeftBehind["issuing"]
		if there != c.there || left != c.left || re.Proved["issuing"] != c.done {
			t.Errorf("%s: there %t, left behind %t, proved %t", c.name, there, left, re.Proved["issuing"])
		}
		if n := len(re.Keys) + len(re.LeftBehind); n > 1 {
			t.Errorf("%s: another key, too: %v %v", c.name, re.Keys, re.LeftBehind)
		}
		if _, other := re.LeftBehind["root"]; other {
			t.Errorf("%s: the key root was never asked for", c.name)
		}
	}
}
