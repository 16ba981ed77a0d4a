// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package format

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// The level that people ask for is the lightest that fails the run; what takes effect
// later, or was set aside, fails none. JUnit has as many failures as the exit status means.
func TestFailing(t *testing.T) {
	r := &Report{Targets: []Target{{Findings: []Finding{
		{Level: Notice}, {Level: Warning}, {Level: Error}, {Level: Fatal},
		{Level: Notice, TakesEffect: "2027-07-01"}, {Level: Error, Suppressed: "a false alarm"},
	}}}}
	for level, want := range map[string]int{Notice: 4, Warning: 3, Error: 2} {
		r.FailOn = level
		if got := r.Failing(); got != want {
			t.Errorf("%s: %d, want %d", level, got, want)
		}
		var junit bytes.Buffer
		if err := Write(&junit, formatJUnit, r); err != nil || !strings.Contains(junit.String(), fmt.Sprintf(` failures="%d" skipped="0">`, want)) {
			t.Errorf("%s: %v, not %d failures:\n%s", level, err, want, junit.String())
		}
	}
}
