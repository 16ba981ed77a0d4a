// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"slices"
	"testing"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
)

// standing names other people in the events of a type.
func standing[E event.Event](by ...string) func([]event.Record) []event.Record {
	return func(records []event.Record) []event.Record {
		for i, r := range records {
			if _, ok := r.Event.(E); ok {
				records[i].By = by
			}
		}
		return records
	}
}

// unread removes that a digest was read aloud.
func unread(what string) func([]event.Record) []event.Record {
	return func(records []event.Record) []event.Record {
		return slices.DeleteFunc(records, func(r event.Record) bool {
			e, ok := r.Event.(event.DigestRead)
			return ok && e.What == what
		})
	}
}

// forgedSessions contradict the plan, or another line of the same journal, in what
// people do before the first token is opened and in what the program writes down.
func forgedSessions() []mutation {
	var all []mutation
	add := func(name, says string, change func([]event.Record) []event.Record) {
		all = append(all, mutation{name: "sessions: " + name, names: []string{says}, do: func(t *testing.T, g *golden, dir string) { g.forge(t, dir, change) }})
	}
	add("another id", "the ceremony is called", eachEvent(func(e *event.CeremonyOpened) { e.Ceremony = "2031-other" }))
	add("another title", "the title is", eachEvent(func(e *event.CeremonyOpened) { e.Title = "Another ceremony" }))
	add("no clock", "nobody had attested the clock in session 1", without[event.ClockAttested])
	add("a clock that one person attested", "clock.attested is confirmed by no internal-witness", standing[event.ClockAttested]("alice"))
	add("a clock that strangers attested", "clock.attested is confirmed by no administrator", standing[event.ClockAttested]("mallet", "mallory"))
	add("a clock that a stranger attested, too", "clock.attested by mallet, who did not arrive", standing[event.ClockAttested]("alice", "bob", "mallet"))
	add("one clock", "the clock is attested by 1 reference, want 2", eachEvent(func(e *event.ClockAttested) { e.References = e.References[:1] }))
	add("one clock under two names", "and two are wanted", eachEvent(func(e *event.ClockAttested) { e.References = []string{"wall clock", "Wall Clock"} }))
	add("a clock years away", "the clock is attested as 2019-12-01T09:00:00Z", eachEvent(func(e *event.ClockAttested) {
		e.Room, e.Host, e.OffsetSeconds = "2019-12-01T09:00:00Z", "2019-12-01T09:00:00Z", 0
	}))
	add("a clock set by one on the way", "clock.attested is confirmed by no internal-witness", func(r []event.Record) []event.Record {
		at := slices.IndexFunc(r, func(r event.Record) bool { _, ok := r.Event.(event.StepStarted); return ok })
		stamp := plan.Stamp(r[at].Time)
		again := r[at]
		again.Step, again.How, again.By = "", event.Stated, []string{"alice"}
		again.Event = event.ClockAttested{Room: stamp, Host: stamp, References: []string{"a", "b"}}
		return slices.Insert(r, at, again)
	})
	for what, says := range map[string]string{event.WhatPlan: "the plan", event.WhatSite: "the site file", event.WhatSeal: "the seal key"} {
		add(what+" not read aloud", "the digest of "+says+" was not read aloud in session 1", unread(what))
	}
	add("digests without words", "has no words that were read aloud", eachEvent(func(e *event.DigestRead) { e.Words = "" }))
	add("digests read by one", "digest.read is confirmed by no internal-witness", standing[event.DigestRead]("alice"))
	add("plan.json was never read", "plan/plan.json: no event says that the ceremony read this file", func(r []event.Record) []event.Record {
		return slices.DeleteFunc(r, func(r event.Record) bool {
			e, ok := r.Event.(event.FileLoaded)
			return ok && e.Path == plan.Folder+"/plan.json"
		})
	})
	add("no checks in a list of checks", "the checks are []", eachEvent(func(e *event.ArtifactChecked) { e.Checks = nil }))
	add("a check that nobody knows", "all lints waived", eachEvent(func(e *event.ArtifactChecked) {
		e.Checks = slices.Clone(e.Checks)
		e.Checks[0].Name = "all lints waived"
	}))
	add("more random bits", "random bits, but", eachEvent(func(e *event.SerialDrawn) { e.RandomBits += 8 }))
	add("written down twice", "was already recorded at line", func(r []event.Record) []event.Record {
		at := slices.IndexFunc(r, func(r event.Record) bool { _, ok := r.Event.(event.StepRecorded); return ok })
		return slices.Insert(r, at, r[at])
	})
	add("written down by nobody of the step", "was recorded without anybody in role", standing[event.StepRecorded]("bob"))
	return all
}
