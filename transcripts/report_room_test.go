// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// TestManySessions guards who reads the report of a ceremony with many sessions: what did
// not change is told once, with the sessions; what changed is told again.
func TestManySessions(t *testing.T) {
	day := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	r := &reportView{}
	for n, version := range []string{"1.0", "1.0", "1.1", "1.0"} {
		e := event.SessionStarted{Session: n + 1, Tool: event.Tool{Version: version, Settings: map[string]string{"CGO_ENABLED": "1"}}}
		r.addSession(&history.Session{Record: event.Record{Time: day.Add(time.Duration(n) * time.Hour)}, Event: e})
		token := event.TokenOpened{Token: "root", Serial: "7", Firmware: version}
		r.addToken(newTokenView(token), n+1)
		r.addToken(newTokenView(token), n+1) // closed and opened again
	}
	var got []string
	for _, v := range r.Sessions {
		got = append(got, v.Tool+": "+v.Sessions(), strings.Join(v.Started, "; "))
	}
	for _, v := range r.Tokens {
		got = append(got, v.Token+": "+v.Sessions())
	}
	want := []string{
		"1.0: sessions 1 to 2, 4", "1: 1 December 2026, 09:00 UTC; 2: 1 December 2026, 10:00 UTC; 4: 1 December 2026, 12:00 UTC",
		"1.1: session 3", "3: 1 December 2026, 11:00 UTC",
		"root: sessions 1 to 2, 4", "root: session 3",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestReportContents guards the list at the top of the report: it leads to each part that
// the page has, and to no other.
func TestReportContents(t *testing.T) {
	for name, o := range map[string]roomOptions{"a rehearsal": {mode: event.Rehearsal}, "software": {software: true}} {
		dir, _ := makeBundle(t, o)
		page := string(get(t, dir, reportPath))
		listed, there := map[string]bool{}, map[string]bool{}
		for _, m := range regexp.MustCompile(`<a href="#(.*?)">`).FindAllStringSubmatch(page, -1) {
			listed[m[1]] = true
		}
		for _, m := range regexp.MustCompile(`<h2(?: id="(.*?)")?>`).FindAllStringSubmatch(page, -1) {
			there[m[1]] = true
		}
		if diff := cmp.Diff(slices.Sorted(maps.Keys(there)), slices.Sorted(maps.Keys(listed))); diff != "" || len(there) < 6 {
			t.Errorf("%s (-parts +contents):\n%s", name, diff)
		}
	}
}
