// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/preflight"
	"rootceremony/internal/token"
)

// use is what a plan does with one kind of key on a token.
type use struct {
	key        algorithm.Key
	made       bool // the ceremony makes such a key; else it uses one that exists
	signatures []algorithm.Signature
}

// usesOf lists what a plan does with keys on a token, in the order of its keys.
func usesOf(p *plan.Plan, name string) []use {
	var uses []use
	for i := range p.Keys {
		k := &p.Keys[i]
		if k.Token != name {
			continue
		}
		u := plan.Find(uses, func(u *use) bool { return u.key == k.Algorithm })
		if u == nil {
			// Each key signs once with its usual algorithm, to prove that it is there.
			uses = append(uses, use{key: k.Algorithm, signatures: []algorithm.Signature{k.Algorithm.DefaultSignature()}})
			u = &uses[len(uses)-1]
		}
		u.made = u.made || k.Source == plan.KeyGenerated
		for j := range p.Artifacts {
			a := &p.Artifacts[j]
			if alg := a.Signature(); a.IssuerKey.ID() == k.ID && !slices.Contains(u.signatures, alg) {
				u.signatures = append(u.signatures, alg)
			}
		}
	}
	return uses
}

// templateGroups lists the templates for a key, that of the site file first: those that
// ask for the same are together.
func templateGroups(c token.Config, u use) ([][]string, error) {
	var groups [][]string
	known := map[string]int{}
	for _, name := range append([]string{c.Chosen().Name}, token.Templates()...) {
		asked, err := token.Asked(c.Named(name), u.key)
		if err != nil {
			return nil, err
		}
		what := strings.Join(asked, "\n")
		at, is := known[what]
		switch {
		case !is:
			known[what] = len(groups)
			groups = append(groups, []string{name})
		case !slices.Contains(groups[at], name):
			groups[at] = append(groups[at], name)
		}
	}
	return groups, nil
}

// tell notes what came of a template. That of the site file has to work for keys that
// the ceremony makes.
func (s *sacrifice) tell(u use, t *TriedTemplate, ofSite bool) {
	switch found := t.did(); {
	case !ofSite || !u.made:
		if !t.Works() {
			found = "NOT OF USE " + found
		}
		s.add(preflight.Met(preflight.Template, preflight.Record, found).About(s.c.Name))
	case t.Works() && len(t.Lax) > 0:
		s.warn(preflight.Template, s.c.Name, found, "ask the vendor of the device; until then trust no attribute of a key that others could reach")
	case t.Works():
		s.of(s.c.Name, preflight.Template, nil, found)
	default:
		s.unmet(preflight.Template, s.c.Name, found, "see below which template to choose")
	}
}

// choose names the template that forbids most, of those that work for all keys that
// are made.
func (s *sacrifice) choose(uses []use, tried []TriedTemplate) {
	own := s.c.Chosen().Name
	working := workingTemplates(s.c, uses, tried)
	if len(working) == 0 {
		s.found.Choices = append(s.found.Choices, Choice{Token: s.c.Name})
		s.unmet(preflight.Choice, s.c.Name, "no template works for all keys of the plan on this token",
			"give the lines above to the vendor of the device")
		return
	}
	best := working[0]
	s.found.Choices = append(s.found.Choices, Choice{Token: s.c.Name, Template: best})
	switch {
	case best == own:
		s.of(s.c.Name, preflight.Choice, nil, fmt.Sprintf("choose %q, as the site file does: of those that work it forbids most", own))
	case slices.Contains(working, own):
		s.of(s.c.Name, preflight.Choice, nil, fmt.Sprintf("choose %q: of those that work it forbids most; %q of the site file works, too", best, own))
	default:
		s.unmet(preflight.Choice, s.c.Name, fmt.Sprintf("choose %q: of those that work it forbids most; %q of the site file does not work", best, own),
			fmt.Sprintf("set template: %s at token %s in the site file", best, s.c.Name))
	}
}

// workingTemplates gives the templates that work for all keys, those that forbid most
// first, and of equal ones that of the site file.
func workingTemplates(c token.Config, uses []use, tried []TriedTemplate) []string {
	var working []string
	for _, name := range append([]string{c.Chosen().Name}, token.Templates()...) {
		if len(c.Named(name).Lets()) > 0 && name != c.Template {
			continue // only a site file can choose that keys leave
		}
		if !slices.Contains(working, name) && worksForAll(name, uses, tried) {
			working = append(working, name)
		}
	}
	forbids := func(name string) (n int) {
		for _, u := range uses {
			asked, _ := token.Asked(c.Named(name), u.key) // it was tried
			for _, a := range asked {
				if strings.HasSuffix(a, " false") {
					n++
				}
			}
		}
		return n
	}
	slices.SortStableFunc(working, func(a, b string) int { return cmp.Compare(forbids(b), forbids(a)) })
	return working
}

// worksForAll reports whether a template works for all keys that are made; where none is
// made, for all that are used.
func worksForAll(name string, uses []use, tried []TriedTemplate) bool {
	someMade := slices.ContainsFunc(uses, func(u use) bool { return u.made })
	for _, u := range uses {
		if someMade && !u.made {
			continue
		}
		if !slices.ContainsFunc(tried, func(t TriedTemplate) bool {
			return t.Algorithm == u.key && slices.Contains(t.names(), name) && t.Works()
		}) {
			return false
		}
	}
	return len(uses) > 0
}
