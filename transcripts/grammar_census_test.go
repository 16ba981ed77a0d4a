// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rootceremony/transcripts/event"
)

// TestGrammarHolds guards an auditor against a key that is used and is not on its token:
// it is among the objects that were counted, as it was read, and so is what a call made.
func TestGrammarHolds(t *testing.T) {
	for name, c := range map[string]struct {
		change func(objects []event.Object) []event.Object
		says   string
	}{
		"as it was": {func(o []event.Object) []event.Object { return o }, ""},
		"private half of another name": {func(all []event.Object) []event.Object {
			for i := range all {
				if all[i].Label == "e1" && all[i].Class == "private-key" {
					all[i].Label = "e2"
				}
			}
			return all
		}, `no private-key that was read as key "e1"`},
		"no private half": {func(all []event.Object) []event.Object {
			return slices.DeleteFunc(all, func(o event.Object) bool { return o.Label == "root-x1" && o.Class == "private-key" })
		}, "it did not add the two halves"},
		"neither half": {func(all []event.Object) []event.Object {
			return slices.DeleteFunc(all, func(o event.Object) bool { return o.Label == "root-x1" })
		}, `no private-key that was read as key "root-x1"`},
		"one more": {func(all []event.Object) []event.Object {
			return append(all, event.Object{Class: "private-key", Label: "z", ID: "0a"})
		}, "it did not add the two halves"},
	} {
		records := playedRecords(t)
		for i, r := range records {
			if f, is := r.Event.(event.OperationFinished); is && f.Key != nil {
				k := *f.Key // the room reads fewer attributes than a token gives
				k.Attributes = append(slices.Clone(k.Attributes), event.Attribute{Half: "private", Name: "CKA_LABEL", State: "value", Value: k.Label})
				f.Key = &k
				records[i].Event = f
			}
			records[i].Event = withObjects(records[i].Event, c.change)
		}
		said := fmt.Sprint(checkGrammar(records).problems)
		if c.says == "" && (strings.Contains(said, "halves") || strings.Contains(said, "was read as")) || !strings.Contains(said, c.says) {
			t.Errorf("%s: want %q in %s", name, c.says, said)
		}
	}
}

// withObjects changes the objects that an event lists.
func withObjects(e event.Event, change func([]event.Object) []event.Object) event.Event {
	switch e := e.(type) {
	case event.TokenCensus:
		if e.When != event.CensusOpened {
			e.Objects = change(slices.Clone(e.Objects))
		}
		return e
	case event.OperationFinished:
		if e.Census != nil {
			e.Census = &event.CensusChange{Added: change(slices.Clone(e.Census.Added))}
		}
		return e
	}
	return e
}

// TestGrammarDestroys guards an auditor against a key that is said to be destroyed and is
// still there: its two halves are gone, and nothing else.
func TestGrammarDestroys(t *testing.T) {
	private, public := event.Object{Class: "private-key", Label: "k", ID: "0a"}, event.Object{Class: "public-key", Label: "k", ID: "0a"}
	other := event.Object{Class: "data", Label: "x"}
	for name, c := range map[string]struct {
		census *event.CensusChange
		bad    bool
	}{
		"both halves": {&event.CensusChange{Removed: []event.Object{public, private}}, false},
		"one":         {&event.CensusChange{Removed: []event.Object{private}}, true},
		"nothing":     {nil, true},
		"one more":    {&event.CensusChange{Removed: []event.Object{private, public, other}}, true},
		"one came":    {&event.CensusChange{Removed: []event.Object{private, public}, Added: []event.Object{other}}, true},
	} {
		g := checkGrammar(numbered([]event.Event{event.CeremonyOpened{}, event.SessionStarted{Session: 1}, event.TokenOpened{Token: "root"},
			event.TokenCensus{Token: "root", When: event.CensusOpened, Objects: []event.Object{private, public, other}},
			event.OperationIntended{Operation: 1, What: event.WhatDestroy, Token: "root", Key: &event.Key{ID: "0a"}},
			event.OperationFinished{Operation: 1, What: event.WhatDestroy, Token: "root", Census: c.census}}))
		if said := fmt.Sprint(g.problems); strings.Contains(said, "it did not remove the two halves") != c.bad {
			t.Errorf("%s: %s", name, said)
		}
	}
}

// TestGrammarRefusedPIN guards an honest record of a PIN that was refused when a new
// process took over, or before a signature, and an auditor against one that had no effect.
func TestGrammarRefusedPIN(t *testing.T) {
	key := func(each string) *event.Key {
		return &event.Key{SPKISHA256: "one", ID: "0a", Attributes: []event.Attribute{{Half: "private", Name: "CKA_ALWAYS_AUTHENTICATE", State: "value", Value: each}}}
	}
	call := func(what string) []event.Event {
		return []event.Event{event.OperationIntended{Operation: 1, What: what, Token: "root", Key: &event.Key{SPKISHA256: "one"}}}
	}
	refused, restarted := event.PINRefused{Token: "root", Outcome: event.PINWrong}, event.TokenRestarted{Token: "root", Reason: event.ReasonFresh}
	failed, done := event.OperationFailed{Operation: 1, What: event.WhatSign, Token: "root"}, event.OperationFinished{Operation: 1, What: event.WhatSign, Token: "root"}
	sign := call(event.WhatSign)
	const loggedIn, didNotFail, wantsNone = "no process was logged in since", "and it did not fail", "wants no login before a signature"
	for name, c := range map[string]struct {
		each string
		then []event.Event
		says string
	}{
		"a new process, and a call":    {"false", append([]event.Event{refused}, sign...), loggedIn},
		"a new process that took over": {"false", append([]event.Event{refused, refused, restarted}, sign...), ""},
		"a new process that did not":   {"false", []event.Event{refused, event.CeremonyStopped{}}, ""},
		"before a signature":           {"true", append(slices.Clone(sign), refused, failed), ""},
		"before one that was made":     {"true", append(slices.Clone(sign), refused, done), didNotFail},
		"where none is wanted":         {"false", append(slices.Clone(sign), refused, failed), wantsNone},
		"in the call that made a key":  {"false", append(call(event.WhatGenerate), refused, event.OperationFailed{Operation: 1, What: event.WhatGenerate, Token: "root"}), ""},
	} {
		events := append([]event.Event{event.CeremonyOpened{}, event.SessionStarted{Session: 1}, event.TokenOpened{Token: "root"},
			event.TokenCensus{Token: "root", When: event.CensusOpened, Objects: []event.Object{}}}, c.then...)
		g := newGrammar()
		g.operations.keys["one"] = *key(c.each)
		said := fmt.Sprint(g.read(numbered(events)).problems)
		for _, says := range []string{loggedIn, didNotFail, wantsNone, "pin.refused: token"} {
			if strings.Contains(said, says) != (says == c.says) {
				t.Errorf("%s: %q: %s", name, says, said)
			}
		}
	}
}
