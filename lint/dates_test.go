// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"strings"
	"testing"

	"rootceremony/internal/algorithm"
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
