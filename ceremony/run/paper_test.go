// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/transcripts/event"
)

// TestCompared guards that the record calls a value compared with paper only
// where the script that people printed has it, and that the screen asks for the
// same.
func TestCompared(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	site, _ := fastSite()
	blanks, err := p.Script(nil)
	if err != nil {
		t.Fatal(err)
	}
	filled, err := p.Script(site)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		script []byte
		want   map[string]bool
	}{
		"printed without the devices": {blanks, map[string]bool{"plan": true, "site": false, "seal-key": false}},
		"printed with the devices":    {filled, map[string]bool{"plan": true, "site": true, "seal-key": false}},
		"no script":                   {nil, map[string]bool{"plan": false, "site": false, "seal-key": false}},
		"another script":              {append(filled, '\n'), map[string]bool{"plan": false, "site": false, "seal-key": false}},
	} {
		site, memory := fastSite()
		o := inMemory(runOptions(p, site, filepath.Join(t.TempDir(), "bundle")), memory)
		people := attendants(p.Plan.Ceremony.Window.From.Add(3600e9))
		o.Script, o.People = c.script, Asked{Terminal: people}
		if _, err := Execute(context.Background(), p, o); err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{}
		for _, e := range events[event.DigestRead](t, o.Bundle) {
			got[e.What] = e.Compared
		}
		delete(got, event.WhatHead)
		if !maps.Equal(got, c.want) {
			t.Errorf("%s: compared %v, want %v", name, got, c.want)
		}
		for what, compared := range c.want {
			says := "SHA-256 of the " + map[string]string{"plan": "plan", "site": "site file", "seal-key": "seal key"}[what] + ". Read it aloud and "
			says += map[bool]string{true: "compare it with paper:", false: "write it on the script:"}[compared]
			if !strings.Contains(people.Screen(), says) {
				t.Errorf("%s: the screen does not say %q", name, says)
			}
		}
	}
}
