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

// edit changes the events of one type: the n-th of them, from 0, or with -1
// all.
func edit[E event.Event](n int, change func(r *event.Record, e *E)) func([]event.Record) []event.Record {
	return func(records []event.Record) []event.Record {
		seen := 0
		for i := range records {
			e, ok := records[i].Event.(E)
			if !ok {
				continue
			}
			if n < 0 || seen == n {
				change(&records[i], &e)
				records[i].Event = e
			}
			seen++
		}
		return records
	}
}

// drop removes the n-th event of a type.
func drop[E event.Event](n ...int) func([]event.Record) []event.Record {
	return func(records []event.Record) []event.Record {
		seen := 0
		return slices.DeleteFunc(records, func(r event.Record) bool {
			if _, ok := r.Event.(E); !ok {
				return false
			}
			seen++
			return slices.Contains(n, seen-1)
		})
	}
}

// twice repeats the n-th event of a type.
func twice[E event.Event](n int) func([]event.Record) []event.Record {
	return func(records []event.Record) []event.Record {
		seen := 0
		for i, r := range records {
			if _, ok := r.Event.(E); ok {
				if seen == n {
					return slices.Insert(records, i, r)
				}
				seen++
			}
		}
		return records
	}
}

// TestGrammar breaks each rule of a journal in a way that no chain or seal
// would notice: as whoever holds the seal key could.
func TestGrammar(t *testing.T) {
	records := playedRecords(t)
	if g := checkGrammar(records); len(g.problems) > 0 {
		t.Fatal(g.problems)
	}
	for want, change := range map[string]func([]event.Record) []event.Record{
		"the first event is not ceremony.opened":                        drop[event.CeremonyOpened](0),
		"the ceremony is already open":                                  twice[event.CeremonyOpened](0),
		"the second event is not session.started":                       drop[event.SessionStarted](0),
		"session 2 follows session 0":                                   edit(0, func(_ *event.Record, e *event.SessionStarted) { e.Session = 2 }),
		"the seal key is for":                                           edit(0, func(_ *event.Record, e *event.CeremonyOpened) { e.Ceremony = "other" }),
		"an earlier session used the same seal key":                     twice[event.SessionStarted](0),
		"plan_sha256 differs from prev":                                 edit(0, func(_ *event.Record, e *event.CeremonyOpened) { e.PlanSHA256 = strings.Repeat("0", 64) }),
		"stated, but nobody attends this rehearsal":                     edit(0, func(_ *event.Record, e *event.CeremonyOpened) { e.Mode, e.Unattended = event.Rehearsal, true }),
		"unattended, but not a rehearsal":                               edit(0, func(_ *event.Record, e *event.CeremonyOpened) { e.Unattended = true }),
		"the session has ended":                                         twice[event.SessionEnded](0),
		"the ceremony is already closed":                                twice[event.CeremonyClosed](0),
		"no preflight.checked before it says what was looked at":        drop[event.PreflightChecked](0),
		"host and devices were looked at before":                        twice[event.PreflightChecked](0),
		"only a real ceremony is preceded by one":                       edit(0, func(_ *event.Record, e *event.CeremonyOpened) { e.Mode = event.Rehearsal }),
		"session is 3, but session 1 is open":                           edit(0, func(r *event.Record, _ *event.NoteAdded) { r.Session = 3 }),
		"mono_ms goes back":                                             edit(0, func(r *event.Record, _ *event.NoteAdded) { r.Mono = 0 }),
		"time goes back":                                                edit(0, func(r *event.Record, _ *event.NoteAdded) { r.Time = r.Time.Add(-time.Hour) }),
		"step 1 is not finished":                                        drop[event.StepFinished](0),
		"step \"1\" is not open":                                        drop[event.StepStarted](0),
		"no step is named":                                              edit(0, func(r *event.Record, _ *event.StepRecorded) { r.Step = "" }),
		"bob is not in the room":                                        drop[event.ParticipantArrived](1),
		"keyboard.taken: zoe is not in the room":                        edit(0, func(_ *event.Record, e *event.KeyboardTaken) { e.Person = "zoe" }),
		"alice sits down, but others say so":                            edit(0, func(r *event.Record, _ *event.KeyboardTaken) { r.By = []string{"bob"} }),
		"no event before it says who is at the keyboard":                drop[event.KeyboardTaken](0),
		"stated, but no person is named":                                edit(0, func(r *event.Record, _ *event.NoteAdded) { r.By = nil }),
		"simulated, but":                                                edit(0, func(r *event.Record, _ *event.NoteAdded) { r.How = event.Simulated }),
		"token \"root\" is not open":                                    drop[event.TokenOpened](0),
		"token \"root\" was not closed properly":                        edit(0, func(_ *event.Record, e *event.TokenClosed) { e.Error = "CKR_DEVICE_ERROR" }),
		"token \"root\" was opened before in this session":              twice[event.TokenOpened](0),
		"a software token, but ceremony.opened says that there is none": edit(0, func(_ *event.Record, e *event.TokenOpened) { e.Software = true }),
		"token \"root\" was opened as root":                             edit(0, func(_ *event.Record, e *event.SessionStarted) { h := *e.Host; h.Root = true; e.Host = &h }),
		"operation 2 follows operation 0":                               drop[event.OperationIntended](0),
		"operation 1 was not intended":                                  drop[event.OperationIntended](0),
		"operation 1 already has an outcome":                            twice[event.OperationFinished](0),
		"operation 3 has no outcome":                                    drop[event.OperationFinished](2),
		"operation 5 has no outcome":                                    drop[event.OperationFailed](0),
		"operation 1 was intended as":                                   edit(0, func(_ *event.Record, e *event.OperationFinished) { e.What = event.WhatFind }),
		"spki_sha256 is not the digest of spki":                         edit(0, func(_ *event.Record, e *event.OperationFinished) { k := *e.Key; k.SPKI = "AAAA"; e.Key = &k }),
		"the key differs from the one in operation.intended":            edit(0, func(_ *event.Record, e *event.OperationFinished) { k := *e.Key; k.ID = "00"; e.Key = &k }),
		"no key":                               edit(0, func(_ *event.Record, e *event.OperationFinished) { e.Key = nil }),
		"no signature":                         edit(2, func(_ *event.Record, e *event.OperationFinished) { e.Signature = "" }),
		"does not verify under the public key": edit(2, func(_ *event.Record, e *event.OperationFinished) { e.Signature = "AAAA" + e.Signature[4:] }),
		"the key was neither generated nor found":            edit(2, func(_ *event.Record, e *event.OperationIntended) { e.Key = nil }),
		"tbs_sha256 is not the digest of tbs":                edit(2, func(_ *event.Record, e *event.OperationIntended) { e.TBS = "AAAA" + e.TBS[4:] }),
		"want tbs or tbs_file":                               edit(2, func(_ *event.Record, e *event.OperationIntended) { e.TBS = "" }),
		"a signature without artifact and purpose":           edit(2, func(_ *event.Record, e *event.OperationIntended) { e.Artifact = "" }),
		"unknown signature algorithm":                        edit(2, func(_ *event.Record, e *event.OperationIntended) { e.Algorithm = "md5-rsa" }),
		"does not fit a key of type":                         edit(2, func(_ *event.Record, e *event.OperationIntended) { e.Algorithm = "sha256-rsa" }),
		"plan_sha256 is not the digest of the plan in force": edit(2, func(_ *event.Record, e *event.OperationIntended) { e.PlanSHA256 = strings.Repeat("0", 64) }),
		"root-x1-cert was not linted before":                 edit(0, func(_ *event.Record, e *event.ObjectLinted) { e.Stage = event.StagePlanning }),
		"lint does not allow root-x1-cert":                   edit(0, func(_ *event.Record, e *event.ObjectLinted) { e.Clear = false }),
		"lint_sha256 is not the digest of":                   edit(2, func(_ *event.Record, e *event.OperationIntended) { e.LintSHA256 = "" }),
		"root-x1-cert over these bytes was not":              drop[event.SignatureConfirmed](0),
		"digits \"0000\" are not those":                      edit(0, func(_ *event.Record, e *event.SignatureConfirmed) { e.Digits = []string{e.Digits[0], "0000"} }),
		"at least two people must confirm":                   edit(0, func(r *event.Record, _ *event.SignatureConfirmed) { r.By = []string{"alice", "alice"} }),
		"root-x1-cert was not signed":                        drop[event.OperationFinished](2),
		"root-x1-cert.der was already written":               twice[event.ArtifactWritten](0),
		"root-x1-crl-1 was signed but never":                 drop[event.ArtifactWritten](4, 5),
		"root-x1-cert was delivered without being checked":   drop[event.ArtifactChecked](0),
		"outcome complete, but root-x1-cert is withheld":     edit(0, func(_ *event.Record, e *event.ArtifactWritten) { e.Withheld = "why" }),
		"is done, but root-x1-cert is withheld":              edit(0, func(_ *event.Record, e *event.ArtifactWritten) { e.Withheld = "why" }),
		"is done, but root-x1-crl-1 was signed but":          drop[event.ArtifactWritten](4, 5),
		"is done, but root-x1-cert failed the check":         edit(0, func(_ *event.Record, e *event.ArtifactChecked) { e.Checks = []event.Check{{Name: "x"}} }),
		"complete, but root-x1-cert failed the check \"x\"":  edit(0, func(_ *event.Record, e *event.ArtifactChecked) { e.Checks = []event.Check{{Name: "x"}} }),
		"failed the check \"lint after signing\"":            edit(1, func(_ *event.Record, e *event.ObjectLinted) { e.Clear = false }),
		"key \"root-x1\" was neither":                        edit(0, func(_ *event.Record, e *event.KeyProved) { e.SPKISHA256 = strings.Repeat("0", 64) }),
		"operation 1 is not a signature by":                  edit(0, func(_ *event.Record, e *event.KeyProved) { e.Operation = 1 }),
		"3 operations \"sign\"":                              drop[event.OperationFinished](4),
		"1 operations failed, but the journal":               drop[event.OperationFailed](0),
		"1 deviations, but the journal has 0":                drop[event.DeviationRecorded](0),
	} {
		changed := change(slices.Clone(records))
		for i := range changed {
			changed[i].Seq = i + 1
		}
		g := checkGrammar(changed)
		if !strings.Contains(fmt.Sprint(g.problems), want) {
			t.Errorf("want %q in %v", want, g.problems)
		}
	}
}

// TestGrammarOnce guards counts that people read against lines that say a second time
// what happened once: that a token was counted before it was closed, and that people
// confirmed a signature.
func TestGrammarOnce(t *testing.T) {
	records := playedRecords(t)
	for name, c := range map[string]struct {
		change func([]event.Record) []event.Record
		says   string
	}{
		"census":       {twice[event.TokenCensus](1), "were counted already before it is closed"},
		"confirmation": {twice[event.SignatureConfirmed](0), "over these bytes was confirmed already"},
	} {
		if said := fmt.Sprint(checkGrammar(c.change(slices.Clone(records))).problems); !strings.Contains(said, c.says) {
			t.Errorf("%s: want %q in %s", name, c.says, said)
		}
	}
}

// playedRecords are those of a whole ceremony.
func playedRecords(t *testing.T) []event.Record {
	t.Helper()
	r := openRoom(t, roomOptions{})
	r.play(roomOptions{})
	_, err := r.j.Close(event.OutcomeComplete)
	check(t, err)
	return r.j.Records()
}

// numbered makes lines of events, each in the session that was started last.
func numbered(events []event.Event) []event.Record {
	var records []event.Record
	session := 1
	for i, e := range events {
		if started, is := e.(event.SessionStarted); is {
			session = started.Session
		}
		records = append(records, event.Record{Seq: i + 1, Session: session, Event: e})
	}
	return records
}
