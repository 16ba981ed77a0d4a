// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"strings"
	"unicode"
)

// documentPacks are the packs of the documents that rules cite, by the word that a
// citation begins with. What has none, as an RFC, holds for all.
var documentPacks = map[string]string{
	"BR": PackTLS, "EVG": PackTLS, "SBR": PackSMIME, "CSBR": PackCodeSigning, "CCADB": PackCCADB,
	"MRSP": PackMozilla, "CRP": PackChrome, "ARP": PackApple, "MTRP": PackMicrosoft,
}

// citing gives problems the clause of their own, where a rule cites several.
func citing(clause string, ps []problem) []problem {
	for i := range ps {
		ps[i].cites = clause
	}
	return ps
}

// cited leaves those documents of a citation that bind an object; all, where none of
// them does. What a document asks for is not house.
func (t *target) cited(clauses string) string {
	var kept []string
	binds := false
	for part := range strings.SplitSeq(clauses, ", ") {
		if word, _, _ := strings.Cut(part, " "); unicode.IsLetter(rune(part[0])) {
			pack, known := documentPacks[word]
			binds = word != citeHouse && (!known || t.pack(pack))
		}
		if binds {
			kept = append(kept, part)
		}
	}
	if len(kept) == 0 {
		return clauses
	}
	return strings.Join(kept, ", ")
}
