// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/transcripts/event"
)

// TestGrammarRecovered guards what a session says of the record that it continues: who
// cuts lines between a crash and a resume must not choose the number that people read.
func TestGrammarRecovered(t *testing.T) {
	first := []event.Event{event.CeremonyOpened{}, event.SessionStarted{Session: 1}, event.NoteAdded{}}
	again := event.SessionStarted{Session: 2}
	for name, c := range map[string]struct {
		then []event.Event
		says string
	}{
		"as it is":             {[]event.Event{again, event.JournalRecovered{Lines: 3, CutOff: true}}, ""},
		"after another crash":  {[]event.Event{again, event.SessionStarted{Session: 3}, event.JournalRecovered{Lines: 4, CutOff: true}}, ""},
		"fewer lines":          {[]event.Event{again, event.JournalRecovered{Lines: -5, CutOff: true}}, "lines is -5, but 3 lines are before the session"},
		"more lines":           {[]event.Event{again, event.JournalRecovered{Lines: 1e15, CutOff: true}}, "but 3 lines are before the session"},
		"taken out":            {[]event.Event{again, event.NoteAdded{}}, "session 2 begins without journal.recovered"},
		"in the middle":        {[]event.Event{again, event.JournalRecovered{Lines: 3, CutOff: true}, event.JournalRecovered{Lines: 4, CutOff: true}}, "only a session after the first begins so"},
		"in the first session": {[]event.Event{event.JournalRecovered{Lines: 2}}, "only a session after the first begins so"},
		"half of a file":       {[]event.Event{again, event.JournalRecovered{Lines: 3, CutOff: true, Removed: []string{"lint/.a.json.partial0"}}}, ""},
		"a report, closed":     {[]event.Event{event.CeremonyClosed{}, again, event.JournalRecovered{Lines: 4, CutOff: true, Removed: []string{reportPath}}}, ""},
		"a report, not closed": {[]event.Event{again, event.JournalRecovered{Lines: 3, CutOff: true, Removed: []string{reportPath}}}, "removed: \"report/report.html\" is neither"},
		"a certificate":        {[]event.Event{event.CeremonyClosed{}, again, event.JournalRecovered{Lines: 4, CutOff: true, Removed: []string{"artifacts/root.der"}}}, "removed: \"artifacts/root.der\" is neither"},
		"one twice":            {[]event.Event{again, event.JournalRecovered{Lines: 3, CutOff: true, Removed: []string{".a.partial0", ".a.partial0"}}}, "removed: \".a.partial0\" is neither"},
	} {
		said := fmt.Sprint(checkGrammar(numbered(append(slices.Clone(first), c.then...))).problems)
		if c.says == "" {
			for _, wrong := range []string{"lines is", "begins without", "only a session after", "removed:"} {
				if strings.Contains(said, wrong) {
					t.Errorf("%s: %s", name, said)
				}
			}
		} else if !strings.Contains(said, c.says) {
			t.Errorf("%s: lacks %q: %s", name, c.says, said)
		}
	}
}

// TestGrammarContinues guards the lines after the last head on paper: a session that goes
// on from them says that people compared a later head, or confirmed them.
func TestGrammarContinues(t *testing.T) {
	head := func(size int) event.Event { return event.DigestRead{What: event.WhatHead, Size: size, Compared: true} }
	confirmed := func(by ...string) event.Event {
		return event.DeviationRecorded{Exception: event.ExceptionNotOnPaper, DecidedBy: by}
	}
	const says = "no head on paper covers the record of the sessions before"
	for name, c := range map[string]struct {
		then []event.Event
		bad  bool
	}{
		"a head over all acts":         {[]event.Event{head(3)}, false},
		"an earlier head":              {[]event.Event{head(2)}, true},
		"a head that was not on paper": {[]event.Event{event.DigestRead{What: event.WhatHead, Size: 3}}, true},
		"confirmed by two":             {[]event.Event{confirmed("alice", "bob")}, false},
		"confirmed by one":             {[]event.Event{confirmed("alice", "alice")}, true},
		"another deviation":            {[]event.Event{event.DeviationRecorded{DecidedBy: []string{"alice", "bob"}}}, true},
		"nothing":                      {nil, true},
	} {
		events := append([]event.Event{event.CeremonyOpened{}, event.SessionStarted{Session: 1}, event.NoteAdded{}, event.SessionEnded{}, event.SessionStarted{Session: 2}}, c.then...)
		for _, act := range []event.Event{event.TokenOpened{}, event.StepStarted{}, event.StepRedone{}, event.PlanAmended{}} {
			if said := fmt.Sprint(checkGrammar(numbered(append(slices.Clone(events), act))).problems); strings.Contains(said, says) != c.bad {
				t.Errorf("%s, %s: %s", name, act.Type(), said)
			}
		}
	}
}

// TestGrammarClocks guards readers of several sessions: no paper has a head of the session
// that compares it, and one that began before the one before it ended is named.
func TestGrammarClocks(t *testing.T) {
	day := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	read := func(session, size int, at time.Duration, mode event.Mode) *grammar {
		records := []event.Record{{Session: 1, Event: event.CeremonyOpened{Mode: mode}}, {Session: 1, Event: event.SessionStarted{Session: 1}}, {Session: 1, Time: day, Event: event.ClockAttested{}},
			{Session: 1, Time: day.Add(2 * time.Hour), Event: event.SessionEnded{}}, {Session: 2, Event: event.SessionStarted{Session: 2}}, {Session: 2, Event: event.JournalRecovered{Lines: 4}},
			{Session: 2, Time: day.Add(at), Event: event.ClockAttested{}}, {Session: session, Event: event.DigestRead{What: event.WhatHead, Size: size, Compared: true}}}
		for i := range records {
			records[i].Seq = i + 1
		}
		return checkGrammar(records)
	}
	const ownHead, earlier = "no paper has a head of this session, which began after line 4", "session 2 began at 2026-12-01T1"
	for name, c := range map[string]struct {
		g              *grammar
		head, backward bool
	}{
		"a head and a clock that fit":   {read(2, 4, 3*time.Hour, event.Run), false, false},
		"a head of this session":        {read(2, 5, 3*time.Hour, event.Run), true, false},
		"an earlier hour":               {read(2, 4, 1*time.Hour, event.Run), false, true},
		"the same minute":               {read(2, 4, 2*time.Hour-59*time.Second, event.Run), false, false},
		"an earlier hour, in rehearsal": {read(2, 4, 1*time.Hour, event.Rehearsal), false, false},
	} {
		if said := fmt.Sprint(c.g.problems); strings.Contains(said, ownHead) != c.head {
			t.Errorf("%s: %s", name, said)
		}
		if said := fmt.Sprint(c.g.notices); strings.Contains(said, earlier) != c.backward {
			t.Errorf("%s: %s", name, said)
		}
	}
}
