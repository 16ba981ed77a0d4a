// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"fmt"
	"math/big"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/profiles"
	"rootceremony/templates"
)

// signing is when the test ceremony signs.
var signing = time.Date(2026, 12, 1, 9, 30, 0, 0, time.UTC)

// testKeys are made once; making RSA keys takes long.
var testKeys = struct {
	sync.Mutex
	byName map[string]crypto.Signer
}{byName: map[string]crypto.Signer{}}

// key gives the test key of a name that begins with its algorithm.
func key(t testing.TB, algorithm profiles.KeyAlgorithm, name string) crypto.Signer {
	t.Helper()
	testKeys.Lock()
	defer testKeys.Unlock()
	id := string(algorithm) + " " + name
	if k := testKeys.byName[id]; k != nil {
		return k
	}
	var k crypto.Signer
	var err error
	switch algorithm {
	case profiles.ECDSAP256:
		k, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case profiles.ECDSAP384:
		k, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case profiles.ECDSAP521:
		k, err = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	case profiles.RSA2048:
		k, err = rsa.GenerateKey(rand.Reader, 2048)
	case profiles.RSA3072:
		k, err = rsa.GenerateKey(rand.Reader, 3072)
	default:
		k, err = rsa.GenerateKey(rand.Reader, 4096)
	}
	if err != nil {
		t.Fatal(err)
	}
	testKeys.byName[id] = k
	return k
}

// spki gives the SubjectPublicKeyInfo of a key.
func spki(t testing.TB, k crypto.Signer) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(k.Public())
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// signBytes signs with the hash that an algorithm names.
func signBytes(t testing.TB, k crypto.Signer, alg profiles.SignatureAlgorithm, tbs []byte) []byte {
	t.Helper()
	var digest []byte
	hash := crypto.SHA256
	switch alg {
	case profiles.SHA384RSA, profiles.ECDSASHA384:
		sum := sha512.Sum384(tbs)
		digest, hash = sum[:], crypto.SHA384
	case profiles.SHA512RSA, profiles.ECDSASHA512:
		sum := sha512.Sum512(tbs)
		digest, hash = sum[:], crypto.SHA512
	default:
		sum := sha256.Sum256(tbs)
		digest = sum[:]
	}
	sig, err := k.Sign(rand.Reader, digest, hash)
	if err != nil {
		t.Fatal(err)
	}
	return sig
}

// made is an object with all that judging it takes.
type made struct {
	obj  Object
	ctx  Context
	tbs  []byte
	der  []byte
	cert *inspect.Certificate
	crl  *inspect.RevocationList
	key  crypto.Signer // of the subject
}

// check judges it as really signed.
func (m *made) check(l *Linter) Report { return l.Check(m.obj, m.ctx, m.der) }

// issuer gives it as an issuer.
func (m *made) issuer(t testing.TB) templates.Issuer {
	t.Helper()
	return templates.Issuer{Name: m.cert.RawSubject, KeyID: subjectKeyID(m.cert.Extensions), SPKI: m.cert.RawSPKI}
}

// serialFor makes the serial number of an artifact.
func serialFor(t testing.TB, artifact string, octets int) *big.Int {
	t.Helper()
	sum := sha256.Sum256([]byte(artifact))
	n, err := templates.SerialNumber(sum[:octets], octets)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// certificate builds and signs a certificate. Without an issuer it signs itself.
func certificate(t testing.TB, c *profiles.Certificate, k crypto.Signer, by *made) *made {
	t.Helper()
	m := &made{obj: Object{Artifact: c.Artifact, Kind: c.Kind, Certificate: c}, key: k}
	m.ctx = Context{Signing: signing, Siblings: []Sibling{}, IssuerURLs: &URLs{
		CRL: []string{"http://x1.c.example.com/root-x1.crl"}, CAIssuers: []string{"http://x1.i.example.com/root-x1.crt"},
	}}
	var issuer templates.Issuer
	var err error
	signer := k
	if by == nil {
		issuer, err = templates.Self(c, spki(t, k))
	} else {
		issuer, signer = by.issuer(t), by.key
		m.ctx.Issuer = by.cert
		m.ctx.Siblings = append(m.ctx.Siblings, Sibling{by.obj.Artifact, by.cert, by.obj.Certificate})
	}
	if err != nil {
		t.Fatal(err)
	}
	m.ctx.IssuerKey = issuer.SPKI
	m.tbs, err = templates.Certificate(c, spki(t, k), serialFor(t, c.Artifact, c.SerialOctets), signing, issuer)
	if err != nil {
		t.Fatal(err)
	}
	m.der, err = templates.Assemble(m.tbs, c.Signature, signBytes(t, signer, c.Signature, m.tbs))
	if err != nil {
		t.Fatal(err)
	}
	if m.cert, err = inspect.ParseCertificate(m.der); err != nil {
		t.Fatal(err)
	}
	return m
}

// revocationList builds and signs a CRL.
func revocationList(t testing.TB, l *profiles.RevocationList, by *made, at time.Time) *made {
	t.Helper()
	m := &made{obj: Object{Artifact: l.Artifact, Kind: profiles.CRL, RevocationList: l}}
	m.ctx = Context{
		Signing: at, First: true, Issuer: by.cert, IssuerKey: spki(t, by.key), Siblings: []Sibling{},
		Revoked:    map[string]*inspect.Certificate{},
		IssuerURLs: &URLs{CRL: []string{"http://x1.c.example.com/root-x1.crl"}},
	}
	var err error
	if m.tbs, err = templates.RevocationList(l, at, by.issuer(t)); err != nil {
		t.Fatal(err)
	}
	if m.der, err = templates.Assemble(m.tbs, l.Signature, signBytes(t, by.key, l.Signature, m.tbs)); err != nil {
		t.Fatal(err)
	}
	if m.crl, err = inspect.ParseRevocationList(m.der); err != nil {
		t.Fatal(err)
	}
	return m
}

// response builds and signs an OCSP response; by is the responder.
func response(t testing.TB, r *profiles.Response, issuer, by, subject *made, crl *made) *made {
	t.Helper()
	m := &made{obj: Object{Artifact: r.Artifact, Kind: profiles.OCSPResponse, Response: r}}
	m.ctx = Context{
		Signing: signing, Issuer: issuer.cert, IssuerKey: spki(t, by.key), Subject: subject.cert, LatestCRL: crl.crl,
	}
	var embedded [][]byte
	if by != issuer {
		m.ctx.Responder = by.cert
		embedded = [][]byte{by.der}
	}
	var err error
	if m.tbs, err = templates.Response(r, signing, issuer.issuer(t), by.issuer(t)); err != nil {
		t.Fatal(err)
	}
	m.der, err = templates.AssembleResponse(m.tbs, r.Signature, signBytes(t, by.key, r.Signature, m.tbs), embedded)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// example parses a profile of the examples.
func example[P profiles.Profile](t testing.TB, path string) P {
	t.Helper()
	name := "../examples/" + path
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := source.Parse(name, data)
	if err != nil {
		t.Fatal(err)
	}
	p, err := profiles.Parse(doc)
	if err != nil {
		t.Fatal(err)
	}
	return p.(P)
}

// values are those of a certificate under the example root.
func values(artifact, cn string, years int) profiles.CertificateValues {
	return profiles.CertificateValues{
		Artifact: artifact, SubjectKey: profiles.ECDSAP384, IssuerKey: profiles.ECDSAP384,
		Subject: []profiles.Assigned{
			{Type: "country", Value: "US"}, {Type: "organization", Value: "Example Trust"}, {Type: "common-name", Value: cn},
		},
		Validity: profiles.Validity{NotBefore: profiles.SigningDay, NotAfter: profiles.End{For: source.Span{Years: years}}},
		Issuer: profiles.URLs{
			CRL: []string{"http://x1.c.example.com/root-x1.crl"}, CAIssuers: []string{"http://x1.i.example.com/root-x1.crt"},
		},
	}
}

// bound fails the test on problems of binding.
func bound[T any](t testing.TB) func(*T, []profiles.Problem) *T {
	t.Helper()
	return func(v *T, ps []profiles.Problem) *T {
		t.Helper()
		for _, p := range ps {
			t.Error(p)
		}
		if v == nil {
			t.FailNow()
		}
		return v
	}
}

// rootProfile gives the bound root of the first example.
func rootProfile(t testing.TB) *profiles.Certificate {
	p := example[*profiles.CertificateProfile](t, "root-2026/profiles/root.yaml")
	return bound[profiles.Certificate](t)(p.Bind(values("root-x1-cert", "Example Root X1", 15)))
}

// issuingProfile gives a bound issuing CA of the first example.
func issuingProfile(t testing.TB, artifact, cn string) *profiles.Certificate {
	p := example[*profiles.CertificateProfile](t, "root-2026/profiles/tls-issuing.yaml")
	return bound[profiles.Certificate](t)(p.Bind(values(artifact, cn, 3)))
}

// delegateProfile gives the bound OCSP responder of the first example.
func delegateProfile(t testing.TB) *profiles.Certificate {
	v := values("ocsp-x1-cert", "Example Root X1 OCSP 2026", 1)
	v.SubjectKey = profiles.ECDSAP256
	p := example[*profiles.CertificateProfile](t, "root-2026/profiles/ocsp-responder.yaml")
	return bound[profiles.Certificate](t)(p.Bind(v))
}

// crlProfile gives a bound CRL of the first example.
func crlProfile(t testing.TB, artifact string, number int64, entries ...profiles.RevokedEntry) *profiles.RevocationList {
	p := example[*profiles.RevocationListProfile](t, "root-2026/profiles/root-crl.yaml")
	return bound[profiles.RevocationList](t)(p.Bind(profiles.RevocationListValues{
		Artifact: artifact, IssuerKey: profiles.ECDSAP384, Number: big.NewInt(number),
		ThisUpdate: profiles.SigningTime, NextUpdate: profiles.End{For: source.Span{Months: 11}}, Entries: entries,
	}))
}

// responseProfile gives a bound OCSP response of the first example.
func responseProfile(t testing.TB, subject *made) *profiles.Response {
	p := example[*profiles.ResponseProfile](t, "root-2026/profiles/ocsp-response.yaml")
	return bound[profiles.Response](t)(p.Bind(profiles.ResponseValues{
		Artifact: "status-1", SignerKey: profiles.ECDSAP256, Serial: hexSerial(subject.cert.Serial), Status: "good",
		ThisUpdate: profiles.SigningTime, NextUpdate: profiles.End{For: source.Span{Months: 11}},
	}))
}

// newLinter makes a linter without the costly lints.
func newLinter(t testing.TB, waivers ...Waiver) *Linter {
	t.Helper()
	l, err := New(Options{Waivers: waivers})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// theRoot makes the example root.
func theRoot(t testing.TB) *made {
	return certificate(t, rootProfile(t), key(t, profiles.ECDSAP384, "root"), nil)
}

// theIssuing makes an issuing CA under it.
func theIssuing(t testing.TB, root *made) *made {
	return certificate(t, issuingProfile(t, "e1-cert", "E1"), key(t, profiles.ECDSAP384, "e1"), root)
}

// found reports whether a rule has a finding of at least that weight.
func found(r Report, rule string, level Status) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Rule == rule && f.Status == level })
}

// show lists findings for a failed test.
func show(r Report) string {
	var b bytes.Buffer
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "\n  %s %s %s [%s] %s %s", f.Engine, f.Rule, f.Status, f.Field, f.Details, f.Suppressed)
	}
	return b.String()
}
