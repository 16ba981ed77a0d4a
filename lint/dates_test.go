// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
	"strings"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// The documents ask for short CRLs since different days: BR 1.0, SBR 1.0.0, CSBR and
// MRSP (of subscribers alone). Before, RFC 5280 asks for a nextUpdate and no more.
func TestWindowDates(t *testing.T) {
	l, w := newLinter(t), newHierarchy(t)
	long := func(day, pack string, covers profiles.Scope) Status {
		c := crlProfile(t, "crl", 1)
		c.Covers, c.NextUpdate, c.Purpose.Rules = covers, profiles.End{For: source.Span{Years: 2}}, []string{pack}
		m := revocationList(t, c, w.root, date(day+"T00:00:00Z"))
		for _, f := range m.check(l).Findings {
			if f.Rule == "crl.window" && !f.SetAside() {
				return f.Status
			}
		}
		return ""
	}
	ca, user := profiles.CACertificates, profiles.SubscriberCertificates
	for _, c := range []struct {
		day, pack string
		covers    profiles.Scope
		want      Status
	}{
		{"2012-06-30", PackTLS, ca, ""}, {"2012-07-01", PackTLS, ca, Error},
		{"2012-06-30", PackTLS, user, ""}, {"2012-07-01", PackTLS, user, Error},
		{"2023-08-31", PackSMIME, user, ""}, {"2023-09-01", PackSMIME, user, Error},
		{"2021-05-31", PackCodeSigning, user, ""}, {"2021-06-01", PackCodeSigning, user, Error},
		{"2016-11-06", PackMozilla, user, ""}, {"2016-11-07", PackMozilla, user, Error},
		{"2026-12-01", PackMozilla, ca, ""},
	} {
		if got := long(c.day, c.pack, c.covers); got != c.want {
			t.Errorf("%s on %s, %s: %q, want %q", c.pack, c.day, c.covers, got, c.want)
		}
	}
}

// CSBR asks CAs for RSA keys of 3072 bits since 2021-06-01 (its table of dates), and of
// 4096 bits in version 3.0, the oldest that has it.
func TestCodeKeyDates(t *testing.T) {
	l, w := newLinter(t), newHierarchy(t)
	for _, c := range []struct {
		day  string
		key  algorithm.Key
		want bool
	}{
		{"2021-05-31", algorithm.RSA2048, false}, {"2021-06-01", algorithm.RSA2048, true},
		{"2022-06-28", algorithm.RSA3072, false}, {"2022-06-29", algorithm.RSA3072, true},
	} {
		p := valid(aimed(codeProfile(t), profiles.CodeSigning, PackCodeSigning), c.day+"T00:00:00Z", c.day+"T23:59:59Z")
		m := certificate(t, p, key(t, c.key, "q"), w.root)
		m.ctx.Signing = date(c.day + "T12:00:00Z")
		if r := m.check(l); found(r, "key.size-program", Error) != c.want {
			t.Errorf("%s on %s:%s", c.key, c.day, show(r))
		}
	}
}

// Who answers OCSP is asked of what is signed since there are documents that say what
// the key of such a CA asserts.
func TestOCSPIntentDates(t *testing.T) {
	l, w := newLinter(t), newHierarchy(t)
	for day, want := range map[string]bool{"2012-06-30": false, "2012-07-01": true} {
		p := valid(aimed(issuingProfile(t, "old", "Old"), profiles.TLSServer, PackTLS), day+"T00:00:00Z", day+"T23:59:59Z")
		p.Purpose.OCSP = ""
		m := certificate(t, p, key(t, algorithm.ECDSAP384, "old"), w.root)
		m.ctx.Signing = date(day + "T12:00:00Z")
		if r := m.check(l); found(r, "cert.ocsp-intent", Error) != want {
			t.Errorf("%s:%s", day, show(r))
		}
	}
}

// So do OCSP responses: 12 months and 10 days since BR 1.0, SBR, CSBR and MRSP 2.2; 8 hours
// since 2020-09-30 (BR 1.7.1, 4.9.10); a nextUpdate at all since MRSP 2.3.
func TestResponseWindowDates(t *testing.T) {
	l, w := newLinter(t), newHierarchy(t)
	of := func(day, pack string, covers profiles.Scope, span source.Span) Status {
		r := responseProfile(t, w.e1)
		r.Covers, r.NextUpdate, r.Purpose.Rules = covers, profiles.End{For: span}, []string{pack}
		m := response(t, r, w.root, w.delegate, w.e1, w.crl)
		m.ctx.Signing = date(day + "T00:00:00Z")
		for _, f := range m.check(l).Findings {
			if f.Rule == "ocsp.window" && !f.SetAside() {
				return f.Status
			}
		}
		return ""
	}
	ca, user := profiles.CACertificates, profiles.SubscriberCertificates
	year, days, hours := source.Span{Months: 13}, source.Span{Days: 11}, source.Span{Seconds: 7 * 3600}
	for _, c := range []struct {
		day, pack string
		covers    profiles.Scope
		span      source.Span
		want      Status
	}{
		{"2012-06-30", PackTLS, ca, year, ""}, {"2012-07-01", PackTLS, ca, year, Error},
		{"2023-08-31", PackSMIME, ca, year, ""}, {"2023-09-01", PackSMIME, ca, year, Error},
		{"2012-06-30", PackTLS, user, days, ""}, {"2012-07-01", PackTLS, user, days, Error},
		{"2021-05-31", PackCodeSigning, user, days, ""}, {"2021-06-01", PackCodeSigning, user, days, Error},
		{"2016-11-06", PackMozilla, user, days, ""}, {"2016-11-07", PackMozilla, user, days, Error},
		{"2020-09-29", PackTLS, user, hours, ""}, {"2020-09-30", PackTLS, user, hours, Error},
		{"2026-12-01", PackMozilla, user, hours, ""}, {"2026-12-01", PackRFC5280, ca, year, ""},
	} {
		if got := of(c.day, c.pack, c.covers, c.span); got != c.want {
			t.Errorf("%s on %s, %s: %q, want %q", c.pack, c.day, c.covers, got, c.want)
		}
	}
}

// A root of version 1 says nowhere that it is a CA. It is one all the same, and no rule
// about subscribers is for it.
func TestRootOfVersion1(t *testing.T) {
	w := newHierarchy(t)
	m := edit(t, w.root, nil, func(p [][]byte) [][]byte { return p[1 : len(p)-1] })
	r := m.check(newLinter(t))
	if !found(r, "cert.version", Error) || !found(r, "e_invalid_certificate_version", Error) {
		t.Errorf("version 1 is not found:%s", show(r))
	}
	for _, f := range r.Findings {
		for _, about := range []string{"sub_cert", "server_cert", "_san_", "common_name", "key_identifier_no"} {
			if f.Engine == EngineZLint && strings.Contains(f.Rule, about) {
				t.Errorf("%s: %s", f.Rule, f.Details)
			}
		}
	}
}

// A root whose signature does not verify is none of a subordinate CA: one finding says
// what is wrong, and no lint about what subordinate CAs have.
func TestRootOfBadSignature(t *testing.T) {
	w := newHierarchy(t)
	r := resign(t, w.root, w.e1, w.root.tbs).check(newLinter(t))
	if !found(r, "chain.signature", Error) {
		t.Errorf("it passes:%s", show(r))
	}
	for _, f := range r.Findings {
		if f.Engine == EngineZLint && !f.SetAside() && (strings.Contains(f.Rule, "sub_ca") || strings.Contains(f.Rule, "policies")) {
			t.Errorf("%s: %s", f.Rule, f.Details)
		}
	}
}

// The certificate that the old key of a CA signed for its new one (RFC 4210 4.4) can be
// cross-certified; one that claims to be signed by its own key and is not, cannot.
func TestExistingOfNewKey(t *testing.T) {
	l, w := newLinter(t), newHierarchy(t)
	for _, c := range []struct {
		existing *inspect.Certificate
		want     bool
	}{
		{ofIssuersName(t, w.e1).cert, false},
		{damagedCert(w.root.cert), true},
	} {
		m := *w.cross
		m.ctx.Existing, m.ctx.ExistingSpecimen = c.existing, nil
		r := m.check(l)
		got := slices.ContainsFunc(r.Findings, func(f Finding) bool {
			return f.Rule == "cross.existing" && strings.Contains(f.Details, "under its own key")
		})
		if got != c.want {
			t.Errorf("%t, want %t:%s", got, c.want, show(r))
		}
	}
}

// What no document asked of a key when the object was signed is house: BR asks for sizes
// since 1.0, for exponents and factors since 1.1.1 (ballot 93, 6.1.6), RFC 5280 for neither.
func TestKeyDates(t *testing.T) {
	for _, c := range []struct {
		pack, day string
		level     Status
		want      House
	}{
		{PackTLS, "2012-06-30", "", HouseUnusable}, {PackTLS, "2012-07-01", "", ""}, {PackTLS, "2012-11-06", Warning, HouseUnusable},
		{PackTLS, "2012-11-07", Warning, ""}, {PackRFC5280, "2026-12-01", "", HouseUnusable}, {PackMozilla, "2016-11-07", "", ""},
	} {
		target := &target{purpose: &profiles.Purpose{Rules: []string{c.pack}}, ctx: &Context{Signing: date(c.day + "T00:00:00Z")}, obj: &Object{Declared: rootProfile(t)}}
		if ps := target.askedOfKeys([]problem{{level: c.level}}); ps[0].house != c.want {
			t.Errorf("%s on %s: %q", c.pack, c.day, ps[0].house)
		}
	}
}

// A lint of zlint is in effect no earlier than the document that it cites: the critical
// keyUsage of a root is asked since BR 1.0 of 2012-07-01, and zlint dates it from RFC 2459.
func TestLintsNoOlderThanDocuments(t *testing.T) {
	first := map[string]string{PackTLS: "2007-06-12", PackSMIME: "2023-09-01", PackMozilla: "2011-01-01", PackApple: "2018-01-01"}
	n := 0
	for _, r := range Rules() {
		if r.Engine != EngineZLint || len(r.Packs) != 1 || first[r.Packs[0]] == "" {
			continue
		}
		n++
		if r.From.Before(date(first[r.Packs[0]]+"T00:00:00Z")) || strings.HasPrefix(r.ID, "e_root_ca_key_usage") && r.From.Before(dateBR1) {
			t.Errorf("%s of %s is in effect since %s", r.ID, r.Packs[0], r.From)
		}
	}
	if n < 200 {
		t.Errorf("%d lints", n)
	}
}

// A rule that is house unless a document asks is house before the document did: BR 2.0.0
// forbids a subordinate CA its issuer's identifier.
func TestHouseBeforeDocuments(t *testing.T) {
	r := Rule{House: HouseUnusable, Asked: packDates{PackTLS: dateBR2}}
	for day, want := range map[string]bool{"2023-09-14": true, "2023-09-15": false} {
		target := &target{purpose: &profiles.Purpose{Rules: []string{PackTLS}}, ctx: &Context{Signing: date(day + "T00:00:00Z")}, obj: &Object{Declared: rootProfile(t)}}
		if r.isHouse(target) != want {
			t.Errorf("%s: house is %t", day, !want)
		}
	}
}

// The programs remove a root so many years after the generation of its key since MRSP 2.9
// (7.4) and CRP 1.5.
func TestKeyAgeDates(t *testing.T) {
	for _, r := range ownRules() {
		if r.ID == "key.age" && (r.since([]string{PackMozilla}) != dateMRSP29 || r.since([]string{PackChrome}) != dateChrome15) {
			t.Errorf("%v", r.Since)
		}
	}
}
