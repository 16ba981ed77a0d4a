// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"testing"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// TestStepsOfNoCeremony guards a person who declares steps of a ceremony that people
// abandoned before the first one: the answer is an error, and no crash.
func TestStepsOfNoCeremony(t *testing.T) {
	step := func(id string) *history.Step { return &history.Step{Record: event.Record{Step: id}} }
	for want, steps := range map[string][]*history.Step{
		"it was ended before its first step":               nil,
		"its steps are from 1 to 2; the report lists them": {step("1"), step("2")},
	} {
		if got := itsSteps(steps); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
