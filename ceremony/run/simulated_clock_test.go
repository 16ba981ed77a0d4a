// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/transcripts/event"
)

// TestSimulatedClock guards what a rehearsal shows: its clock advances by what the
// steps take, as the day will, and stays in the window.
func TestSimulatedClock(t *testing.T) {
	times := func(change ...string) map[string]time.Duration { // from the beginning of each step to its end
		t.Helper()
		folder := ceremonytest.FastFolder(t)
		text := strings.NewReplacer(change...).Replace(ceremonytest.Fast)
		if err := os.WriteFile(filepath.Join(folder, ceremonyFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		p, res := rehearseAlone(t, folder)
		began, took := map[string]time.Time{}, map[string]time.Duration{}
		for _, r := range journal(t, res.Bundle) {
			switch r.Event.(type) {
			case event.StepStarted:
				began[r.Step] = r.Time
			case event.StepFinished:
				took[r.Step] = r.Time.Sub(began[r.Step]).Round(time.Minute)
			}
			if r.Time.After(p.Plan.Ceremony.Window.To) {
				t.Errorf("event %d is at %s, after the window", r.Seq, r.Time)
			}
		}
		return took
	}
	const look = "    who: [administrator]\n    record"
	day := times(look, "    who: [administrator]\n    takes: 40min\n    record")
	if day["1"] != 40*time.Minute || day["2"] != 2*time.Minute || day["3"] != 2*time.Minute {
		t.Errorf("the steps took %v", day)
	}
	if short := times(look, "    who: [administrator]\n    takes: 20h\n    record"); short["1"] < 9*time.Hour || short["1"] > 10*time.Hour {
		t.Errorf("in a window of 12 hours a step of 20 took %s", short["1"])
	}
}
