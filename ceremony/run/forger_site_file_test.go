// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/token"
)

// TestForgerOfSiteFiles guards an auditor against a site.json that no site file says, in a
// record that has its digest in all lines: what would be refused of people is refused of a
// forger, and verify names the file.
func TestForgerOfSiteFiles(t *testing.T) {
	d := deskOf(t, unapprovedRun(t, quickly(t, strings.Replace(ceremonytest.TwiceText, "  - pause: ", "  - do: ", 1))))
	own := func(o token.Own) func(s *plan.Site) {
		return func(s *plan.Site) { s.Tokens[0].Template, s.Tokens[0].Own = "ours", &o }
	}
	for name, change := range map[string]func(s *plan.Site){
		"hardware without a model":  func(s *plan.Site) { onHardware(s); s.Tokens[0].Model = "" },
		"hardware without a number": func(s *plan.Site) { onHardware(s); s.Tokens[0].Serial = "" },
		"no login":                  func(s *plan.Site) { s.Tokens[0].Login = "" },
		"no template":               func(s *plan.Site) { s.Tokens[0].Template = "" },
		"an unseen character":       func(s *plan.Site) { s.Tokens[0].Environment = map[string]string{"A": "a\u202eb"} },
		"a path that nobody sees":   func(s *plan.Site) { s.JournalMirror = "/mnt/\u200bb" },
		"a part of nobody":          func(s *plan.Site) { s.Tokens[0].Login, s.Tokens[0].PINParts = token.LoginSplit, []string{"alice", ""} },
		"a spare without a number":  func(s *plan.Site) { s.Tokens[0].Spares = []token.Spare{{Module: "/memory", Label: "x"}} },
		"itself as a spare": func(s *plan.Site) {
			s.Tokens[0].Serial = "REHEARSAL"
			s.Tokens[0].Spares = []token.Spare{s.Tokens[0].Device()}
		},
		"a key without a name":          func(s *plan.Site) { s.Tokens[0].Keys = map[string]token.KeyName{"other": {}} },
		"a key in capitals":             func(s *plan.Site) { s.Tokens[0].Keys = map[string]token.KeyName{"other": {ID: "0A"}} },
		"a slot that no module has":     func(s *plan.Site) { s.Tokens[0].Slot = new(uint64(1) << 40) },
		"attributes out of order":       own(token.Own{Like: "default", Private: []token.Stated{{Name: "CKA_UNWRAP", Value: "false"}, {Name: "CKA_DERIVE", Value: "false"}}}),
		"bytes in capitals":             own(token.Own{Like: "default", Private: []token.Stated{{Name: "0x80000001", Value: "AB"}}}),
		"a mechanism twice":             own(token.Own{Like: "default", Mechanisms: []uint64{0x1041, 0x1041}}),
		"a mechanism that is no number": own(token.Own{Like: "default", Mechanisms: []uint64{1 << 40}}),
	} {
		forger := *d
		site, _ := fastSite()
		change(site)
		records := withFirstSite(t, &forger, slices.Clone(d.records), d.preview, site)
		if said := forger.accepts(t, records); !strings.Contains(said, "plan/site.json: ") {
			t.Errorf("%s: %q, want plan/site.json", name, said)
		}
	}
}
