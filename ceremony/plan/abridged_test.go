// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"testing"
	"time"

	"rootceremony/lint"
)

// TestAbridged counts findings that are alike instead of showing each.
func TestAbridged(t *testing.T) {
	var list []lint.Finding
	for i := range 1000 {
		list = append(list, lint.Finding{Rule: "crl.entry-reason", Field: lint.FieldPrevious, Details: fmt.Sprint("entry ", i)})
	}
	list = append(list, lint.Finding{Rule: "crl.number", Field: lint.FieldNumber, Details: "another"})
	got := groupFindings(list)
	if len(got) != 4 || got[2].Text() != "entry 2, and 997 more like this" || got[3].Text() != "another" {
		t.Errorf("%d findings: %v", len(got), got)
	}
}

// TestLongValidity counts the days of four centuries, which no time.Duration holds.
func TestLongValidity(t *testing.T) {
	from, to := time.Date(2000, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2400, 2, 29, 23, 59, 59, 0, time.UTC)
	if got, want := lengthText(from, to), "inclusive length 146097 days"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	if got, want := lengthText(from, to.Add(2*time.Second)), "inclusive length 146097 days and 2 seconds"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
}
