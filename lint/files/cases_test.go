// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"slices"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/lint/format"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
	"rootceremony/templates"
)

// rootOf makes a root of a number of years.
func rootOf(t *testing.T, years int) []byte {
	k := newKey(t, algorithm.ECDSAP384)
	return issue(t, "br-root", "FAKE Root", k, k, nil, func(c *profiles.Certificate) {
		c.Validity.NotAfter = profiles.End{For: source.Span{Years: years}}
	})
}

// verdict gives the level of a rule on an object, or "".
func verdict(t *testing.T, opts Options, der []byte, rule string) string {
	t.Helper()
	r, _ := check(t, newLinter(t, opts), File{Name: "object", Data: der, Named: true})
	level := ""
	for _, f := range r.Targets[0].Findings {
		if f.Rule == rule && f.Counts() {
			level = f.Level
		}
	}
	return level
}

// Rules hold where their document binds, since the day it does, and ask for facts that
// no object has: what users lost when they did not.
func TestVerdictsOnRoots(t *testing.T) {
	for _, c := range []struct {
		name string
		opts Options
		der  []byte
		rule string
		want string
	}{
		{"15 years for Microsoft, submitted some day", Options{Kind: "root-ca", Rules: []string{lint.PackMicrosoft}}, rootOf(t, 15), "prog.ms-root-validity", format.Warning},
		{"15 years for Microsoft, submitted in 2027", Options{Kind: "root-ca", Rules: []string{lint.PackMicrosoft}, Submitted: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}, rootOf(t, 15), "prog.ms-root-validity", format.Error},
		{"6 years for Microsoft", Options{Kind: "root-ca", Rules: []string{lint.PackMicrosoft}}, rootOf(t, 6), "prog.ms-root-validity", ""},
		{"30 years for S/MIME", Options{Kind: "root-ca", Rules: []string{lint.PackSMIME}}, rootOf(t, 30), "root.validity", ""},
		{"30 years for TLS", Options{Scope: []profiles.RootScope{profiles.ScopeTLS}}, rootOf(t, 30), "root.validity", format.Error},
		{"30 years for nobody knows what", Options{}, rootOf(t, 30), "root.validity", ""},
	} {
		if got := verdict(t, c.opts, c.der, c.rule); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// What is below a root is bound by what the root is for: a private CA may point to a
// directory and exclude a domain, and a subordinate CA has the keys of its own document.
func TestVerdictsOnCAs(t *testing.T) {
	rootKey := newKey(t, algorithm.ECDSAP384)
	root := parsed(t, issue(t, "br-root", "FAKE Root", rootKey, rootKey, nil, nil))
	below := func(k algorithm.Key, change func(c *profiles.Certificate)) []byte {
		return issue(t, "tls-issuing-ca", "FAKE CA", newKey(t, k), rootKey, root, change)
	}
	purpose := func(p, policy string) func(c *profiles.Certificate) {
		return func(c *profiles.Certificate) {
			c.Extensions = slices.Clone(c.Extensions)
			c.Extensions[4].Value, c.Extensions[5].Value = ext.ExtKeyUsage{{OID: profiles.OID(p)}}, ext.Policies{{OID: profiles.OID(policy)}}
		}
	}
	excluding := below(algorithm.ECDSAP384, func(c *profiles.Certificate) {
		c.Extensions = append(slices.Clone(c.Extensions), profiles.Extension{Name: ext.NameNameConstraints, Critical: true, Value: ext.NameConstraints{
			Excluded: []ext.GeneralSubtree{{Type: "dns", Value: "mil"}},
		}})
	})
	mail := below(algorithm.RSA3072, purpose(purposeEmail, "2.23.140.1.5.1.2"))
	code := below(algorithm.RSA2048, purpose(purposeCode, "2.23.140.1.4.1"))
	issuers := []*inspect.Certificate{root}
	for _, c := range []struct {
		name, kind, pack string
		der              []byte
		rule, want       string
	}{
		{"an excluded domain in a private PKI", "private-ca", lint.PackRFC5280, excluding, "nc.syntax", ""},
		{"an excluded domain in a constrained TLS CA", "constrained-tls-ca", lint.PackTLS, excluding, "nc.tls", format.Error},
		{"RSA-3072 for S/MIME since 2026-09-15", "smime-ca", lint.PackSMIME, mail, "key.size-smime", format.Error},
		{"RSA-2048 for code signing below a root in Microsoft's program", "code-signing-ca", lint.PackMicrosoft, code, "key.size-program", ""},
		{"RSA-2048 for code signing", "code-signing-ca", lint.PackCodeSigning, code, "key.size-program", format.Error},
	} {
		if got := verdict(t, Options{Kind: c.kind, Rules: []string{c.pack}, Issuers: issuers}, c.der, c.rule); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A URL of LDAP names an entry of a directory that the client knows: RFC 5280 allows it,
// and BR since 2023-09-15 does not.
func TestLDAP(t *testing.T) {
	k := newKey(t, algorithm.ECDSAP384)
	c := &x509.Certificate{
		SerialNumber: new(big.Int).Lsh(big.NewInt(5), 100), Subject: pkix.Name{CommonName: "FAKE"}, NotBefore: today, NotAfter: today.AddDate(3, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, AuthorityKeyId: []byte{1},
		CRLDistributionPoints: []string{"ldap:///CN=Root,CN=CDP,DC=example,DC=com?certificateRevocationList?base"},
	}
	issuer := &x509.Certificate{Subject: pkix.Name{CommonName: "FAKE Root"}, SubjectKeyId: []byte{1}}
	data, err := x509.CreateCertificate(rand.Reader, c, issuer, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	for pack, want := range map[string]string{lint.PackRFC5280: "", lint.PackTLS: format.Error} {
		if got := verdict(t, Options{Kind: "private-ca", Rules: []string{pack}}, data, "cert.url"); got != want {
			t.Errorf("%s: %q, want %q", pack, got, want)
		}
	}
}

// crlOf makes a CRL about subscribers.
func crlOf(t *testing.T, number string, at time.Time, next source.Span, reason profiles.Reason, issuer *inspect.Certificate, k crypto.Signer) []byte {
	t.Helper()
	p, err := builtInProfile[*profiles.RevocationListProfile]("ca-crl")
	if err != nil {
		t.Fatal(err)
	}
	l := &profiles.RevocationList{
		Artifact: "crl", Signature: algorithm.ECDSASHA384, Number: number, ThisUpdate: profiles.FixedMoment(at),
		NextUpdate: profiles.End{For: next}, Extensions: p.Extensions,
	}
	if reason != "" {
		l.Entries = []profiles.RevokedEntry{{Serial: "2c2108917f8e4213cf169c239e361ac6", Date: "2026-11-01T00:00:00Z", Reason: reason}}
	}
	ski, _, _ := issuer.SubjectKeyID()
	tbs, err := templates.RevocationList(l, at, templates.Issuer{Name: issuer.RawSubject, KeyID: ski, SPKI: issuer.RawSPKI})
	if err != nil {
		t.Fatal(err)
	}
	der, err := templates.Assemble(tbs, l.Signature, sign(t, k, tbs))
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// An entry that becomes keyCompromise is what BR 7.2.2 asks for; a CRL about time stamping
// certificates has twelve months (CSBR 4.9.7), and one of RFC 5280 alone any time.
func TestVerdictsOnCRLs(t *testing.T) {
	rootKey, caKey := newKey(t, algorithm.ECDSAP384), newKey(t, algorithm.ECDSAP384)
	root := parsed(t, issue(t, "br-root", "FAKE Root", rootKey, rootKey, nil, nil))
	stamping := parsed(t, issue(t, "tls-issuing-ca", "FAKE TSA", caKey, rootKey, root, func(c *profiles.Certificate) {
		c.Extensions = slices.Clone(c.Extensions)
		c.Extensions[4].Value = ext.ExtKeyUsage{{OID: purposeTime}}
	}))
	first := crlOf(t, "1", today, source.Span{Months: 11}, profiles.Superseded, root, rootKey)
	previous, err := inspect.ParseRevocationList(first)
	if err != nil {
		t.Fatal(err)
	}
	second := crlOf(t, "2", today.AddDate(0, 0, 9), source.Span{Months: 11}, profiles.KeyCompromise, root, rootKey)
	opts := Options{Kind: "ca-crl", Rules: []string{lint.PackTLS}, Issuers: []*inspect.Certificate{root}, Previous: previous}
	if got := verdict(t, opts, second, "crl.continuity"); got != "" {
		t.Errorf("an entry that becomes keyCompromise: %s", got)
	}
	stamps := crlOf(t, "1", today, source.Span{Months: 11}, "", stamping, caKey)
	for pack, want := range map[string]string{lint.PackCodeSigning: "", lint.PackTLS: format.Error, lint.PackRFC5280: ""} {
		opts := Options{Kind: "subscriber-crl", Rules: []string{pack}, Issuers: []*inspect.Certificate{stamping}}
		if got := verdict(t, opts, stamps, "crl.window"); got != want {
			t.Errorf("eleven months about time stamping under %s: %q, want %q", pack, got, want)
		}
	}
}

// What a CA may not sign is found when its certificate is there.
func TestCRLOfNoCRLSigner(t *testing.T) {
	rootKey, caKey := newKey(t, algorithm.ECDSAP384), newKey(t, algorithm.ECDSAP384)
	root := parsed(t, issue(t, "br-root", "FAKE Root", rootKey, rootKey, nil, nil))
	ca := parsed(t, issue(t, "tls-issuing-ca", "FAKE CA", caKey, rootKey, root, func(c *profiles.Certificate) {
		c.Extensions = slices.Clone(c.Extensions)
		c.Extensions[3].Value = ext.KeyUsage{"cert-sign"}
	}))
	list := crlOf(t, "1", today, source.Span{Days: 7}, "", ca, caKey)
	opts := Options{Rules: []string{lint.PackRFC5280}, Issuers: []*inspect.Certificate{ca}}
	if got := verdict(t, opts, list, "chain.issuer-can-sign"); got != format.Error {
		t.Errorf("%q", got)
	}
}
