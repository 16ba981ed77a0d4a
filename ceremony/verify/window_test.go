// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// timed are lines, each at a time of day.
type timed struct {
	at string
	event.Event
}

// TestWindow guards whoever reads dates in what was signed: they are those of the room,
// keys and signatures were made while the ceremony might, and whatever else happened
// outside the window has a name.
func TestWindow(t *testing.T) {
	p := ceremonytest.Amended(t, "to: 2026-12-01T20:00:00Z}", "to: 2026-12-01T20:00:00Z, extend: 4h}")
	extended := timed{"20:01:00.000", event.DeviationRecorded{Exception: event.ExceptionExtended, DecidedBy: []string{"alice", "bob"}}}
	lint := func(at string) timed {
		return timed{at, event.ObjectLinted{Artifact: "root-cert", Stage: event.StageBeforeSigning, Clear: true}}
	}
	sign := func(at, moment string) timed {
		return timed{at, event.OperationIntended{What: event.WhatSign, Artifact: "root-cert", TBSSHA256: "bytes", Moment: "2026-12-01T" + moment + "Z"}}
	}
	proof := func(at, moment string) timed {
		return timed{at, event.OperationIntended{What: event.WhatSign, Purpose: event.PurposeProof, For: "root", Moment: "2026-12-01T" + moment + "Z"}}
	}
	generate := func(at string) timed { return timed{at, event.OperationIntended{What: event.WhatGenerate}} }
	step := func(at string) timed { return timed{at, event.StepStarted{}} }
	for name, c := range map[string]struct {
		lines []timed
		says  string // of the first problem
		named string // lines outside the window
	}{
		"prepared and signed":              {[]timed{step("09:00:00.500"), lint("09:00:02.000"), sign("09:30:00.000", "09:00:00")}, "", ""},
		"before it was prepared":           {[]timed{step("09:00:00.500"), lint("09:00:02.000"), sign("09:00:03.000", "08:59:59")}, "signed as of 2026-12-01T08:59:59Z, but was prepared between 2026-12-01T09:00:00Z and 2026-12-01T09:00:02Z", ""},
		"after it was prepared":            {[]timed{step("09:00:00.500"), lint("09:00:02.000"), sign("09:00:05.000", "09:00:04")}, "but was prepared between", ""},
		"the same bytes again":             {[]timed{step("09:00:00.500"), lint("09:00:02.000"), sign("09:00:05.000", "09:00:01"), step("10:00:00.000"), lint("10:00:01.000"), sign("10:00:02.000", "09:00:01")}, "", ""},
		"a proof":                          {[]timed{step("09:00:00.000"), proof("09:00:05.000", "09:00:04")}, "", ""},
		"a proof of another time":          {[]timed{step("09:00:00.000"), proof("09:00:05.000", "12:00:00")}, "proof of key root is signed as of 2026-12-01T12:00:00Z, but was prepared between", ""},
		"the clock is corrected":           {[]timed{step("09:10:00.000"), {"09:00:00.000", event.ClockAttested{}}, lint("09:00:02.000"), sign("09:00:05.000", "09:00:01")}, "", ""},
		"signed late":                      {[]timed{step("19:59:00.000"), lint("19:59:02.000"), sign("20:02:00.000", "19:59:01")}, "root-cert is signed at 2026-12-01T20:02:00Z, after the window ended, and no two people had extended it", ""},
		"signed as the window ends":        {[]timed{step("19:59:59.000"), lint("20:00:00.100"), sign("20:00:02.000", "20:00:00")}, "", ""},
		"signed after it was extended":     {[]timed{step("19:59:00.000"), lint("19:59:02.000"), extended, sign("20:02:00.000", "19:59:01")}, "", "line 4 of the journal"},
		"a key after the window":           {[]timed{generate("20:02:00.000")}, "a key is generated at 2026-12-01T20:02:00Z, after the window ended", ""},
		"a key after an extension":         {[]timed{extended, generate("23:00:00.000")}, "", "line 2 of the journal, of 2026-12-01T20:01:00Z, is outside"},
		"a key before the window":          {[]timed{generate("07:59:59.000")}, "a key is generated at 2026-12-01T07:59:59Z, outside the window 2026-12-01T08:00:00Z", ""},
		"people after the window":          {[]timed{step("20:30:00.000"), {"20:40:00.000", event.StepFinished{Outcome: "failed"}}}, "", "lines 2 to 3 of the journal, of 2026-12-01T20:30:00Z to 2026-12-01T20:40:00Z, are outside the window 2026-12-01T08:00:00Z to 2026-12-01T20:00:00Z"},
		"people after it was extended":     {[]timed{extended, step("20:30:00.000")}, "", "line 2 of the journal"},
		"people after the extended window": {[]timed{{"19:00:00.000", extended.Event}, {"20:30:00.000", event.NoteAdded{}}}, "", ""},
	} {
		v := &Verdict{Verdict: &transcripts.Verdict{}, plans: []planPeriod{{Preview: p}}}
		for i, l := range slices.Insert(c.lines, 0, timed{"08:00:00.000", event.SessionStarted{}}) {
			at, err := time.Parse(time.RFC3339, "2026-12-01T"+l.at+"Z")
			if err != nil {
				t.Fatal(err)
			}
			v.Records = append(v.Records, event.Record{Seq: i + 1, Time: at, Event: l.Event})
		}
		checkWindow(v)
		said := ""
		if len(v.Problems) > 0 {
			said = v.Problems[0].What
		}
		if len(v.Problems) > 1 || (c.says == "") != (said == "") || !strings.Contains(said, c.says) {
			t.Errorf("%s: want %q, got %v", name, c.says, v.Problems)
		}
		if named := strings.Join(v.Notices, "\n"); (c.named == "") != (named == "") || !strings.Contains(named, c.named) {
			t.Errorf("%s: want %q, got %q", name, c.named, named)
		}
	}
}

// checkWindow holds the lines of a verdict to the clock.
func checkWindow(v *Verdict) {
	w := &stepChecker{v: v}
	for before, r := range history.Before(v.Records) {
		w.before = before
		w.inWindow(r)
	}
	w.window.end(v)
}

// TestWindowExtended guards people against a decision to extend the window that could
// not be made: the window goes on, was extended, or the plan allows no extension.
func TestWindowExtended(t *testing.T) {
	const to = "to: 2026-12-01T20:00:00Z}"
	allows, forbids := ceremonytest.Amended(t, to, "to: 2026-12-01T20:00:00Z, extend: 4h}"), ceremonytest.Twice(t)
	e := event.DeviationRecorded{Exception: event.ExceptionExtended, DecidedBy: []string{"alice", "bob"}}
	const says = "the window is extended, which is"
	for name, c := range map[string]struct {
		p   *plan.Preview
		at  []string
		bad bool
	}{
		"after its end":    {allows, []string{"20:00:01"}, false},
		"before its end":   {allows, []string{"19:59:59"}, true},
		"twice":            {allows, []string{"20:00:01", "20:00:02"}, true},
		"and nobody could": {forbids, []string{"20:00:01"}, true},
	} {
		v := &Verdict{Verdict: &transcripts.Verdict{}, plans: []planPeriod{{Preview: c.p}}}
		w := &stepChecker{v: v, before: history.New()}
		for i, at := range c.at {
			room, err := time.Parse(time.RFC3339, "2026-12-01T"+at+"Z")
			if err != nil {
				t.Fatal(err)
			}
			r := event.Record{Seq: i + 1, Time: room, Event: e}
			w.excepted(r, e)
			w.before.Add(r)
		}
		if said := strings.Contains(fmt.Sprint(v.Problems), says); said != c.bad {
			t.Errorf("%s: %v", name, v.Problems)
		}
	}
}
