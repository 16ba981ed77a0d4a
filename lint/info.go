// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"cmp"
	"slices"
	"strings"
	"time"

	zlint "github.com/zmap/zlint/v3/lint"

	"rootceremony/profiles"
)

// RuleInfo describes one rule for documents and for the map from each
// requirement to the rule that enforces it.
type RuleInfo struct {
	ID          string    `json:"id"`
	Engine      string    `json:"engine"`
	Level       Status    `json:"level,omitempty"` // zlint's lints decide case by case
	Citation    string    `json:"citation"`
	Requirement string    `json:"requirement"`
	From        time.Time `json:"from,omitzero"`
	Until       time.Time `json:"until,omitzero"`
	Kinds       []string  `json:"kinds,omitempty"` // of objects; zlint's: certificate, crl, ocsp-response
	Needs       []string  `json:"needs,omitempty"` // context it asks for
	Packs       []string  `json:"packs,omitempty"` // empty: always
	// Since gives the day of each pack where they differ.
	Since map[string]time.Time `json:"since,omitempty"`
	House House                `json:"house,omitempty"` // why, where no document asks for it
	Asked map[string]time.Time `json:"asked,omitempty"` // since when documents of packs do
}

// Rules lists every rule of both engines, sorted by engine and id.
func Rules() []RuleInfo {
	var out []RuleInfo
	for _, r := range ownRules() {
		out = append(out, RuleInfo{
			ID: r.ID, Engine: EngineCeremony, Level: r.Level, Citation: r.Citation,
			Requirement: r.Requirement, From: r.since(r.packs()), Kinds: plain(r.Kinds),
			Needs: plain(r.Needs), Packs: r.packs(), Since: r.Since, House: r.House, Asked: r.Asked,
		})
	}
	out = append(out, linterRules()...)
	reg := zlint.GlobalRegistry()
	for _, l := range reg.CertificateLints().Lints() {
		out = append(out, zlintInfo(&l.LintMetadata, "certificate"))
	}
	for _, l := range reg.RevocationListLints().Lints() {
		out = append(out, zlintInfo(&l.LintMetadata, "crl"))
	}
	for _, l := range reg.OcspResponseLints().Lints() {
		out = append(out, zlintInfo(&l.LintMetadata, "ocsp-response"))
	}
	slices.SortFunc(out, func(a, b RuleInfo) int {
		return cmp.Or(strings.Compare(a.Engine, b.Engine), strings.Compare(a.ID, b.ID))
	})
	return out
}

// FromFor is the day from which the rule applies to a profile with these packs.
func (r *RuleInfo) FromFor(packs []string) time.Time {
	if len(r.Since) > 0 {
		return packDates(r.Since).among(packs)
	}
	return r.From
}

// linterRules are the rules of the linter itself, apart from the engines.
func linterRules() []RuleInfo {
	own := func(id, citation, requirement string, why House) RuleInfo {
		return RuleInfo{ID: id, Engine: EngineCeremony, Level: Fatal, Citation: citation,
			Requirement: requirement, Kinds: plain(allKinds), House: why}
	}
	return []RuleInfo{
		own(ruleParse, "RFC 5280 4.1, 5.1, RFC 2986 4, RFC 6960 4.2.1, X.690, house", readable, HouseUnusable),
		own(ruleZLintParse, "house", zlintReads, HouseUnusable),
		own(ruleStatic, "BR 4.3.1.2", "the object is linted before it is signed, with a signature of full size", ""),
	}
}

// zlintInfo describes a lint of zlint.
func zlintInfo(m *zlint.LintMetadata, kind string) RuleInfo {
	info := RuleInfo{
		ID: m.Name, Engine: EngineZLint, Citation: m.Citation, Requirement: m.Description,
		From: dateOf(effective(m)), Until: dateOf(m.IneffectiveDate), Kinds: []string{kind},
	}
	if info.Citation == "" {
		info.Citation = string(m.Source) // some lints of the community cite nothing
	}
	for pack, sources := range packSources {
		if slices.Contains(sources, m.Source) {
			info.Packs = append(info.Packs, pack)
		}
	}
	if len(info.Packs) == 0 && !slices.Contains(baseSources, m.Source) {
		info.Packs = []string{"none"}
	}
	slices.Sort(info.Packs)
	return info
}

// dateOf gives a date of zlint, whose "always" is the year 0 or the year 1.
func dateOf(t time.Time) time.Time {
	if t.Year() <= 1 {
		return time.Time{}
	}
	return t
}

// plain turns typed words into plain ones.
func plain[T ~string](words []T) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}

// ruleIDs is the set of rules a waiver can name.
func ruleIDs() map[string]bool {
	known := make(map[string]bool)
	for _, r := range Rules() {
		known[r.ID] = true
	}
	return known
}

// againstIntent reports whether a finding says that an object is not fit for
// what its profile declares it to be for.
func againstIntent(f *Finding) bool {
	rules := ownRules()
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.ID == f.Rule })
	return i >= 0 && rules[i].Intent && f.Status.weight() >= Error.weight()
}

// UntilSigned names the rules for a kind of object that only the real signature can
// show to be met.
func UntilSigned(kind profiles.Kind) (ids []string) {
	for _, r := range ownRules() {
		if slices.Contains(r.Needs, NeedSignature) && slices.Contains(r.Kinds, kind) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// comparesWithProfile reports whether a rule only says that the object is not
// what was declared.
func comparesWithProfile(rule string) bool {
	rules := ownRules()
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.ID == rule })
	return i >= 0 && rules[i].Declared
}
