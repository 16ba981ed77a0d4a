// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token/tokentest"
	"rootceremony/transcripts/event"
)

const acceptQuestion = "types accept or stop"

// signings counts the signatures that a record asked a token for.
func signings(t *testing.T, bundle string) int {
	t.Helper()
	n := 0
	for _, e := range events[event.OperationIntended](t, bundle) {
		if e.What == event.WhatSign {
			n++
		}
	}
	return n
}

// TestKeyThatCanLeave guards a root key that the module makes extractable: it
// signs nothing, not even its proof, before two people accept it aloud; the
// acceptance is asked for once, and the record says it.
func TestKeyThatCanLeave(t *testing.T) {
	t.Setenv("FAULT_EXTRACTABLE", "1")
	p, o := smallRun(t, "none")
	people := func(word string) *termtest.Script {
		return termtest.NewScript(80).On(acceptQuestion, termtest.Reply(word)).Then(attendants(p.Plan.Ceremony.Window.From.Add(20 * time.Minute)))
	}
	screen := people("stop")
	o.People = Asked{Terminal: screen}
	_, err := Execute(context.Background(), p, o)
	if !errors.Is(err, ErrStopped) || !strings.Contains(err.Error(), "CKA_EXTRACTABLE true, wanted false") {
		t.Fatalf("error %v", err)
	}
	if !strings.Contains(screen.Screen(), "KEY k DIFFERS FROM WHAT WAS REQUESTED") || signings(t, o.Bundle) != 0 {
		t.Errorf("%d signatures\n%s", signings(t, o.Bundle), screen.Screen())
	}
	screen = termtest.NewScript(80).On("agree or ask", termtest.Reply("agree")).Then(people("stop"))
	o.People = Asked{Terminal: screen}
	res, err := Resume(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	first, rest, _ := strings.Cut(screen.Screen(), "Who is here")
	for _, screen := range []string{first, rest} { // the first, and the one on which they decide
		if text := strings.Join(strings.Fields(screen), " "); !strings.Contains(text, "Key k differs from what was requested; it is accepted as it is, permanently: private key: the module reports CKA_EXTRACTABLE true") {
			t.Errorf("the screen of decisions does not say it: %s", text)
		}
	}
	if n := strings.Count(screen.Screen(), acceptQuestion); n != 0 {
		t.Errorf("asked %d times again", n)
	}
	mustVerify(t, res.Bundle, len(p.Plan.Artifacts))
	d := slices.DeleteFunc(events[event.DeviationRecorded](t, res.Bundle), func(e event.DeviationRecorded) bool { return e.KeySHA256 == "" })
	if len(d) != 1 || !slices.Equal(d[0].DecidedBy, []string{"alice", "bob"}) || len(d[0].Departures) != 2 { // EXTRACTABLE, NEVER_EXTRACTABLE
		t.Errorf("deviations %+v", d)
	}
	report, err := os.ReadFile(res.Report)
	if err != nil || !strings.Contains(string(report), "A KEY DIFFERS FROM WHAT WAS REQUESTED<small>key k: private key: the module reports CKA_EXTRACTABLE true") {
		t.Errorf("the report does not say it first: %v", err)
	}
}

// used is a ceremony on the root of the small one, which lies beside it.
const used = `version: 1
ceremony: {id: used, approval: none, title: A key is used again, window: {from: 2026-12-01T08:00:00Z, to: 2026-12-01T09:00:00Z}}
people:
  administrator: {of: [alice], need: 1}
  internal-witness: {of: [bob], need: 1}
inputs:
  old: {bundle: ../bundle, artifact: root}
keys:
  k: {token: root, algorithm: ecdsa-p384, class: root, certificate: old}
authorities:
  a: {key: k, certificate: old}
steps:
  - section: All
  - use: [k]
  - crl: list
    profile: builtin:ca-crl
    issuer: a
    number: 1
    first: true
    this-update: signing-time
    next-update: 11mo
`

// TestKeyThatExisted guards a key that exists: one that may be read, leave, be
// modified or decrypt stops or is accepted like a new one; one that was restored
// is used, and the screen and the report say so.
func TestKeyThatExisted(t *testing.T) {
	p, o := smallRun(t, "")
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(filepath.Dir(o.Bundle), "used")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "ceremony.yaml"), []byte(used), 0o600); err != nil {
		t.Fatal(err)
	}
	again := ceremonytest.Preview(t, folder)
	site := *o.Site
	for i := range site.Tokens {
		site.Tokens[i].Module = tokentest.BuildFaultModule(t)
	}
	t.Run("signs nothing", func(t *testing.T) { // nobody is asked about what does not help
		t.Setenv("FAULT_ATTR", "108=0")
		run := runOptions(again, &site, filepath.Join(t.TempDir(), "bundle"))
		screen := termtest.NewScript(80).On(acceptQuestion, termtest.Reply("accept")).Then(attendants(again.Plan.Ceremony.Window.From.Add(20 * time.Minute)))
		run.People = Asked{Terminal: screen}
		_, err := Execute(context.Background(), again, run)
		var stopped *Stopped
		if !errors.As(err, &stopped) || !strings.Contains(err.Error(), "CKA_SIGN false") || !strings.Contains(stopped.Hint(), "CKA_SIGN true") {
			t.Errorf("%v", err)
		}
		if strings.Contains(screen.Screen(), "DIFFERS") {
			t.Errorf("people were asked:\n%s", screen.Screen())
		}
	})
	for lie, departs := range map[string]string{
		"162=1": "CKA_EXTRACTABLE true", "103=0": "CKA_SENSITIVE false", "170=1": "CKA_MODIFIABLE true", "10c=1": "CKA_DERIVE true",
		"163=0": "", "164=0": "", "0=0": "", // LOCAL, NEVER_EXTRACTABLE, nothing
	} {
		t.Run(lie, func(t *testing.T) {
			t.Setenv("FAULT_ATTR", lie)
			run := runOptions(again, &site, filepath.Join(t.TempDir(), "bundle"))
			screen := termtest.NewScript(80).On(acceptQuestion, termtest.Reply("accept")).Then(attendants(again.Plan.Ceremony.Window.From.Add(20 * time.Minute)))
			run.People = Asked{Terminal: screen}
			res, err := Execute(context.Background(), again, run)
			if err != nil {
				t.Fatal(err)
			}
			mustVerify(t, res.Bundle, len(again.Plan.Artifacts))
			accepted := 0
			for _, d := range events[event.DeviationRecorded](t, res.Bundle) {
				if accepted++; departs == "" || !strings.Contains(strings.Join(d.Departures, ""), departs) {
					t.Errorf("accepted: %+v", d)
				}
			}
			if accepted != min(len(departs), 1) {
				t.Errorf("%d deviations", accepted)
			}
			restored := lie == "163=0" || lie == "164=0"
			report, err := os.ReadFile(res.Report)
			if err != nil || strings.Contains(string(report), "restored or imported") != restored || strings.Contains(screen.Screen(), "restored or imported") != restored {
				t.Errorf("restored: %v, %v\n%s", restored, err, screen.Screen())
			}
		})
	}
}
