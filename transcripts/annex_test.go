// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

var update = flag.Bool("update", false, "write the expected outputs again")

// TestAnnexGolden writes the annex of a rehearsal whose randomness, keys and
// clock are fixed. Its plan has one step more than was done.
func TestAnnexGolden(t *testing.T) {
	const folder = "testdata/annex"
	dir, _ := makeBundle(t, roomOptions{mode: event.Rehearsal, software: true})
	v := verifyBundle(t, dir, VerifyOptions{})
	var planned []PlannedStep
	for _, title := range []string{"Open the bags", "Make the keys: root-x1, e1", "Sign the root certificate", "Sign the issuing CA", "Publish the CRL", "Close the bags"} {
		planned = append(planned, PlannedStep{ID: string(rune('1' + len(planned))), Kind: "do", Title: title, Who: []string{"administrator"}})
	}
	annex := NewAnnex(v.History, planned)
	annex.AddVerdict(v, "ceremony v0.1.0", After{})
	files, err := annex.Files()
	check(t, err)
	for _, f := range files {
		name := filepath.Join(folder, f.Name)
		if *update {
			check(t, os.MkdirAll(folder, 0o755))
			check(t, os.WriteFile(name, f.Data, 0o644))
		}
		want, err := os.ReadFile(name)
		check(t, err)
		if diff := cmp.Diff(string(want), string(f.Data)); diff != "" {
			t.Errorf("%s changed; if it should, run with -update (-golden +now):\n%s", name, diff)
		}
	}
	if made, err := os.ReadDir(folder); err != nil || len(made) != len(files) {
		t.Errorf("%d files in %s, %d in the annex (%v)", len(made), folder, len(files), err)
	}
}

// TestAnnexCells holds cells to texts that no spreadsheet takes for a formula
// and that stay on their line.
func TestAnnexCells(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+49 30": "'+49 30", "-2": "'-2", "@SUM(A1)": "'@SUM(A1)", "  =x": "'  =x", "＝x": "'＝x",
		"\t=x": "[U+0009]=x", "\r\n=x": "[U+000D][U+000A]=x", "a\nb": "a[U+000A]b", "a\u202eb": "a[U+202E]b",
		"": "", "CN=E1": "CN=E1", "a, \"b\"": "a, \"b\"",
	} {
		if got := cell(text); got != want {
			t.Errorf("cell(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestAnnexHarmless puts formulas into free text and reads every CSV back.
func TestAnnexHarmless(t *testing.T) {
	evil := "=HYPERLINK(\"http://x\",\"a\nb\")"
	records := played(
		event.CeremonyOpened{Ceremony: "x", Mode: event.Run},
		event.ParticipantArrived{Person: evil, Role: evil},
		event.StepStarted{Title: evil}, event.StepRecorded{Fields: map[string]string{evil: evil}},
		event.DeviationRecorded{Expected: evil, Happened: evil, Decision: evil, DecidedBy: []string{evil}},
		event.StepFinished{Outcome: event.StepDone},
	)
	files, err := NewAnnex(history.Of(records), []PlannedStep{{ID: "9", Title: evil, Who: []string{evil}}}).Files()
	check(t, err)
	for _, f := range files[1:] {
		rows, err := csv.NewReader(strings.NewReader(string(f.Data))).ReadAll()
		check(t, err)
		if lines := strings.Count(string(f.Data), "\n"); lines != len(rows) {
			t.Errorf("%s: %d lines, %d records", f.Name, lines, len(rows))
		}
		for _, row := range rows {
			for _, c := range row {
				if c != "" && strings.ContainsAny(c[:1], formula) {
					t.Errorf("%s: a cell begins a formula: %q", f.Name, c)
				}
			}
		}
	}
}

// played gives records of events, all but the first of step 1.
func played(events ...event.Event) []event.Record {
	var records []event.Record
	for i, e := range events {
		r := event.Record{Seq: i + 1, Time: time.Date(2026, 12, 1, 9, 0, i, 0, time.UTC), By: []string{}, How: event.Observed, Event: e}
		if i > 0 {
			r.Step = "1"
		}
		records = append(records, r)
	}
	return records
}

// TestAnnexLeavesNothingOut keeps rows for what went otherwise: a signature
// without a result, a failed one, a step begun twice, one that nobody planned.
func TestAnnexLeavesNothingOut(t *testing.T) {
	records := played(
		event.CeremonyOpened{Ceremony: "x", Mode: event.Run},
		event.ParticipantArrived{Person: "bob", Role: "internal-witness"},
		event.StepStarted{Title: "Sign", Kind: "sign"},
		event.OperationIntended{Operation: 1, What: event.WhatSign, Token: "root", Artifact: "a", TBSSHA256: "ab"},
		event.OperationFailed{Operation: 1, What: event.WhatSign, Token: "root", Error: "CKR_DEVICE_ERROR", Effect: event.EffectUnknown},
		event.StepFinished{Outcome: event.StepFailed},
		event.StepStarted{Title: "Sign", Kind: "sign"},
		event.SignatureConfirmed{Table: []event.Confirmed{{Artifact: "b", TBSSHA256: "cd"}, {Artifact: "a", TBSSHA256: "ab"}}},
		event.OperationIntended{Operation: 2, What: event.WhatSign, Token: "root", Artifact: "a", TBSSHA256: "ab"},
		event.OperationFinished{Operation: 2, What: event.WhatSign, Token: "root"},
		event.OperationIntended{Operation: 3, What: event.WhatSign, Token: "root", Purpose: event.PurposeProof, For: "root-x1"},
		event.ParticipantLeft{Person: "bob"},
	)
	a := NewAnnex(history.Of(records), []PlannedStep{{ID: "2", Title: "Later"}})
	var got []string
	for _, s := range a.Steps {
		got = append(got, strings.Join([]string{s.Step, s.Planned, s.Outcome}, " "))
	}
	for _, s := range a.Signatures {
		got = append(got, strings.TrimSpace(strings.Join([]string{s.Artifact + s.Purpose, s.Result, s.Effect}, " ")))
	}
	for _, s := range a.Attendance {
		got = append(got, strings.Join([]string{s.Event, s.Person, s.Role}, " "))
	}
	want := []string{
		"2 yes not started", "1 no failed", "1 no open",
		"a failed unknown", "a signed", "key-proof unknown",
		"arrived bob internal-witness", "left bob internal-witness",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if a.Signatures[1].ConfirmLine != 8 || a.Signatures[0].ConfirmLine != 0 {
		t.Errorf("confirmations at lines %d and %d", a.Signatures[0].ConfirmLine, a.Signatures[1].ConfirmLine)
	}
	if got := NewAnnex(history.Of(records), nil).Steps[0].Planned; got != "unknown" {
		t.Errorf("without a plan a step is planned: %s", got)
	}
}
