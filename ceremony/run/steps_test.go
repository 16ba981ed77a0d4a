// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"testing"

	"rootceremony/ceremony/plan"
)

// TestPerformings guards people in the room against a step that the plan takes and
// that nobody can do there.
func TestPerformings(t *testing.T) {
	for _, k := range plan.StepKinds() {
		if row := performings[k]; row.do == nil && k != plan.StepSection {
			t.Errorf("ceremony/run/steps.go has no row of a step %q", k)
		}
	}
}
