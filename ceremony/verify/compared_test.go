// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"testing"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/token"
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

// TestSiteStatesDevice guards that a record tells of no other module, variable or kind of
// token than the site file states, also not by leaving it out.
func TestSiteStatesDevice(t *testing.T) {
	const digest, other = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a", "1111111111111111111111111111111111111111111111111111111111111111"
	states := token.Config{Name: "root", Module: "/lib/hsm.so", Label: "root", ModuleSHA256: digest, Environment: map[string]string{"HSM": "1"}}
	any := states
	any.ModuleSHA256 = ""
	for name, c := range map[string]struct {
		site token.Config
		said func(e *event.TokenOpened)
		bad  int
	}{
		"as stated":                         {states, func(*event.TokenOpened) {}, 0},
		"another module":                    {states, func(e *event.TokenOpened) { e.Module.SHA256 = other }, 1},
		"no module":                         {states, func(e *event.TokenOpened) { e.Module = nil }, 1},
		"a module elsewhere":                {any, func(e *event.TokenOpened) { e.Module.Path = "/tmp/hsm.so" }, 1},
		"a module of which nothing is said": {any, func(e *event.TokenOpened) { e.Module.SHA256 = other }, 0},
		"another variable":                  {states, func(e *event.TokenOpened) { e.Environment = nil }, 1},
		"another label":                     {states, func(e *event.TokenOpened) { e.Label = "other" }, 1},
		"software":                          {states, func(e *event.TokenOpened) { e.Software = true }, 1},
	} {
		e := event.TokenOpened{Token: "root", Label: "root", Environment: map[string]string{"HSM": "1"}, Module: &event.Module{Path: "/lib/hsm.so", SHA256: digest}}
		c.said(&e)
		v := &Verdict{Verdict: &transcripts.Verdict{}, sites: Sites{{0, &plan.Site{Tokens: []token.Config{c.site}}}}}
		v.History = history.Of([]event.Record{{Seq: 1, Event: event.CeremonyOpened{}}, {Seq: 2, Event: e}})
		v.checkDevices()
		v.checkModules()
		if len(v.Problems) != c.bad {
			t.Errorf("%s: %v", name, v.Problems)
		}
	}
}
