// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"context"
	"errors"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/lint"
	"rootceremony/transcripts/history"
)

// TestRecordFindings guards what verify makes of a finding on an artifact that
// was rebuilt: one that contradicts the record makes the bundle invalid, one
// of today's rules does not, unless they are those that cleared it, and neither does
// what is on a withheld object.
func TestRecordFindings(t *testing.T) {
	re, err := Rebuild(context.Background(), ceremonytest.GoldenBundle, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer re.Verdict.Close()
	var op *history.Operation
	for _, o := range re.Verdict.History.Ended {
		if o.SignsArtifact() {
			op = o
		}
	}
	a := re.Builder.Plan.Artifact(op.Intended.Event.Artifact)
	for _, again := range []bool{false, true} { // by the engines that cleared it
		others := map[string]string{}
		for engine := range lint.Versions() {
			others[engine] = "another"
		}
		re.Verdict.History.Sessions[0].Event.Tool.Linters = others
		if again {
			re.Verdict.History.Sessions[0].Event.Tool.Linters = lint.Versions()
			re.Verdict.History.Linted = nil
		}
		for _, states := range []lint.Record{lint.RecordBytes, lint.RecordDeclared, lint.RecordSignature, lint.RecordIssuer, ""} {
			for _, withheld := range []string{"", "a check was not met"} {
				reported(t, re, op, a, states, withheld, (states != "" || again) && withheld == "")
			}
		}
	}
}

// reported has a finding on an artifact that was rebuilt.
func reported(t *testing.T, re *Verifier, op *history.Operation, a *plan.Artifact, states lint.Record, withheld string, invalid bool) {
	t.Helper()
	re.Verdict.Problems, re.Verdict.Notices = nil, nil
	written(op).Withheld = withheld
	if re.withheld(op, errors.New("it cannot be parsed")) != (withheld != "") || len(re.Verdict.Notices) != len(withheld)/max(1, len(withheld)) {
		t.Errorf("an object that cannot be parsed, withheld %q: notices %v", withheld, re.Verdict.Notices)
	}
	re.Verdict.Notices = nil
	re.compare(op, re.Builder.Made[a.ID].DER, lint.Report{Findings: []lint.Finding{{Rule: "a.rule", Status: lint.Error, Details: "it is wrong", Record: states}}})
	if (len(re.Verdict.Problems) == 1) != invalid || (len(re.Verdict.Notices) == 1) == invalid {
		t.Errorf("%q, withheld %q: problems %v, notices %v", states, withheld, re.Verdict.Problems, re.Verdict.Notices)
	}
	if invalid && !strings.Contains(re.Verdict.Problems[0].String(), "a.rule: it is wrong") {
		t.Errorf("%q: %v", states, re.Verdict.Problems)
	}
}
