// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// mailCA makes an S/MIME CA of changed declaration, below a root that is for S/MIME
// alone.
func mailCA(change func(c *profiles.Certificate) *profiles.Certificate) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		c := aimed(smimeProfile(t), profiles.SMIME, PackSMIME, PackMozilla)
		c.Purpose.Scope = []profiles.RootScope{profiles.ScopeSMIME}
		return certificate(t, change(c), key(t, algorithm.ECDSAP384, "mail"), w.root)
	}
}

var failingScopes = []failing{
	{"sub.eku-smime", Notice, "document signing, announced for 2027-07-01 (SMC018)", mailCA(func(c *profiles.Certificate) *profiles.Certificate {
		return purposed(c, purposeEmail, "1.3.6.1.4.1.311.10.3.12")
	})},
	{"prog.mozilla-dedicated", Error, "no e-mail below a new root for e-mail", mailCA(func(c *profiles.Certificate) *profiles.Certificate {
		c = purposed(c, purposeEmail, purposeCode)
		c.Purpose.Included = profiles.IncludedNew
		return c
	})},
	{"prog.mozilla-dedicated", NotChecked, "below a root of unknown date", func(t *testing.T, w *hierarchy) *made {
		m := mailCA(func(c *profiles.Certificate) *profiles.Certificate { return purposed(c, purposeEmail, purposeCode) })(t, w)
		m.ctx.Issuer = nil
		return m
	}},
	{"key.size-program", Error, "RSA of 3072 bits for code signing", func(t *testing.T, w *hierarchy) *made {
		return certificate(t, codeProfile(t), key(t, algorithm.RSA3072, "r1"), w.root)
	}},
	{"key.smime-issuing", Notice, "RSA of 2048 bits, announced for 2027-09-15", func(t *testing.T, w *hierarchy) *made {
		return certificate(t, aimed(smimeProfile(t), profiles.SMIME, PackSMIME), key(t, algorithm.RSA2048, "q"), w.root)
	}},
	{"cert.cdp-http", Error, "https alone", func(t *testing.T, w *hierarchy) *made {
		m := mailCA(func(c *profiles.Certificate) *profiles.Certificate { return c })(t, w)
		return valued(inspect.OIDCRLDistributionPoints, point("https://x1.c.example.com/root-x1.crl"))(t, m)
	}},
	{"ocspcert.nocheck", Error, "a responder of an S/MIME CA", func(t *testing.T, w *hierarchy) *made {
		c := without(aimed(delegateProfile(t), "", PackSMIME), ext.NameOCSPNoCheck)
		return certificate(t, c, key(t, algorithm.ECDSAP256, "ocsp"), w.root)
	}},
	{"chain.ski", Error, "the identifier of the issuer", func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.e1, w.root, inspect.OIDSubjectKeyID, nil, slices.Concat([]byte{4, 20}, subjectKeyID(w.root.cert.Extensions)))
	}},
	{"prog.ms-status", Error, "no way to ask for the status", func(t *testing.T, w *hierarchy) *made {
		c := without(aimed(issuingProfile(t, "f-cert", "F1"), profiles.TLSServer, PackMicrosoft), ext.NameCRLPoints)
		c = without(c, ext.NameInfoAccess)
		return certificate(t, c, key(t, algorithm.ECDSAP384, "f"), w.root)
	}},
	{"prog.ms-ocsp", Warning, "eleven months", func(t *testing.T, w *hierarchy) *made {
		r := responseProfile(t, w.e1)
		r.Purpose.Rules = append(slices.Clone(r.Purpose.Rules), PackMicrosoft)
		return response(t, r, w.root, w.delegate, w.e1, w.crl)
	}},
	{"prog.ms-root-purpose", Error, "for TLS and S/MIME, submitted in 2027", func(t *testing.T, w *hierarchy) *made {
		m := twoScopes(t)
		m.ctx.Submission = date("2027-01-15T00:00:00Z")
		return m
	}},
	{"prog.ms-root-purpose", Warning, "for TLS and S/MIME, submitted some day", func(t *testing.T, _ *hierarchy) *made { return twoScopes(t) }},
}

// twoScopes makes a root for TLS and S/MIME.
func twoScopes(t *testing.T) *made {
	c := rootProfile(t)
	c.Purpose.Scope = []profiles.RootScope{profiles.ScopeTLS, profiles.ScopeSMIME}
	return certificate(t, c, key(t, algorithm.ECDSAP384, "root"), nil)
}

// A root for TLS and S/MIME that was submitted before 2026-07-01 keeps its purposes.
func TestMicrosoftOldRoot(t *testing.T) {
	m := twoScopes(t)
	m.ctx.Submission = date("2026-06-30T00:00:00Z")
	if r := m.check(newLinter(t)); slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Rule == "prog.ms-root-purpose" }) {
		t.Errorf("found:%s", show(r))
	}
}

// What binds a CA is the scope of its root: the rules of the BR are for all that is
// below a root for TLS and for nothing else, and where nobody says what the root is
// for, they are not checked.
func TestScopeOfRoot(t *testing.T) {
	l, w := newLinter(t), newHierarchy(t)
	below := func(scope []profiles.RootScope, packs ...string) Report {
		c := aimed(smimeProfile(t), profiles.SMIME, packs...)
		c.Purpose.Scope = scope
		c.Validity.NotBefore = profiles.FixedMoment(signing.AddDate(0, 0, -3)) // BR 7.1.2.10.1: a day
		return certificate(t, c, key(t, algorithm.ECDSAP384, "mail"), w.root).check(l)
	}
	mail := []profiles.RootScope{profiles.ScopeSMIME}
	for _, c := range []struct {
		name string
		r    Report
		want Status // of time.not-before; "" for none
	}{
		{"below a root for TLS", below([]profiles.RootScope{profiles.ScopeTLS}, PackTLS, PackSMIME), Error},
		{"below a root for S/MIME", below(mail, PackSMIME), ""},
		{"below a root of which nobody says", below(nil, PackSMIME), NotChecked},
	} {
		var got Status
		for _, f := range c.r.Findings {
			if f.Rule == "time.not-before" {
				got = f.Status
				if got == NotChecked && (f.Required || f.Text() != "not checked without scope of the root") {
					t.Errorf("%s: %s, required %t", c.name, f.Text(), f.Required)
				}
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Each rule of a document is applied from the day on which the document asks for it,
// by the first of those that bind the object.
func TestSinceByPack(t *testing.T) {
	r := Rule{Since: packDates{PackTLS: dateBR2, PackSMIME: dateSMIME}}
	for _, c := range []struct {
		packs []string
		want  time.Time
	}{{[]string{PackTLS}, dateBR2}, {[]string{PackTLS, PackSMIME}, dateSMIME}, {[]string{PackRFC5280}, time.Time{}}} {
		if got := r.since(c.packs); !got.Equal(c.want) {
			t.Errorf("%v: %s, want %s", c.packs, got, c.want)
		}
	}
}

// No document asks for an extKeyUsage, or a critical keyUsage, of what was made before
// it did.
func TestNotBeforeAsked(t *testing.T) {
	l, w := newLinter(t), newHierarchy(t)
	old := func(day string, change func(c *profiles.Certificate) *profiles.Certificate) Report {
		c := valid(aimed(change(issuingProfile(t, "old", "Old")), profiles.TLSServer, PackTLS), day+"T00:00:00Z", "2030-01-01T00:00:00Z")
		m := certificate(t, c, key(t, algorithm.ECDSAP384, "old"), w.root)
		m.ctx.Signing = date(day + "T12:00:00Z")
		return m.check(l)
	}
	noEKU := func(c *profiles.Certificate) *profiles.Certificate { return without(c, ext.NameExtKeyUsage) }
	plainKU := func(c *profiles.Certificate) *profiles.Certificate {
		return withExtension(c, ext.NameKeyUsage, func(e *profiles.Extension) { e.Critical = false })
	}
	for _, c := range []struct {
		name, rule string
		r          Report
		want       bool
	}{
		{"no EKU in 2020-08-19", "cert.extensions-required", old("2020-08-19", noEKU), false},
		{"no EKU in 2020-08-20", "cert.extensions-required", old("2020-08-20", noEKU), true},
		{"plain keyUsage in 2012-06-30", "cert.criticality", old("2012-06-30", plainKU), false},
		{"plain keyUsage in 2012-07-01", "cert.criticality", old("2012-07-01", plainKU), true},
	} {
		if found(c.r, c.rule, Error) != c.want {
			t.Errorf("%s: %s", c.name, show(c.r))
		}
	}
}

// What no document asks says "house", and is an error only where the object would not
// be what was declared, could not be used, or contradicts the plan.
func TestHouse(t *testing.T) {
	for _, r := range ownRules() {
		switch {
		case r.House == HouseAdvice && r.Level.weight() > Warning.weight():
			t.Errorf("%s is advice and an error", r.ID)
		case r.Citation == "house" && r.House == "":
			t.Errorf("%s cites the house and gives no ground", r.ID)
		}
	}
	l, w := newLinter(t), newHierarchy(t)
	for name, m := range map[string]*made{
		"8 octets": put(atSerial, 2, 8, 0x71, 1, 2, 3, 4, 5, 6, 7)(t, w.e1),
		"no path":  valued(inspect.OIDCRLDistributionPoints, point("http://x1.c.example.com"))(t, w.e1),
		"another's names": knowing(theE1, func(_ *testing.T, w *hierarchy, c *Context) {
			c.Siblings = append(c.Siblings, Sibling{"twin", w.root.cert, nil})
		})(t, w),
	} {
		for _, f := range m.check(l).Findings {
			if (f.Rule == "cert.serial" || f.Rule == "cert.url") && (f.Status != Warning || f.Citation != citeHouse) {
				t.Errorf("%s: %s %s %s", name, f.Rule, f.Status, f.Details)
			}
		}
	}
}

// CRLs count from thisUpdate to nextUpdate; OCSP responses count the last second.
func TestWindows(t *testing.T) {
	l, w := newLinter(t), newHierarchy(t)
	list := func(covers profiles.Scope, to source.Span, by *made, packs ...string) Status {
		c := crlProfile(t, "crl", 1)
		c.Covers, c.NextUpdate = covers, profiles.End{For: to}
		c.Purpose.Rules = packs
		for _, f := range revocationList(t, c, by, signing).check(l).Findings {
			if f.Rule == "crl.window" {
				return f.Status
			}
		}
		return ""
	}
	ca, user := profiles.CACertificates, profiles.SubscriberCertificates
	stamping := certificate(t, timeProfile(t), key(t, algorithm.ECDSAP384, "time"), w.root)
	for _, c := range []struct {
		name string
		got  Status
		want Status
	}{
		{"ten days", list(user, source.Span{Days: 10, Seconds: 1}, w.root, PackTLS), ""},
		{"ten days and a second", list(user, source.Span{Days: 10, Seconds: 2}, w.root, PackTLS), Error},
		{"365 days", list(ca, source.Span{Days: 365, Seconds: 1}, w.root, PackTLS), ""},
		{"twelve months and a second", list(ca, source.Span{Months: 12, Seconds: 2}, w.root, PackTLS), Error},
		{"a year in a private PKI", list(user, source.Span{Years: 2}, w.root, PackRFC5280), ""},
		{"eleven months about time stamping", list(user, source.Span{Months: 11}, stamping, PackCodeSigning), ""},
		{"eleven months about code signing", list(user, source.Span{Months: 11}, w.root, PackCodeSigning), Error},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

// A response that says when it was signed is compared with that.
func TestResponseTimes(t *testing.T) {
	w := newHierarchy(t)
	m := *w.response
	m.ctx.Signing = signing.Add(-time.Hour)
	if r := m.check(newLinter(t)); !found(r, "ocsp.times", Error) {
		t.Errorf("produced after the signing:%s", show(r))
	}
}

// RFC 5280 permits indirect and delta CRLs, reasons that BR does not list, gaps, and any
// length: the rules of the BR for CRLs are for what BR binds.
func TestCRLOfRFC5280(t *testing.T) {
	l, w := newLinter(t), newHierarchy(t)
	m := extend(t, extend(t, w.crl, w.root, inspect.OIDDeltaCRLIndicator, critical, []byte{2, 1, 0}), w.root,
		inspect.OIDIssuingDistributionPoint, critical, []byte{0x30, 3, 0x84, 1, 0xff}) // indirectCRL
	list := *m.obj.revocationList()
	list.Purpose.Rules = []string{PackRFC5280}
	m.obj.Declared = &list
	for _, f := range m.check(l).Findings {
		if f.Engine == EngineCeremony && f.Status != NotChecked && !comparesWithProfile(f.Rule) {
			t.Errorf("%s %s: %s", f.Rule, f.Status, f.Details)
		}
	}
}

// Without the existing certificate nobody knows whether a root has the same key, which
// MRSP 5.3 exempts.
func TestMozillaWithoutExisting(t *testing.T) {
	w := newHierarchy(t)
	m := *w.cross
	m.ctx.Existing = nil
	if r := m.check(newLinter(t)); !found(r, "prog.mozilla-eku", NotChecked) {
		t.Errorf("checked:%s", show(r))
	}
}

// Names in constraints have the syntax of their type.
func TestConstraintSyntax(t *testing.T) {
	for name, want := range map[string]bool{
		"example.com": true, "com": true, "xn--bcher-kva.example": true, ".example.com": false, "*.example.com": false,
		"ex_ample.com": false, "example..com": false, "example.com.": false, "-a.example": false,
	} {
		if dnsName(name) != want {
			t.Errorf("dNSName %q: %t", name, !want)
		}
	}
	for name, want := range map[string]bool{
		"a@example.com": true, "example.com": true, ".example.com": true, "@example.com": false, "a@b@example.com": false,
		"*@example.com": false, "..example.com": false,
	} {
		if mailConstraint(name) != want {
			t.Errorf("rfc822Name %q: %t", name, !want)
		}
	}
	v3 := "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid"
	for name, want := range map[string]bool{
		"onion": true, "example.com": true, v3 + ".onion": true, "www." + v3 + ".onion": true, "expyuzz4wqqyqhjn.onion": false, v3[1:] + "1.onion": false,
	} {
		if onionAddress(name) != want {
			t.Errorf("%q: %t", name, !want)
		}
	}
}

// SBR permits EdDSA (6.1.5) and, since 1.0.11 of 2025-08-22 (ballot SMC013), ML-DSA;
// MRSP 5.1 permits EdDSA with emailProtection alone; BR permits neither; RFC 8410 and RFC
// 9881 do. No library here verifies ML-DSA, which is said everywhere.
func TestMoreAlgorithms(t *testing.T) {
	mldsa := seq(t, []byte{0x30, 0x0b, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 0x12}, []byte{3, 2, 0, 1})
	eddsa := seq(t, []byte{0x30, 5, 6, 3, 0x2b, 0x65, 0x70}, tlv(t, 0, 3, false, make([]byte, 33)))
	for _, c := range []struct {
		key    []byte
		packs  []string
		signed string
		level  Status
		lacks  bool
	}{
		{mldsa, []string{PackSMIME}, "2025-08-22", "", true}, {mldsa, []string{PackSMIME}, "2025-08-21", Error, true},
		{mldsa, []string{PackSMIME, PackTLS}, "2026-12-01", Error, true}, {mldsa, []string{PackSMIME, PackMozilla}, "2026-12-01", Error, true},
		{mldsa, []string{PackCodeSigning}, "2026-12-01", Error, true}, {mldsa, []string{PackRFC5280}, "2026-12-01", "", true},
		{eddsa, []string{PackSMIME}, "2023-09-01", "", false}, {eddsa, []string{PackRFC5280}, "2026-12-01", "", false},
		{eddsa, []string{PackTLS}, "2026-12-01", Error, false}, {eddsa, []string{PackCodeSigning}, "2026-12-01", Error, false},
		{eddsa, []string{PackSMIME, PackMozilla}, "2026-12-01", Error, false}, // a root has no emailProtection
	} {
		target := &target{purpose: &profiles.Purpose{Rules: c.packs}, ctx: &Context{Signing: date(c.signed + "T00:00:00Z")}, spki: c.key, obj: &Object{Declared: rootProfile(t)}, read: theRoot(t).cert}
		target.alg, target.exts = theRoot(t).cert.OuterAlgorithm, theRoot(t).cert.Extensions
		target.key, _ = parseKey(c.key)
		var level Status
		for _, p := range checkAlgorithms(target) {
			level = Error
			_ = p
		}
		ps := checkKeyQuality(target)
		if lacks := len(ps) == 1 && ps[0].level == NotChecked; level != c.level || lacks != c.lacks {
			t.Errorf("%v of %s: alg-table %q, quality %v", c.packs, c.signed, level, ps)
		}
	}
}
