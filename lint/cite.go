// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"strings"
	"time"
	"unicode"
)

// documentPacks are the packs of the documents that rules cite, by the word that a
// citation begins with. What has none, as an RFC, holds for all.
var documentPacks = map[string]string{
	"BR": PackTLS, "EVG": PackTLS, "SBR": PackSMIME, "CSBR": PackCodeSigning, "CCADB": PackCCADB,
	"MRSP": PackMozilla, "CRP": PackChrome, "ARP": PackApple, "MTRP": PackMicrosoft,
}

// documentDays are the first days of those that are younger than certificates may be.
var documentDays = map[string]time.Time{"BR": dateBR1, "SBR": dateSMIME, "CSBR": dateCSBR, "MRSP": dateMRSP22}

// citing gives problems the clause of their own, where a rule cites several.
func citing(clause string, ps []problem) []problem {
	for i := range ps {
		ps[i].cites = clause
	}
	return ps
}

// cited leaves those documents of a citation that bind an object, and that there were when
// it was signed; all, where there is none of them. What a document asks for is not house.
func (t *target) cited(clauses string) string {
	var kept []string
	signed, binds := t.signedAt(), false
	for part := range strings.SplitSeq(clauses, ", ") {
		if word, _, _ := strings.Cut(part, " "); unicode.IsLetter(rune(part[0])) {
			pack, known := documentPacks[word]
			binds = word != citeHouse && (!known || t.pack(pack)) && (signed.IsZero() || !signed.Before(documentDays[word]))
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
