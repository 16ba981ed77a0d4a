// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"strings"
	"testing"

	"rootceremony/lint"
)

// TestBlockedSaysWhy guards the operator: whatever stops a signature says by
// what, even if that is a bug of the program.
func TestBlockedSaysWhy(t *testing.T) {
	for name, r := range map[string]lint.Report{
		"nothing": {}, "a rule that need not be evaluated": {Findings: []lint.Finding{{Rule: "a", Status: lint.NotChecked}}},
		"a waived finding": {Findings: []lint.Finding{{Rule: "a", Status: lint.Error, Waived: &lint.Waiver{}}}},
	} {
		e := Blocked("crl", &r)
		if len(e.Findings()) == 0 || !strings.Contains(e.Error(), "this is a bug") {
			t.Errorf("%s: %v", name, e)
		}
	}
	found := lint.Report{Findings: []lint.Finding{{Rule: "ocsp.crl", Status: lint.NotChecked, Required: true, Lacks: []lint.Need{lint.NeedLatestCRL}}}}
	if got := Blocked("status", &found).Error(); !strings.Contains(got, "ocsp.crl: not checked without latest CRL") {
		t.Error(got)
	}
}
