// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// mustOwe demands an entry of the ledger with that standing, with what is due
// first, that the report shows it, and that the last word of the record counts it.
func mustOwe(t *testing.T, bundle, standing, artifact, due string, shown ...string) {
	t.Helper()
	entry := slices.IndexFunc(history.Of(journal(t, bundle)).Ledger(), func(s history.Signature) bool {
		owned := s.Owner() != "" && s.Lacks == ""
		return s.Standing == standing && s.Artifact != nil && s.Artifact.ID == artifact && owned == (standing != event.SignatureOpen) &&
			(len(s.Due) > 0) == (due != "") && (due == "" || s.Due[0].What == due && s.Due[0].Of != "")
	})
	if entry < 0 {
		t.Errorf("no signature of %s is %s, with %q due", artifact, standing, due)
	}
	report, err := os.ReadFile(filepath.Join(bundle, "report/report.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range shown {
		if !strings.Contains(string(report), want) {
			t.Errorf("the report does not say %q", want)
		}
	}
	if closed := recorded[event.CeremonyClosed](t, bundle); len(closed) == 0 || closed[len(closed)-1].Signatures[standing] == 0 {
		t.Errorf("the record counts no signature as %s: %+v", standing, closed)
	}
}

// TestAmendKeepsPossible guards a certificate that may exist: another plan cannot
// leave it out, or nobody would own it.
func TestAmendKeepsPossible(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	h := history.Of([]event.Record{
		{Seq: 1, Event: event.OperationIntended{Operation: 1, What: event.WhatSign, Artifact: "ca-cert", TBSSHA256: "a"}},
		{Seq: 2, Event: event.OperationFailed{Operation: 1, What: event.WhatSign, Effect: event.EffectUnknown}},
	})
	after := *p.Plan
	after.Artifacts = slices.DeleteFunc(slices.Clone(after.Artifacts), func(a plan.Artifact) bool { return a.ID == "ca-cert" })
	if wrong := verify.NewReplay(p.Plan, h).Changes(p.Plan, &after); !strings.Contains(strings.Join(wrong, "\n"), `"ca-cert" may be signed`) {
		t.Errorf("%q", wrong)
	}
	if lacks := verify.Unowned(&after, h); len(lacks) != 1 || !strings.Contains(lacks[0], "the signature of operation 1 (ca-cert, line 2) has no owner") {
		t.Errorf("%q", lacks)
	}
}
