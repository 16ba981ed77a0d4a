// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"testing"

	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// TestComparedIsChecked guards that verify believes no comparison for which
// there was no paper.
func TestComparedIsChecked(t *testing.T) {
	const digest = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a"
	read := func(what string, compared bool) event.Record {
		return event.Record{Seq: 1, Event: event.DigestRead{What: what, SHA256: digest, Compared: compared}}
	}
	for name, c := range map[string]struct {
		records []event.Record
		site    bool // is in the script
		bad     int
	}{
		"the plan":                    {[]event.Record{read("plan", true)}, false, 0},
		"the site, in the script":     {[]event.Record{read("site", true)}, true, 0},
		"the site, not in the script": {[]event.Record{read("site", true)}, false, 1},
		"a new seal key":              {[]event.Record{read("seal-key", true)}, true, 1},
		"the site of an earlier day":  {[]event.Record{read("site", false), read("site", true)}, false, 0},
	} {
		v := &Verdict{Verdict: &transcripts.Verdict{}}
		v.History = history.Of(c.records)
		v.checkCompared(c.site)
		if len(v.Problems) != c.bad {
			t.Errorf("%s: %v", name, v.Problems)
		}
	}
}
