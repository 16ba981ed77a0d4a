// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lintfiles

import (
	"slices"

	"rootceremony/lint"
	"rootceremony/profiles"
)

// Unenforced is a requirement that no rule enforces, with the reason.
type Unenforced struct {
	Citation    string   `json:"citation"`
	Requirement string   `json:"requirement"`
	Reason      string   `json:"reason"`
	Instead     string   `json:"instead,omitempty"` // what this program does about it
	Kinds       []string `json:"kinds,omitempty"`   // of profiles; empty: all
	Packs       []string `json:"packs,omitempty"`   // empty: always
}

// Kinds that unenforced requirements are about.
var (
	onCerts = []string{string(profiles.RootCA), string(profiles.SubordinateCA), string(profiles.CrossCertifiedCA), string(profiles.OCSPResponder)}
	onCAs   = onCerts[:3]
	onSubs  = onCerts[1:3]
	onRoots = onCerts[:1]
	onCRLs  = []string{string(profiles.CRL)}
	onOCSP  = []string{string(profiles.OCSPResponse)}
	web     = []string{lint.PackTLS, lint.PackSMIME, lint.PackCodeSigning}
)

// unenforced is the whole list. A requirement leaves it when a rule enforces it.
var unenforced = []Unenforced{
	// Not visible in an object.
	{"BR 7.1.2", "serial numbers hold at least 64 bits of output from a CSPRNG", "a number does not show how it was drawn", "the ceremony draws it, journals the source, and cert.serial holds its length", onCerts, nil},
	{"BR 6.1.1.1, EVG 6.1.1", "a Key Generation Script is followed, witnessed and reported on", "it is about people and rooms", "ceremony run records it and ceremony verify judges the record", onCAs, web},
	{"BR 6.2.7, CSBR 6.2.7.1", "the key is made and kept in a module of FIPS 140-2 or 140-3 level 3, or EAL 4+", "a public key does not show where its private half lives", "the site file names the device, and the bundle carries its evidence", onCAs, web},
	{"BR 7.1.2.10.5, 7.1.2.3.2, SBR 7.1.6.3, CSBR 7.1.6.3", "anyPolicy is only for a CA that is an Affiliate of the issuer", "affiliation is a fact of company law", "sub.policies warns of every anyPolicy", onSubs, web},
	{"BR 3.2.2", "the names in the subject were verified", "it is about documents of an organization", "", onCAs, web},
	{"BR 7.1.2.11.5", "the arc of any other extension is owned by the applicant or public", "no list of owners is complete", "cert.extensions-closed refuses what no profile declares", onCerts, web},
	{"BR 6.1.7", "the root key signs nothing but the five kinds of certificates, CRLs and OCSP responses", "what a key signs elsewhere is not seen here", "a ceremony signs only what its plan lists", onRoots, []string{lint.PackTLS}},
	{"BR 7.2, 7.1.2.11.2", "the parts of a partitioned CRL cover every certificate together (crl.complete)", "no part shows that another is missing", "crl.idp-uri compares the parts that are given", onCRLs, web},
	{"CSBR 6.2.7.2, 6.3.2", "a timestamping CA of more than 72 months is kept offline; its keys are removed after 18 months (cer.tsa-offline)", "it is about a room and a later day", "ceremony run keeps the record of destruction", onSubs, []string{lint.PackCodeSigning}},
	// Needs a history that no object carries.
	{"CRP 1.3.1.2, MRSP 7.1, 7.4", "a root key is no more than 5 years old when it is included, and leaves after 15 years (18 for S/MIME) (key.age)", "a key does not show when it was made", "the journal of its ceremony does", onRoots, []string{lint.PackChrome, lint.PackMozilla}},
	{"MRSP 3.1.3, ARP 1.1.5", "parked keys are listed, and a key in a certificate is none of another use", "only the inventory of a CA knows its keys", "set.* rules look at every certificate that is given together", onCAs, []string{lint.PackMozilla, lint.PackApple}},
	{"BR 7.1.4.1, MRSP 5.2", "equal names are equal bytes, and serial numbers unique, over all certificates, expired and revoked ones too", "only certificates that are given can be compared", "set.* rules report what they were given", onCerts, web},
	{"CRP 1.8", "from 2027-09-15 at most two roots per owner", "a certificate does not name its owner in the store", "", onRoots, []string{lint.PackChrome}},
	{"MTRP 3.1.16", "at most two EV policy identifiers per root", "they are agreed with the program and stand in no root", "", onRoots, []string{lint.PackMicrosoft}},
	// Approvals and disclosures.
	{"CRP 1.6.1, ARP 1.4, MRSP 8.4", "the program approved an externally operated CA before it was certified", "approvals are outside of the object", "the ceremony file can ask for the evidence as a step", onSubs, []string{lint.PackChrome, lint.PackApple, lint.PackMozilla}},
	{"CCADB Policy 3.2, 5.1", "a CA certificate is disclosed within 7 days and listed in the next audit statement", "it happens after the ceremony", "", onSubs, []string{lint.PackCCADB}},
	{"CCADB Policy 6.2", "the CRL URLs disclosed are complete and byte-equal to those in certificates", "the disclosure is not at hand", "crl.idp-uri compares CRL and certificates", append([]string{string(profiles.CRL)}, onSubs...), []string{lint.PackCCADB}},
	{"MRSP 3.3", "CP and CPS describe the profile and state adherence", "it is about a document", "a profile names its section in implements; ceremony profile table writes the table", onCAs, []string{lint.PackMozilla}},
	// Needs a network or a later day.
	{"MRSP 5.2", "each CRL and OCSP URL in a certificate leads to a working service", "nothing here opens a connection", "chain.issuer-urls and cert.url hold what can be read", onCerts, []string{lint.PackMozilla}},
	{"BR 4.9.7", "a new CRL is issued within 24 hours of a revocation and before nextUpdate, until the last certificate ends", "it is about later days", "crl.gap and crl.window hold the CRL that is made", onCRLs, web},
	{"BR 4.9.9, 4.9.10", "OCSP answers are renewed in time, and never good for a serial number that was not issued", "it is about a service", "ocsp.status holds the response that is made", onOCSP, web},
	{"MTRP 3.2.2", "OCSP responses are valid for 8 hours to 7 days", "it does not except responses about CA certificates, for which BR 4.9.9 allows 12 months", "ocsp.window holds them to those", onOCSP, []string{lint.PackMicrosoft}},
	// Other PKIs.
	{"Matter, SPIFFE, ETSI EN 319 412, MTC draft", "profiles of other PKIs (pki.matter, pki.spiffe, pki.mtc-ca, pki.mldsa-spki)", "no rule pack is made for them yet", "a profile holds its own certificates exactly", onCAs, []string{lint.PackRFC5280}},
	{"BR 5.4.3, 5.5.2", "records are kept for two years after the key and its certificates ended", "it is about later years", "", onCAs, web},
}

// UnenforcedRequirements lists what no rule enforces: all of it, or what a
// profile would be held to.
func UnenforcedRequirements(p profiles.Profile) []Unenforced {
	out := []Unenforced{}
	for _, u := range unenforced {
		if p == nil || concerns(u.Kinds, []string{string(p.Head().Kind)}) && concerns(u.Packs, p.Head().Purpose.Rules) {
			out = append(out, u)
		}
	}
	return out
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
	switch p.Head().Kind {
	case profiles.CRL, profiles.OCSPResponse: // zlint has the same words
	case profiles.CertRequest:
	default:
		kinds = append(kinds, "certificate")
	}
	return slices.DeleteFunc(lint.Rules(), func(r lint.RuleInfo) bool {
		return !concerns(r.Kinds, kinds) || !concerns(r.Packs, p.Head().Purpose.Rules)
	})
}
