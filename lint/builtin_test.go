// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// builtIn parses a profile that comes with the program.
func builtIn(t *testing.T, name string) profiles.Profile {
	t.Helper()
	r, ok := profiles.BuiltInByName(name)
	if !ok {
		t.Fatalf("no profile %s", name)
	}
	doc, err := source.Parse(name+".yaml", r.Data)
	if err != nil {
		t.Fatal(err)
	}
	p, err := profiles.Parse(doc)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// bindBuiltIn binds a built-in certificate profile.
func bindBuiltIn(t *testing.T, name, cn string, years int) *profiles.Certificate {
	t.Helper()
	p := builtIn(t, name).(*profiles.CertificateProfile)
	v := values(name, cn, years)
	if len(p.Subject) == 2 {
		v.Subject = v.Subject[1:] // a private CA has no country
	}
	return bound[profiles.Certificate](t)(p.Bind(v))
}

// The profiles that come with the program raise nothing.
func TestBuiltInProfiles(t *testing.T) {
	l := newLinter(t)
	for _, names := range [][]string{
		{"br-root", "tls-issuing-ca", "ocsp-responder"},
		{"private-root", "private-issuing-ca", "ocsp-responder"},
	} {
		root := certificate(t, bindBuiltIn(t, names[0], "Built-in Root", 9), key(t, algorithm.ECDSAP384, "builtin"), nil)
		clean(t, l, root)
		for _, name := range names[1:] {
			if name == "ocsp-responder" {
				clean(t, l, certificate(t, bindBuiltIn(t, name, "Built-in OCSP", 1), key(t, algorithm.ECDSAP384, "builtin-ocsp"), root))
				continue
			}
			clean(t, l, certificate(t, bindBuiltIn(t, name, "Built-in CA", 3), key(t, algorithm.ECDSAP384, "builtin-ca"), root))
		}
	}
}

// In a rehearsal a stand-in signs, and the past is that of the real issuer.
func TestRehearsal(t *testing.T) {
	l := newLinter(t)
	root := theRoot(t)
	e1 := theIssuing(t, root)
	marked := rootProfile(t)
	marked.Artifact = "stand-in"
	marked = named(marked, attr(t, "country", "US"), attr(t, "organization", "Example Trust"), attr(t, "common-name", "REHEARSAL Example Root X1"))
	standIn := certificate(t, marked, key(t, algorithm.ECDSAP384, "stand-in"), nil)

	first := revocationList(t, crlProfile(t, "crl-1", 1), root, signing)
	m := revocationList(t, crlProfile(t, "crl-2", 2, profiles.RevokedEntry{
		Serial: profiles.Serial(hexSerial(e1.cert.Serial)), Date: profiles.SigningTime, Reason: profiles.Superseded,
	}), standIn, date("2027-06-01T09:00:00Z"))
	m.ctx.First, m.ctx.Previous, m.ctx.IssuerOfRecord = false, first.crl, root.cert
	m.ctx.Revoked = map[string]*inspect.Certificate{hexSerial(e1.cert.Serial): e1.cert}
	clean(t, l, m)

	m.ctx.IssuerOfRecord = nil
	if r := m.check(l); !found(r, "crl.continuity", Error) || !found(r, "crl.entry-known", Error) {
		t.Errorf("without an issuer of record:%s", show(r))
	}
}

// Specimens of the same ceremony have signatures that nobody made; only in
// planning are they taken for what they will be.
func TestRevokedSpecimen(t *testing.T) {
	l := newLinter(t)
	root := theRoot(t)
	e1 := theIssuing(t, root)
	m := theRevoking(t, root, e1)
	specimen := resign(t, e1, e1, e1.tbs)
	m.ctx.Revoked = map[string]*inspect.Certificate{hexSerial(e1.cert.Serial): specimen.cert}
	m.ctx.Siblings = append(m.ctx.Siblings, Sibling{"e1-cert", specimen.cert, e1.obj.certificate()})
	if r := m.check(l); !found(r, "crl.entry-known", Error) {
		t.Errorf("a forged certificate passes:%s", show(r))
	}
	m.ctx.Specimen = true
	if r := m.check(l); len(r.Blocking()) > 0 {
		t.Errorf("a specimen does not pass:%s", show(r))
	}
}

// A private CA is checked against RFC 5280 and to the house, not to the web.
func TestPrivate(t *testing.T) {
	l := newLinter(t)
	root := certificate(t, bindBuiltIn(t, "private-root", "Private Root", 20), key(t, algorithm.ECDSAP384, "private"), nil)
	clean(t, l, root)
	c := withExtension(bindBuiltIn(t, "private-issuing-ca", "Private CA", 9), ext.NameExtKeyUsage, func(e *profiles.Extension) { e.Critical = true })
	ca := certificate(t, purposed(c, purposeServer, purposeEmail, "1.3.6.1.4.1.311.20.2.2"), key(t, algorithm.ECDSAP384, "private-ca"), root)
	clean(t, l, ca)
	list := crlProfile(t, "private-crl", 1)
	list.Purpose.Rules = []string{PackRFC5280}
	list.NextUpdate = profiles.End{For: source.Span{Years: 2}}
	crl := revocationList(t, list, root, signing.AddDate(0, 1, 0))
	crl.ctx.Siblings = []Sibling{{"private-ca", ca.cert, nil}}
	clean(t, l, crl)
}
