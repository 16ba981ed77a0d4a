// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import "testing"

// TestDeviationText guards readers of screen, report and verdict against three sentences for
// one deviation, and against "Decided by : ".
func TestDeviationText(t *testing.T) {
	for want, e := range map[string]DeviationRecorded{
		"Expected: two cameras. Happened: one":                               {Expected: "two cameras", Happened: "one"},
		"Expected: two cameras. Happened: one. Decided: go on":               {Expected: "two cameras", Happened: "one", Decision: "go on"},
		"Expected: two cameras. Happened: one. Decided by alice, bob":        {Expected: "two cameras", Happened: "one", DecidedBy: []string{"alice", "bob"}},
		"Expected: two cameras. Happened: one. Decided by alice, bob: go on": {Expected: "two cameras", Happened: "one", Decision: "go on", DecidedBy: []string{"alice", "bob"}},
	} {
		if got := e.Text(); got != want || e.Sentence().Text != "Deviation. "+want {
			t.Errorf("%q and %q, want %q", got, e.Sentence().Text, want)
		}
	}
}
