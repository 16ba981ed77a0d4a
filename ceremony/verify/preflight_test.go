// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"testing"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/preflight"
	"rootceremony/transcripts/event"
)

// TestLevelsOfChecks guards an honest record of a preflight that warned, and an auditor
// against a requirement that a record calls a warning.
func TestLevelsOfChecks(t *testing.T) {
	for _, c := range []struct {
		check   string
		met     bool
		session int
		want    string
	}{
		{preflight.Bundle, false, 1, event.PreflightWarn},
		{preflight.Mirror, false, 1, event.PreflightWarn},
		{preflight.PIN, false, 1, event.PreflightWarn},
		{preflight.Login, false, 1, event.PreflightWarn},
		{preflight.Mechanisms, false, 1, event.PreflightWarn},
		{preflight.PIN, true, 1, event.PreflightRequire},
		{preflight.Labels, false, 1, event.PreflightRequire},
		{preflight.Labels, false, 2, event.PreflightWarn},
		{preflight.Token, false, 1, event.PreflightRequire},
		{preflight.Plan, false, 2, event.PreflightRequire},
		{preflight.Clock, true, 1, event.PreflightWarn},
	} {
		of := event.PreflightCheck{Check: c.check, Met: c.met}
		if c.check != preflight.Bundle && c.check != preflight.Mirror && c.check != preflight.Plan && c.check != preflight.Clock {
			of.Token = "root"
		}
		if got := levelOf(&plan.Site{}, of, c.session); got != c.want {
			t.Errorf("%s, met %t, in session %d: %q, want %q", c.check, c.met, c.session, got, c.want)
		}
	}
}
