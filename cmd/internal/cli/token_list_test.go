// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"strings"
	"testing"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/source"
	"rootceremony/internal/term"
	"rootceremony/internal/token"
)

// TestSiteLine reads every line, and every URI, back with the readers of site files.
func TestSiteLine(t *testing.T) {
	for _, info := range []token.Info{
		{ModulePath: "/usr/lib/m.so", Label: "example-root", Serial: "eb6a1f4f", Model: "SoftHSM v2", Flags: []string{token.FlagLoginRequired}},
		{ModulePath: "/opt/My HSM/m, v2.so", Label: "Root {1}: #a", Serial: "010", Model: "null"},
		{ModulePath: `/opt/"q"\m.so`, Label: "123", Serial: "1e3", Model: "yes", Flags: []string{token.FlagProtectedPath}},
		{ModulePath: "/m", Label: "Wurzel Ä", Serial: "a:b", Model: "M-1"},
		{ModulePath: "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", Label: "example-issuing", Serial: "0123456789abcdef", Model: "SoftHSM v2"},
	} {
		line := siteLine(info)
		if n := term.Columns(line); n > columns-2 {
			t.Errorf("%d columns: %s", n, line)
		}
		if u, err := token.ParseURI(info.URI()); err != nil || u != (token.URI{Label: info.Label, Serial: info.Serial, Model: info.Model, Module: info.ModulePath}) {
			t.Errorf("%s is read as %+v: %v", info.URI(), u, err)
		}
		doc, err := source.Parse("site.yaml", []byte(line+"\n"))
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		for _, key := range doc.Root().Map().Keys() {
			key.Node.Name()
			m := key.Value.Map()
			for name, want := range map[string]string{
				"module": info.ModulePath, "label": info.Label, "serial": info.Serial, "model": info.Model,
			} {
				if got := m.Need(name).Text(); got != want {
					t.Errorf("%s: %s is %q, want %q", line, name, got, want)
				}
			}
		}
		if err := doc.Err(); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// TestSiteLineOfBlanks guards a line that the reader of site files would refuse.
func TestSiteLineOfBlanks(t *testing.T) {
	line := siteLine(token.Info{ModulePath: "/m.so", Label: " lead", Serial: "1", Model: "m", Flags: []string{token.FlagLoginRequired}})
	if _, err := plan.LoadSite("site.yaml", []byte("version: 1\ntokens:\n  "+line+"\n")); err != nil || !strings.Contains(line, "token=%20lead") {
		t.Errorf("%s: %v", line, err)
	}
}

func TestLoginOfSiteLine(t *testing.T) {
	for flag, want := range map[string]string{
		token.FlagProtectedPath: "login: pad}",
		token.FlagLoginRequired: "login: pin}",
		token.FlagInitialized:   "login: none}",
	} {
		line := siteLine(token.Info{Label: "a", Flags: []string{flag}})
		if got := line[len(line)-len(want):]; got != want {
			t.Errorf("with %s: %s, want %s at its end", flag, line, want)
		}
	}
}
