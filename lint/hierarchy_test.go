// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"math/big"
	"sync"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
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
func key(t testing.TB, alg algorithm.Key, name string) crypto.Signer {
	t.Helper()
	testKeys.Lock()
	defer testKeys.Unlock()
	id := string(alg) + " " + name
	if k := testKeys.byName[id]; k != nil {
		return k
	}
	k, err := alg.Generate(rand.Reader)
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
func signBytes(t testing.TB, k crypto.Signer, alg algorithm.Signature, tbs []byte) []byte {
	t.Helper()
	var digest []byte
	hash := crypto.SHA256
	switch alg {
	case algorithm.SHA384RSA, algorithm.ECDSASHA384:
		sum := sha512.Sum384(tbs)
		digest, hash = sum[:], crypto.SHA384
	case algorithm.SHA512RSA, algorithm.ECDSASHA512:
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

// made is an object with all that checking it takes.
type made struct {
	obj  Object
	ctx  Context
	tbs  []byte
	der  []byte
	cert *inspect.Certificate
	crl  *inspect.RevocationList
	req  *inspect.Request
	key  crypto.Signer // of the subject
	by   *made         // the signer; nil: itself
}

// answer reads an OCSP response as one that a CRL has to agree with.
func (m *made) answer(t testing.TB) Answer {
	t.Helper()
	o, err := inspect.Parse(profiles.OCSPResponse.Form(), m.der)
	if err != nil {
		t.Fatal(err)
	}
	return Answer{Artifact: m.obj.Artifact, Response: inspect.As[*inspect.Response](o)}
}

// check checks it as really signed.
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
	m := &made{obj: Object{Artifact: c.Artifact, Declared: c}, key: k, by: by}
	m.ctx = Context{Signing: signing, Siblings: []Sibling{}, IssuerURLs: &URLs{
		CRL: []string{"http://x1.c.example.com/root-x1.crl"}, CAIssuers: []string{"http://x1.i.example.com/root-x1.crt"}, OCSP: []string{"http://x1.o.example.com/"},
	}}
	var issuer templates.Issuer
	var err error
	signer := k
	if by == nil {
		issuer, err = templates.Self(c, spki(t, k))
	} else {
		issuer, signer = by.issuer(t), by.key
		m.ctx.Issuer = by.cert
		m.ctx.Siblings = append(m.ctx.Siblings, Sibling{by.obj.Artifact, by.cert, by.obj.certificate()})
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
	m.ctx.KeyGenerated = signing.Add(-time.Hour)
	if c.Kind == profiles.OCSPResponder && by != nil {
		m.ctx.Sample = sample(t, m, by)
	}
	return m
}

// sample lets a new responder sign a response, about its own certificate.
func sample(t testing.TB, m, issuer *made) *inspect.Response {
	t.Helper()
	p := responseProfile(t, m)
	if k, ok := m.key.Public().(*ecdsa.PublicKey); ok && k.Curve == elliptic.P384() {
		p.Signature = algorithm.ECDSASHA384
	}
	tbs, err := templates.Response(p, signing, issuer.issuer(t), m.issuer(t))
	if err != nil {
		t.Fatal(err)
	}
	der, err := templates.AssembleResponse(tbs, p.Signature, signBytes(t, m.key, p.Signature, tbs), [][]byte{m.der})
	if err != nil {
		t.Fatal(err)
	}
	r, err := inspect.ParseResponse(der)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// revocationList builds and signs a CRL.
func revocationList(t testing.TB, l *profiles.RevocationList, by *made, at time.Time) *made {
	t.Helper()
	m := &made{obj: Object{Artifact: l.Artifact, Declared: l}, by: by}
	m.ctx = Context{
		Signing: at, First: true, Issuer: by.cert, IssuerKey: spki(t, by.key), Siblings: []Sibling{},
		Revoked: map[string]*inspect.Certificate{}, Earlier: nothingEarlier(),
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
	m := &made{obj: Object{Artifact: r.Artifact, Declared: r}, by: by}
	m.ctx = Context{
		Signing: signing, Issuer: issuer.cert, IssuerKey: spki(t, by.key), Subject: subject.cert, LatestCRL: crl.crl, Earlier: nothingEarlier(),
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
