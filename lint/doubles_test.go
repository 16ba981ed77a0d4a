// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
	"strings"
	"testing"

	"rootceremony/internal/inspect"
)

// foreign makes the object of somebody else.
func (mk maker) foreign() maker {
	return mk.but(known(func(_ *hierarchy, c *Context) { c.Published = true }))
}

// plainRSA is sha256WithRSAEncryption without its NULL.
var plainRSA = []byte{0x30, 0x0b, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0b}

// twiceTold have what no object of the corpus has, for one row of the table or another.
var twiceTold = []maker{
	maker(plainDelegate).but(bindingOn("2022-06-01", PackTLS, PackMozilla)),
	maker(e1Of).but(breaking(twice(inspect.OIDCRLDistributionPoints))).foreign(),
	maker(e1Of).but(breaking(twice(inspect.OIDAuthorityInfoAccess))).foreign(),
	maker(e1Of).but(breaking(fixed(inspect.OIDKeyUsage, 4, 1, 6))).foreign(),
	maker(e1Of).but(breaking(fixed(inspect.OIDKeyUsage, 3, 3, 7, 6, 0))),
	maker(constrainedCA).but(breaking(minimum([][]byte{baseDNS, baseDir}, nil, 0, 1)), private).foreign(),
	maker(constrainedCA).but(breaking(minimum([][]byte{baseDNS, baseDir}, nil, 1, 3)), private).foreign(),
	maker(constrainedCA).but(breaking(fixed(inspect.OIDNameConstraints, 0x30, 0))).foreign(),
	maker(e1Of).but(breaking(put(atVersion, 0xa0, 3, 2, 1, 1)), webOnly).foreign(),
	maker(e1Of).but(breaking(algorithms(plainRSA, plainRSA)), webOnly).foreign(),
	maker(listOf).but(breaking(algorithms(plainRSA, plainRSA)), webOnly).foreign(),
}

// Each row of the table is met: its rule stays, and what says the same is kept as
// suppressed, for that reason.
func TestDoubles(t *testing.T) {
	met := map[string]bool{}
	deep, err := New(Options{KeyLints: true})
	if err != nil {
		t.Fatal(err)
	}
	var reports []Report
	for _, c := range corpusCases(t) {
		l := newLinter(t)
		if c.on.keys != nil && strings.Contains(c.name, "key") {
			l = deep
		}
		reports = append(reports, l.Check(*c.on.obj, *c.on.ctx, c.on.der))
	}
	_, built := builtFlocks(t)
	for _, name := range []string{"constrained: a mask with a hole", "request: a point beside the curve"} {
		m := *built[name]
		m.ctx.Published = true
		reports = append(reports, m.check(deep))
	}
	w := newHierarchy(t)
	for _, mk := range twiceTold {
		reports = append(reports, mk(t, w).check(deep))
	}
	for _, r := range reports {
		for _, d := range doubles {
			rule, _, _ := strings.Cut(d.keeps, ": ")
			keeps := slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.tells(d.keeps) })
			for _, saying := range d.also {
				for _, f := range r.Findings {
					was := f
					if was.Suppressed = ""; keeps && f.Suppressed == rule+" says so" && was.tells(saying) {
						met[d.keeps+" > "+saying] = true
					}
				}
			}
		}
	}
	for _, d := range doubles {
		for _, saying := range d.also {
			if !met[d.keeps+" > "+saying] {
				t.Errorf("no object of the corpus has %s beside %s", saying, d.keeps)
			}
		}
	}
}

// What cannot be waived, or is against a record, is not suppressed by what can be, or is
// not.
func TestDoublesKeepWhatCannotBeWaived(t *testing.T) {
	rules := map[string]Rule{}
	for _, r := range ownRules() {
		rules[r.ID] = r
	}
	for _, d := range doubles {
		keeps, _, _ := strings.Cut(d.keeps, ": ")
		k, own := rules[keeps]
		if !own {
			t.Errorf("%s is no rule", keeps)
		}
		for _, saying := range d.also {
			also, _, _ := strings.Cut(saying, ": ")
			if r := rules[also]; (r.Intent || r.Declared) && !k.Intent && !k.Declared || r.Record != "" {
				t.Errorf("%s suppresses %s", keeps, also)
			}
		}
	}
}

// A milder finding does not suppress a worse one, nor does one that was not checked or
// is set aside itself.
func TestTellOnce(t *testing.T) {
	for _, c := range []struct {
		name  string
		keeps Finding
		also  Status
		aside string
	}{
		{"as bad", Finding{Status: Error}, Error, "cert.ou says so"},
		{"worse", Finding{Status: Error}, Warning, "cert.ou says so"},
		{"milder", Finding{Status: Warning}, Error, ""},
		{"not checked", Finding{Status: NotChecked}, Notice, ""},
		{"suppressed", Finding{Status: Error, Suppressed: "a reason"}, Error, ""},
		{"announced", Finding{Status: Error, TakesEffect: signing}, Error, ""},
	} {
		c.keeps.Rule = "cert.ou"
		list := []Finding{{Rule: "e_subj_orgunit_in_ca_cert", Engine: EngineZLint, Status: c.also}, c.keeps}
		if tellOnce(list); list[0].Suppressed != c.aside {
			t.Errorf("%s: %q, want %q", c.name, list[0].Suppressed, c.aside)
		}
	}
}
