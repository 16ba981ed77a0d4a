// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"slices"

	"rootceremony/lint"
	"rootceremony/profiles"
)

// UnenforcedRequirements lists what no rule enforces, with the reason: all of
// it, or what applies to a profile.
func UnenforcedRequirements(p profiles.Profile) []lint.Requirement {
	if p == nil {
		return lint.Unenforced()
	}
	return slices.DeleteFunc(lint.Unenforced(), func(r lint.Requirement) bool { return !appliesToProfile(&r, p.Head()) })
}

// appliesToProfile reports whether a requirement is about the objects of a profile
// and is in a document that the profile names. One about the ceremony applies to
// all profiles.
func appliesToProfile(r *lint.Requirement, h *profiles.Head) bool {
	return overlaps(r.Kinds, []profiles.Kind{h.Kind}) && overlaps(r.Packs, h.Purpose.Rules) &&
		(!r.Private || h.Purpose.Intent == profiles.Private)
}

// overlaps reports whether a list is empty or shares a word with another.
func overlaps[T comparable](list, words []T) bool {
	return len(list) == 0 || slices.ContainsFunc(words, func(w T) bool { return slices.Contains(list, w) })
}

// RulesFor lists the rules of both engines: all of them, or those that apply to
// objects of a profile. Some of them still find that they do not apply.
func RulesFor(p profiles.Profile) []lint.RuleInfo {
	if p == nil {
		return lint.Rules()
	}
	kinds := []string{string(p.Head().Kind)}
	if p.Head().Kind.IsCertificate() {
		kinds = append(kinds, "certificate")
	} // of CRLs and responses zlint has the same words
	out := slices.DeleteFunc(lint.Rules(), func(r lint.RuleInfo) bool {
		return !overlaps(r.Kinds, kinds) || !overlaps(r.Packs, p.Head().Purpose.Rules)
	})
	for i := range out {
		out[i].From = out[i].FromFor(p.Head().Purpose.Rules)
	}
	return out
}
