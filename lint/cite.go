// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"strings"
	"time"
	"unicode"

	"rootceremony/profiles"
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

// about says which objects the clauses below a clause are about.
type about struct {
	document, clause string
	holds            func(t *target) bool
}

// subjects are the clauses that are about objects of one kind: a rule for several kinds
// cites those of each.
var subjects = []about{
	{"BR", "7.1.2.1", ofKind(profiles.RootCA)},
	{"BR", "7.1.2.2", ofKind(profiles.CrossCertifiedCA)},
	{"BR", "7.1.2.3", func(t *target) bool { return t.kind(profiles.SubordinateCA) && !t.tlsIntent() }},
	{"BR", "7.1.2.5", func(t *target) bool { return t.purpose.Intent == profiles.TLSConstrained }},
	{"BR", "7.1.2.6", func(t *target) bool { return t.kind(profiles.SubordinateCA) && t.purpose.Intent == profiles.TLSServer }},
	{"BR", "7.1.2.8", ofKind(profiles.OCSPResponder)},
	{"BR", "7.1.2.10.1", ofKind(profiles.SubordinateCA)}, // of a root 7.1.2.1.1, of a cross-certificate 7.1.2.2.1
	{"BR", "7.1.2.10.5", func(t *target) bool { return t.tlsIntent() }},
	{"BR", "7.1.2.10.6", func(t *target) bool { return t.tlsIntent() }},
	{"BR", "7.1.2.10", ofKind(caKinds...)},
	{"BR", "7.1", ofKind(keyKinds...)},
	{"BR", "7.2", ofKind(profiles.CRL)},
	{"SBR", "7.1.2.1", ofKind(profiles.RootCA)},
	{"SBR", "7.1.2.2", ofKind(subKinds...)},
	{"CSBR", "7.1.2.1", ofKind(profiles.RootCA)},
	{"CSBR", "7.1.2.2", ofKind(subKinds...)},
	{"RFC 5280", "4", ofKind(keyKinds...)},
	{"RFC 5280", "5", ofKind(profiles.CRL)},
	{"RFC 5280", "6.1", ofKind(certKinds...)},
	{"RFC 5280", "6.3", ofKind(profiles.CRL)},
}

func ofKind(kinds ...profiles.Kind) func(t *target) bool {
	return func(t *target) bool { return t.kind(kinds...) }
}

// speaksOf reports whether a clause of a document is about objects of the kind.
func (t *target) speaksOf(document, clause string) bool {
	for _, s := range subjects {
		if rest, below := strings.CutPrefix(clause, s.clause); s.document == document && below && (rest == "" || rest[0] == '.' || rest[0] == ' ') {
			return s.holds(t)
		}
	}
	return true
}

// cited leaves those documents of a citation that bind an object, and that there were when
// it was signed, and of each the clauses for its kind; all, where there is none of them.
// What a document asks for is not house.
func (t *target) cited(clauses string) string {
	var kept []string
	document, said, binds := "", "", false
	for part := range strings.SplitSeq(clauses, ", ") {
		clause := part
		if unicode.IsLetter(rune(part[0])) {
			document, clause = titleOf(part)
			binds = t.binding(document)
		}
		if !binds || !t.speaksOf(document, clause) {
			continue
		}
		if document != said {
			clause, said = strings.TrimSpace(document+" "+clause), document
		}
		kept = append(kept, clause)
	}
	if len(kept) == 0 {
		return clauses
	}
	return strings.Join(kept, ", ")
}

// titleOf splits a part of a citation into the document and the clause.
func titleOf(part string) (document, clause string) {
	document, clause, _ = strings.Cut(part, " ")
	if document == "RFC" {
		number, rest, _ := strings.Cut(clause, " ")
		return document + " " + number, rest
	}
	return document, clause
}

// binding reports whether a document binds the object, and was there when it was signed.
func (t *target) binding(document string) bool {
	pack, known := documentPacks[document]
	signed := t.signedAt()
	return document != citeHouse && document != "else" && (!known || t.pack(pack)) && (signed.IsZero() || !signed.Before(documentDays[document]))
}

// extensionClauses are where RFC 5280 defines extensions: of certificates, and of CRLs and
// their entries.
var extensionClauses = map[bool]map[string]string{
	false: {
		"2.5.29.14": "4.2.1.2", "2.5.29.15": "4.2.1.3", "2.5.29.17": "4.2.1.6", "2.5.29.18": "4.2.1.7", "2.5.29.19": "4.2.1.9",
		"2.5.29.30": "4.2.1.10", "2.5.29.31": "4.2.1.13", "2.5.29.32": "4.2.1.4", "2.5.29.33": "4.2.1.5", "2.5.29.35": "4.2.1.1",
		"2.5.29.36": "4.2.1.11", "2.5.29.37": "4.2.1.12", "2.5.29.46": "4.2.1.15", "2.5.29.54": "4.2.1.14",
		"1.3.6.1.5.5.7.1.1": "4.2.2.1", "1.3.6.1.5.5.7.1.11": "4.2.2.2",
	},
	true: {
		"2.5.29.35": "5.2.1", "2.5.29.18": "5.2.2", "2.5.29.20": "5.2.3", "2.5.29.27": "5.2.4", "2.5.29.28": "5.2.5", "2.5.29.46": "5.2.6",
		"1.3.6.1.5.5.7.1.1": "5.2.7", "2.5.29.21": "5.3.1", "2.5.29.24": "5.3.2", "2.5.29.29": "5.3.3",
	},
}

// clauseOf is where RFC 5280 defines an extension, or "".
func clauseOf(oid asn1.ObjectIdentifier, ofList bool) string {
	if clause := extensionClauses[ofList][oid.String()]; clause != "" {
		return "RFC 5280 " + clause
	}
	return ""
}
