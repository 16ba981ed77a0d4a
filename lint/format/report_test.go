// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package format

import "testing"

// The level that people ask for is the lightest that fails the run; what takes effect
// later, or was set aside, fails none.
func TestCountFrom(t *testing.T) {
	r := &Report{Targets: []Target{{Findings: []Finding{
		{Level: Notice}, {Level: Warning}, {Level: Error}, {Level: Fatal},
		{Level: Notice, TakesEffect: "2027-07-01"}, {Level: Error, Suppressed: "a false alarm"},
	}}}}
	for level, want := range map[string]int{Notice: 4, Warning: 3, Error: 2} {
		if got := r.CountFrom(level); got != want {
			t.Errorf("%s: %d, want %d", level, got, want)
		}
	}
}
