// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"strings"
	"testing"

	"rootceremony/transcripts/event"
)

// TestGrammarExceptions guards people against an exception that is none: who writes one
// into a record calls something an accident, or a decision of two people, that never was.
func TestGrammarExceptions(t *testing.T) {
	two := []string{"alice", "bob"}
	of := func(exception string) event.DeviationRecorded {
		return event.DeviationRecorded{Exception: exception, DecidedBy: two}
	}
	root := event.SessionStarted{Session: 1, Host: &event.Host{Root: true}}
	first, second := event.SessionStarted{Session: 1}, event.SessionStarted{Session: 2}
	unapproved := func(amendment int) event.DeviationRecorded {
		return event.DeviationRecorded{Exception: event.ExceptionUnapproved, Amendment: amendment, DecidedBy: two}
	}
	unclosed := event.DeviationRecorded{Exception: event.ExceptionNotClosed, Token: "root", Happened: "rain"}
	opened := event.TokenOpened{Token: "root"}
	head := event.DigestRead{What: event.WhatHead, Size: 3, Compared: true}
	sought := event.OperationIntended{Operation: 1, What: event.WhatFind, Token: "root", Key: &event.Key{SPKISHA256: "one"}}
	inVain := event.OperationFailed{Operation: 1, What: event.WhatFind, Token: "root", Effect: event.EffectNone}
	chosen := func(spki string) event.DeviationRecorded {
		return event.DeviationRecorded{Exception: event.ExceptionChosen, Chosen: &event.Key{ID: "01", SPKISHA256: spki}, DecidedBy: two}
	}
	for name, c := range map[string]struct {
		events []event.Event
		says   string
	}{
		"root":                       {[]event.Event{root, of(event.ExceptionAsRoot)}, ""},
		"root, twice":                {[]event.Event{root, of(event.ExceptionAsRoot), of(event.ExceptionAsRoot)}, "the program does not run as root"},
		"no root":                    {[]event.Event{first, of(event.ExceptionAsRoot)}, "the program does not run as root"},
		"not closed":                 {[]event.Event{first, opened, unclosed}, ""},
		"not closed, not open":       {[]event.Event{first, unclosed}, "token \"root\" is not open"},
		"on disk":                    {[]event.Event{first, event.NoteAdded{}, second, of(event.ExceptionNotOnPaper)}, ""},
		"on disk, nothing done":      {[]event.Event{first, second, of(event.ExceptionNotOnPaper)}, "a head on paper covers"},
		"on disk and on paper":       {[]event.Event{first, event.NoteAdded{}, second, head, of(event.ExceptionNotOnPaper)}, "a head on paper covers"},
		"on disk, twice":             {[]event.Event{first, event.NoteAdded{}, second, of(event.ExceptionNotOnPaper), of(event.ExceptionNotOnPaper)}, "two people confirmed it before"},
		"amendment":                  {[]event.Event{first, unapproved(1), event.PlanAmended{Number: 1}, event.StepStarted{}}, ""},
		"amendment, cut off":         {[]event.Event{first, unapproved(1), second, event.StepStarted{}}, ""},
		"another amendment":          {[]event.Event{first, unapproved(2), event.PlanAmended{Number: 1}}, "it is about amendment 2, but amendment 1 follows"},
		"no amendment":               {[]event.Event{first, unapproved(1), event.StepStarted{}}, "it is about amendment 1, which does not follow"},
		"amendment in force":         {[]event.Event{first, event.PlanAmended{Number: 1}, unapproved(1)}, "amendment 1 is in force"},
		"medium":                     {[]event.Event{first, second, of(event.ExceptionMedium), opened}, ""},
		"medium, twice":              {[]event.Event{first, second, of(event.ExceptionMedium), of(event.ExceptionMedium)}, "this was said of it before"},
		"medium, first session":      {[]event.Event{first, of(event.ExceptionMedium)}, "only a session that continues"},
		"key":                        {[]event.Event{first, sought, inVain, chosen("one")}, ""},
		"key, never sought":          {[]event.Event{first, chosen("one")}, "no search for the key failed just before"},
		"key, found":                 {[]event.Event{first, sought, event.OperationFinished{Operation: 1, What: event.WhatFind, Token: "root"}, chosen("one")}, "no search for the key failed just before"},
		"another key":                {[]event.Event{first, sought, inVain, chosen("two")}, "no search for the key failed just before"},
		"medium, later in a session": {[]event.Event{first, second, opened, of(event.ExceptionMedium)}, "only a session that continues"},
	} {
		records := numbered(append([]event.Event{event.CeremonyOpened{}}, c.events...))
		for i := range records {
			records[i].How = event.Stated
		}
		said := ""
		for _, p := range checkGrammar(records).problems {
			if strings.HasPrefix(p.What, "deviation.recorded: ") && !strings.Contains(p.What, "no person") && !strings.Contains(p.What, "begins without") {
				said += p.What + "\n"
			}
		}
		if c.says == "" && said != "" || !strings.Contains(said, c.says) {
			t.Errorf("%s: want %q in %q", name, c.says, said)
		}
	}
}

// TestGrammarAsRoot guards that two people accept, in the same session and before
// the first token, that the program runs as root.
func TestGrammarAsRoot(t *testing.T) {
	accepted := event.DeviationRecorded{Exception: event.ExceptionAsRoot, DecidedBy: []string{"alice", "bob"}}
	started := event.SessionStarted{Host: &event.Host{Root: true}}
	opened := event.TokenOpened{Token: "root"}
	for _, c := range []struct {
		name   string
		events []event.Event
		ok     bool
	}{
		{"accepted", []event.Event{started, accepted, opened}, true},
		{"by one", []event.Event{started, event.DeviationRecorded{Exception: event.ExceptionAsRoot, DecidedBy: []string{"alice"}}, opened}, false},
		{"something else", []event.Event{started, event.DeviationRecorded{Expected: "rain", DecidedBy: accepted.DecidedBy}, opened}, false},
		{"too late", []event.Event{started, opened, accepted}, false},
		{"in the session before", []event.Event{started, accepted, event.SessionEnded{}, started, opened}, false},
		{"software", []event.Event{event.CeremonyOpened{SoftwareTokens: true}, started, opened}, true},
	} {
		said := false
		for _, p := range checkGrammar(numbered(c.events)).problems {
			said = said || strings.Contains(p.What, "was opened as root")
		}
		if said == c.ok {
			t.Errorf("%s: said %t", c.name, said)
		}
	}
}

// TestGrammarNotClosed guards that a token whose module failed at the end is told by
// a deviation about that token, with the same error.
func TestGrammarNotClosed(t *testing.T) {
	told := event.DeviationRecorded{Exception: event.ExceptionNotClosed, Token: "root", Happened: "CKR_DEVICE_ERROR"}
	opened, closed := event.TokenOpened{Token: "root"}, event.TokenClosed{Token: "root", Error: "CKR_DEVICE_ERROR"}
	other := told
	other.Token = "issuing"
	words := event.DeviationRecorded{Expected: "token root is logged out of and closed", Happened: "CKR_DEVICE_ERROR"}
	for _, c := range []struct {
		name   string
		events []event.Event
		ok     bool
	}{
		{"told", []event.Event{opened, told, event.NoteAdded{}, closed}, true},
		{"told in words alone", []event.Event{opened, words, closed}, false},
		{"of another token", []event.Event{opened, other, closed}, false},
		{"another error", []event.Event{opened, event.DeviationRecorded{Exception: event.ExceptionNotClosed, Token: "root", Happened: "rain"}, closed}, false},
		{"told before it was opened again", []event.Event{opened, told, closed, opened, closed}, false},
	} {
		said := false
		for _, p := range checkGrammar(numbered(c.events)).problems {
			said = said || strings.Contains(p.What, "was not closed properly")
		}
		if said == c.ok {
			t.Errorf("%s: said %t", c.name, said)
		}
	}
}

// TestGrammarAbandoned guards a complete ceremony against a record that says that it was
// abandoned, which nobody decided, and the other way round.
func TestGrammarAbandoned(t *testing.T) {
	by := func(who ...string) event.Event {
		return event.DeviationRecorded{Exception: event.ExceptionAbandoned, DecidedBy: who}
	}
	session := func(n int) event.Event { return event.SessionStarted{Session: n} }
	begun := event.StepStarted{Title: "Look.", Kind: "do"}
	abandoned, complete := event.CeremonyClosed{Outcome: event.OutcomeAbandoned}, event.CeremonyClosed{Outcome: event.OutcomeComplete}
	for name, c := range map[string]struct {
		events []event.Event
		says   string
	}{
		"decided":            {[]event.Event{session(1), session(2), by("alice", "bob"), abandoned}, ""},
		"decided at first":   {[]event.Event{session(1), by("alice", "bob"), abandoned}, "in a session that does not continue it"},
		"after a step":       {[]event.Event{session(1), session(2), begun, by("alice", "bob"), abandoned}, "after a step of theirs"},
		"before a step":      {[]event.Event{session(1), session(2), by("alice", "bob"), begun, abandoned}, "a step begins after two people ended the ceremony for good"},
		"undecided":          {[]event.Event{session(1), abandoned}, "two people ended the ceremony for good"},
		"decided by one":     {[]event.Event{session(1), session(2), by("alice", "alice"), abandoned}, "two people ended the ceremony for good"},
		"decided before":     {[]event.Event{session(1), session(2), by("alice", "bob"), session(3), abandoned}, "two people ended the ceremony for good"},
		"complete":           {[]event.Event{session(1), complete}, ""},
		"decided, complete":  {[]event.Event{session(1), session(2), by("alice", "bob"), complete}, "two people ended the ceremony for good"},
		"decided, continued": {[]event.Event{session(1), session(2), by("alice", "bob"), session(3), complete}, ""},
	} {
		said := ""
		for _, p := range checkGrammar(numbered(c.events)).problems {
			if strings.Contains(p.What, "ended the ceremony") {
				said = p.What
			}
		}
		if !strings.Contains(said, c.says) || c.says == "" && said != "" {
			t.Errorf("%s: want %q, got %q", name, c.says, said)
		}
	}
}
