// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package rootceremony_test

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// lower are the packages below the ceremony itself, and the pages that are
// written from them.
var lower = []string{"profiles/", "templates/", "lint/", "internal/", "transcripts/", "docs/rules.md"}

// product is everything but the tests, which say what an old word gives.
var product = []string{""}

// outer are the command line and the pages that operators and auditors read first.
var outer = []string{
	"cmd/", "README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/how-to/", "docs/adr/", "docs/ci/",
	"docs/ceremony-file.md", "docs/commands.md", "docs/glossary.md", "docs/limits.md", "docs/profile-reference.md", "docs/site-file.md",
}

// retired are words and sentences that only this project used, each with what
// PKI engineers say. Without a place they are gone from the whole tree.
var retired = []struct {
	pattern string
	say     string
	in      []string
}{
	{`stands? (here )?twice`, "duplicate X", nil},
	{`\b[Ss]tands?\b[^-]|[^.] stood\b`, "is in, is on, lies in, means, has no errors", nil},
	{`[Tt]ells? no time`, "SSH signatures carry no timestamp", nil},
	{`nobody has seen`, "outcome of C_Sign unknown, a signature may exist", nil},
	{`\b[Jj]udg(e|es|ed|ing|ement)\b|\b[Jj]udge[A-Z]|[a-z]Judged?\b`, "lint, verify, evaluate, check or compare", nil},
	{`\b(done|made) again\b`, "repeated, rebuilt", nil},
	{`holds nothing yet|holds what no`, "is empty; has files that", nil},
	{`\bheld to\b`, "checked against", nil},
	{`\b(ErrNotWhole|GoOn|settling|newWorld)\b|\*(world|judge|work)\b|\.(Whole|Generates|Signs)\(`, "ErrIncomplete, Continue, interruption, specimenCAs, verifier, state; SigningStep", nil},
	{`who was in the room signs|judge what he is part of`, "participants sign the manifest; a report inside the bundle cannot vouch for it", nil},
	{`\bfurnish`, "what it adds", nil},
	{`\bkeyBits\b`, "publicKeyBits for subjectPublicKey, key size for its length", nil},
	{`which is what holds where nothing is said`, "the default", nil},
	{`equal byte for byte`, "rebuilt from plan.json, byte-identical", nil},
	{`\b[Rr]eady( |-|_)?[Pp]rofile|\bready:[a-z]`, "built-in profile, builtin:NAME", product},
	{`\bready: |"ready"|/ready/|\b[Rr]eady( |-|_)?[Ss]teps?\b`, "step template, step-template:", product},
	{`for another meaning|is not what it should be`, "for another namespace; invalid", nil},
	{`\bhas no say\b`, "may not sign or approve this", nil},
	{`[Nn]obody can waive|take it away`, "cannot be waived; remove it", nil},
	{`answered for`, "the certificate that the response is about", lower},
	{`for want of`, "missing context", lower},
	{`\b([Hh]eld|[Hh]olds?) (it |them |objects )?to (the )?(rules?|packs?|profile)\b`, "checked against", lower},
	{`\b[Mm]oment of signing`, "time of signing", lower},
	{`\b[Ww]hoever\b`, "who it is: the signer, the caller", lower},
	{`\bconcerns\(|\bconcerned\b`, "applies to, overlaps", lower},
	{`ceremony ready`, "ceremony step-template", outer},
	{`with every default written out`, "with all defaults filled in", outer},
	{`\b(goes|go) on\b`, "continue", outer},
	{`where nothing is (written|said)`, "the default", outer},
}

// TestRetiredWords guards operators and auditors against a private dialect: a
// word that was replaced by that of the field does not come back.
func TestRetiredWords(t *testing.T) {
	walk(t, "", func(name string) {
		if !slices.Contains([]string{".go", ".yaml", ".md", ".tmpl"}, path.Ext(name)) || strings.Contains(name, "testdata/") || name == "words_test.go" {
			return
		}
		text := read(t, name)
		for _, r := range retired {
			inPlace := func(prefix string) bool { return strings.HasPrefix(name, prefix) }
			if r.in != nil && (strings.HasSuffix(name, "_test.go") || !slices.ContainsFunc(r.in, inPlace)) {
				continue
			}
			for _, at := range spaced(r.pattern).FindAllStringIndex(text, -1) {
				t.Errorf("%s:%d: %q is a word of our own; say: %s", name, 1+strings.Count(text[:at[0]], "\n"), text[at[0]:at[1]], r.say)
			}
		}
	})
}

// spaced finds a pattern across the lines of a comment or a paragraph, too.
func spaced(pattern string) *regexp.Regexp {
	return regexp.MustCompile(strings.ReplaceAll(pattern, " ", `(?: |\s*\n\s*(?://)?\s*)`))
}
