// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/internal/unseen"
	"rootceremony/profiles"
)

// spelledKinds are the kinds whose subject somebody typed.
var spelledKinds = append(slices.Clone(certKinds), profiles.CertRequest)

// spellingRules find names that look right to people and are not: what a word
// processor, a keyboard or a tired hand put into them. No document asks it. A
// name that is copied from an existing CA has to keep its bytes, so that it gets
// a notice only.
var spellingRules = []Rule{
	{
		ID: "name.script", Level: Warning, Citation: "house",
		Requirement: "a word of a name has letters of one script",
		House:       HouseAdvice,
		Kinds:       spelledKinds, Check: spelled(mixedScripts),
	},
	{
		ID: "name.nfc", Level: Warning, Citation: "house",
		Requirement: "a name is in Unicode normalization form C, so that equal names have equal bytes",
		House:       HouseAdvice,
		Kinds:       spelledKinds, Check: spelled(notComposed),
	},
	{
		ID: "name.spaces", Level: Warning, Citation: "house",
		Requirement: "words of a name are separated by one ordinary space",
		House:       HouseAdvice,
		Kinds:       spelledKinds, Check: spelled(oddSpaces),
	},
	{
		ID: "name.quotes", Level: Warning, Citation: "house",
		Requirement: "a name has no typographic quotation marks",
		House:       HouseAdvice,
		Kinds:       spelledKinds, Check: spelled(typographicQuotes),
	},
	{
		ID: "set.organization", Level: Warning, Citation: "house",
		Requirement: "one organization has one spelling and one country in all names of a ceremony",
		House:       HouseConflicts, // of what exists already, from many CAs, nothing is said
		Kinds:       spelledKinds, Check: checkOrganization,
	},
}

// spelled checks each value of a subject.
func spelled(wrong func(value string) string) func(t *target) []problem {
	return func(t *target) (ps []problem) {
		for _, a := range t.subject().Attributes() {
			if why := wrong(a.Value); why != "" {
				ps = append(ps, t.spelling(fault(FieldSubject, "%s %q: %s", attributeName(a.OID), a.Value, why))...)
			}
		}
		return ps
	}
}

// spelling lowers problems of a name that the CA cannot change any more.
func (t *target) spelling(ps []problem) []problem {
	if t.copiedName() {
		for i := range ps {
			ps[i].details += "; the name is copied from an existing CA and has to keep its bytes"
		}
		return at(Notice, ps)
	}
	return ps
}

// copiedName reports whether the subject is that of an existing CA.
func (t *target) copiedName() bool {
	name := t.subject().Raw
	return t.kind(profiles.CrossCertifiedCA) || slices.ContainsFunc(t.others(), func(s Sibling) bool {
		return s.Declared == nil && bytes.Equal(s.Cert.RawSubject, name)
	})
}

// mixedScripts finds a word with letters of two scripts, such as a Cyrillic "а"
// among Latin letters. Japanese and Korean are written with several.
func mixedScripts(value string) string {
	for _, word := range strings.FieldsFunc(value, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M) }) {
		var seen []string
		for _, r := range word {
			if s := scriptOf(r); s != "" && !slices.Contains(seen, s) {
				seen = append(seen, s)
			}
		}
		if slices.Sort(seen); len(seen) > 1 {
			return fmt.Sprintf("the word %+q mixes %s letters", word, strings.Join(seen, " and "))
		}
	}
	return ""
}

// writtenTogether are the scripts that one word has by rights (Unicode UTS 39,
// 5.1, Augmented Script Sets).
var writtenTogether = map[string]string{"Hiragana": "Han", "Katakana": "Han", "Hangul": "Han", "Bopomofo": "Han"}

// scriptOf names the script of a letter; "" for what all scripts share.
func scriptOf(r rune) string {
	if r < utf8.RuneSelf {
		return "Latin"
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			if name == "Common" || name == "Inherited" {
				return ""
			}
			if with := writtenTogether[name]; with != "" {
				return with
			}
			return name
		}
	}
	return ""
}

func notComposed(value string) string {
	if utf8.ValidString(value) && !norm.NFC.IsNormalString(value) {
		return fmt.Sprintf("not in normalization form C, which is %+q", norm.NFC.String(value))
	}
	return ""
}

func oddSpaces(value string) string {
	switch r, odd := unseen.In(value); {
	case odd && r != utf8.RuneError:
		return fmt.Sprintf("%U: %s", r, unseen.Why(r))
	case strings.Contains(value, "  "):
		return "two spaces in a row"
	case strings.TrimSpace(value) != value:
		return "a space at the beginning or the end"
	}
	return ""
}

// quotationMarks are what word processors put in the place of " and '.
const quotationMarks = "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2039\u203a\u00ab\u00bb\u00b4\u0060"

func typographicQuotes(value string) string {
	if i := strings.IndexAny(value, quotationMarks); i >= 0 {
		r, _ := utf8.DecodeRuneInString(value[i:])
		return fmt.Sprintf("%U is a typographic quotation mark", r)
	}
	return ""
}

// nearEdits is by how many characters two names may differ that were meant to be
// one, and shortName the length below which two such names are different words.
const (
	nearEdits = 2
	shortName = 6
)

// checkOrganization compares the organization with those of the other certificates
// and authorities. The spelling that more of them have is taken for the right one.
func checkOrganization(t *target) (ps []problem) {
	mine := organization(t.subject())
	others := slices.Clone(t.ctx.Authorities)
	for _, s := range t.others() {
		o := organization(&s.Cert.Subject)
		o.Of = s.Artifact
		others = append(others, o)
	}
	told := map[[2]string]bool{}
	spellings, countries := map[string]int{mine.Organization: 1}, map[string]int{mine.Country: 1}
	for _, o := range others {
		spellings[o.Organization]++
		if o.Organization == mine.Organization {
			countries[o.Country]++
		}
	}
	for _, o := range others {
		pair := [2]string{o.Organization, o.Country}
		switch {
		case told[pair] || o.Organization == "":
		case o.Organization != mine.Organization && nearly(o.Organization, mine.Organization) && spellings[mine.Organization] <= spellings[o.Organization]:
			ps = append(ps, fault(FieldSubject, "the organization is %q, and %q in %s", mine.Organization, o.Organization, o.Of)...)
		case o.Organization == mine.Organization && o.Country != mine.Country && o.Country != "" && mine.Country != "" && countries[mine.Country] <= countries[o.Country]:
			ps = append(ps, fault(FieldSubject, "the country of %q is %s, and %s in %s", mine.Organization, mine.Country, o.Country, o.Of)...)
		}
		told[pair] = true
	}
	return t.spelling(ps)
}

// organization gives organization and country of a name.
func organization(n *inspect.Name) Organization {
	return Organization{Organization: strings.Join(valuesOf(n, oidOrganization), " "), Country: strings.Join(valuesOf(n, oidCountry), " ")}
}

// nearly reports whether two names may be one that was mistyped.
func nearly(a, b string) bool {
	return min(utf8.RuneCountInString(a), utf8.RuneCountInString(b)) >= shortName && source.Distance(a, b) <= nearEdits
}
