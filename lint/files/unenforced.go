// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"slices"
	"strings"

	"rootceremony/lint"
	"rootceremony/profiles"
)

// UnenforcedRequirements lists what no rule enforces, with the reason: all of
// it, or what concerns a profile.
func UnenforcedRequirements(p profiles.Profile) []lint.Requirement {
	if p == nil {
		return lint.Unenforced()
	}
	return slices.DeleteFunc(lint.Unenforced(), func(r lint.Requirement) bool { return !concernsProfile(r.ID, p.Head()) })
}

// concernsProfile goes by the first word of an id: a root program that the
// profile names, a kind of object, or the ceremony, which concerns all.
func concernsProfile(id string, h *profiles.Head) bool {
	word, _, _ := strings.Cut(id, ".")
	if kinds, ok := concerned[word]; ok {
		return slices.Contains(kinds, h.Kind)
	}
	switch word {
	case lint.PackChrome, lint.PackApple, lint.PackMozilla, lint.PackMicrosoft, lint.PackCCADB:
		return slices.Contains(h.Purpose.Rules, word)
	case "pki":
		return h.Purpose.Intent == profiles.Private
	}
	return true
}

// concerned are the kinds that a first word stands for.
var concerned = map[string][]profiles.Kind{
	"crl":  {profiles.CRL},
	"ocsp": {profiles.OCSPResponse},
	"sub":  {profiles.SubordinateCA, profiles.CrossCertifiedCA},
	"cert": {profiles.RootCA, profiles.SubordinateCA, profiles.CrossCertifiedCA, profiles.OCSPResponder},
	"key":  {profiles.RootCA, profiles.SubordinateCA, profiles.CrossCertifiedCA, profiles.OCSPResponder, profiles.CertRequest},
}

// concerns reports whether a list is empty or shares a word with another.
func concerns(list, words []string) bool {
	return len(list) == 0 || slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
}

// RulesFor lists the rules of both engines: all of them, or those that objects
// of a profile are held to. Some of them still find that they do not apply.
func RulesFor(p profiles.Profile) []lint.RuleInfo {
	if p == nil {
		return lint.Rules()
	}
	kinds := []string{string(p.Head().Kind)}
	if p.Head().Kind.IsCertificate() {
		kinds = append(kinds, "certificate")
	} // of CRLs and responses zlint has the same words
	return slices.DeleteFunc(lint.Rules(), func(r lint.RuleInfo) bool {
		return !concerns(r.Kinds, kinds) || !concerns(r.Packs, p.Head().Purpose.Rules)
	})
}
