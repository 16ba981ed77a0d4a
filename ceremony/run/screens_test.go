// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/transcripts/event"
)

// TestPreviousCRLOnScreens shows a CRL with many entries: counts, and what is new.
func TestPreviousCRLOnScreens(t *testing.T) {
	p := ceremonytest.PreviewOldCA(t, ceremonytest.WriteOldCA(t, 1000))
	var screenText strings.Builder
	if err := p.Write(&screenText); err != nil {
		t.Fatal(err)
	}
	page, err := p.Script(nil)
	if err != nil {
		t.Fatal(err)
	}
	a := p.Plan.Artifact("old-crl")
	var room strings.Builder
	_, err = Execute(context.Background(), p, Options{Mode: event.Rehearsal, Bundle: filepath.Join(t.TempDir(), "b"),
		People: Simulated{Out: func(text string) { room.WriteString(text) }}, Clock: newHostClock(time.Unix(1e9, 0)), Rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"plan": screenText.String(), "script": string(page), "confirmation": room.String()} {
		for _, want := range []string{"1001: 1 new, 1000 carried over", "new: abcdef00102030405, revoked 2027-03-01T00:00:00Z, superseded"} {
			if !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
				t.Errorf("%s has no %q", name, want)
			}
		}
		if carried := string(a.RevocationList().Entries[0].Serial); strings.Contains(text, carried) {
			t.Errorf("%s lists what was carried over", name)
		}
	}
	if lines := strings.Count(screenText.String(), "\n"); lines > 60 {
		t.Errorf("the plan takes %d lines", lines)
	}
}
