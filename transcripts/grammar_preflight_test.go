// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/transcripts/event"
)

// TestPreflightWarnings guards readers of a ceremony of many sessions against the same
// warning once for each.
func TestPreflightWarnings(t *testing.T) {
	warned := func(session int, checks ...string) event.Record {
		var e event.PreflightChecked
		for _, c := range checks {
			e.Checks = append(e.Checks, event.PreflightCheck{Check: c, Level: event.PreflightWarn, Found: "on"})
		}
		return event.Record{Session: session, Event: e}
	}
	got := checkGrammar([]event.Record{warned(1, "swap", "network"), warned(2, "swap"), warned(3, "swap", "network", "clock"), warned(4)}).notices
	want := []string{
		"sessions 1, 2, 3 began although the preflight warned: swap: on",
		"sessions 1, 3 began although the preflight warned: network: on",
		"session 3 began although the preflight warned: clock: on",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
