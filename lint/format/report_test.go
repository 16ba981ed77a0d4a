// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package format

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// Of a thousand findings of one rule on one object a person reads the first; how many there
// are more is told, and all are there with --verbose and in JSON.
func TestManyAlike(t *testing.T) {
	r := &Report{Targets: []Target{{File: "a.pem", Object: "certificate"}}}
	for i := range 1000 {
		r.Targets[0].Findings = append(r.Targets[0].Findings, Finding{Rule: "nc.syntax", Level: Error, Message: fmt.Sprintf("name %d", i), Place: Place{File: "a.pem"}})
	}
	r.Targets[0].Findings = append(r.Targets[0].Findings, Finding{Rule: "nc.tls", Level: Error, Message: "another", Place: Place{File: "a.pem"}})
	for verbose, lines := range map[bool]int{false: 4 + 1 + 1 + 2, true: 1000 + 1 + 2} {
		var text bytes.Buffer
		r.Verbose = verbose
		if err := Text(&text, r); err != nil || strings.Count(text.String(), "\n") != lines || strings.Contains(text.String(), "nc.syntax: and 996 more") == verbose || !strings.Contains(text.String(), ": 1001 findings") {
			t.Errorf("%v\n%s", err, text.String())
		}
	}
}

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
