// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"crypto"
	"crypto/dsa" //nolint:staticcheck // the key of another's request
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

// foreign is a ceremony with a CA, a certificate and a request of other tools.
const foreign = `version: 1
ceremony: {id: foreign, approval: none, title: Others, window: {from: 2026-12-01T08:00:00Z, to: 2026-12-01T09:00:00Z}}
people:
  administrator: {of: [alice], need: 1}
  internal-witness: {of: [bob], need: 1}
inputs:
  ca: {file: ca.pem, kind: certificate}
  other: {file: other.pem, kind: certificate}
  csr: {file: csr.pem, kind: certificate-request}
keys:
  k: {token: hsm, algorithm: ecdsa-p256, class: root, certificate: ca}
  p: {request: csr}
authorities:
  a: {key: k, certificate: ca}
  b: {key: p, subject: {common-name: B}}
steps:
  - use: [k]
  - {issue: x, profile: cross.yaml, existing: other, issuer: a, validity: {not-before: signing-day, for: 2y}}
  - {issue: s, profile: sub.yaml, subject: b, issuer: a, validity: {not-before: signing-day, for: 2y}}
  - {crl: l, profile: list.yaml, issuer: a, number: 1, first: true, this-update: signing-time, next-update: 6mo}
  - {crl: m, profile: list.yaml, issuer: a, number: later, first: true, this-update: signing-time, next-update: 6mo}
`

// caBy makes a self-issued CA certificate, with that key identifier as that of its
// issuer.
func caBy(t *testing.T, key crypto.Signer, issuerID []byte, isCA bool) []byte {
	t.Helper()
	from := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1 << 62), Subject: pkix.Name{CommonName: "Old"}, NotBefore: from, NotAfter: from.AddDate(20, 0, 0),
		IsCA: isCA, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	c.AuthorityKeyId = issuerID
	if isCA {
		c.SubjectKeyId = []byte("mine")
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// damaged turns a bit of the last octet, which is of the signature.
func damaged(der []byte) []byte {
	der[len(der)-1] ^= 1
	return der
}

// dsaRequest is a request for a DSA key, which crypto/x509 reads and does not make.
func dsaRequest(t *testing.T, like []byte) []byte {
	t.Helper()
	key := dsa.PublicKey{Parameters: dsa.Parameters{P: big.NewInt(23), Q: big.NewInt(11), G: big.NewInt(4)}, Y: big.NewInt(8)}
	y, err := asn1.Marshal(key.Y)
	if err != nil {
		t.Fatal(err)
	}
	params, err := asn1.Marshal(key.Parameters)
	if err != nil {
		t.Fatal(err)
	}
	return requestFor(t, like, pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 10040, 4, 1}, Parameters: asn1.RawValue{FullBytes: params}}, y)
}

// requestFor is a request with another key, and no signature that anybody can check.
func requestFor(t *testing.T, like []byte, of pkix.AlgorithmIdentifier, key []byte) []byte {
	t.Helper()
	r, err := x509.ParseCertificateRequest(like)
	if err != nil {
		t.Fatal(err)
	}
	type info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	type tbs struct {
		Version    int
		Subject    asn1.RawValue
		Key        info
		Attributes asn1.RawValue
	}
	der, err := asn1.Marshal(struct {
		TBS       tbs
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}{
		tbs{0, asn1.RawValue{FullBytes: r.RawSubject}, info{of, asn1.BitString{Bytes: key, BitLength: 8 * len(key)}}, asn1.RawValue{FullBytes: []byte{0xa0, 0}}},
		pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 2}},
		asn1.BitString{Bytes: []byte{0x30, 0}, BitLength: 16},
	})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// opensslRequest is a request by openssl for a key that it makes.
func opensslRequest(t *testing.T, key ...string) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "key.pem")
	for _, args := range [][]string{
		append([]string{"genpkey", "-out", file, "-algorithm"}, key...),
		{"req", "-new", "-key", file, "-subj", "/CN=B", "-outform", "DER", "-out", file + ".req"},
	} {
		if out, err := exec.Command("openssl", args...).CombinedOutput(); err != nil {
			t.Fatalf("openssl %v: %v\n%s", args, err, out)
		}
	}
	der, err := os.ReadFile(file + ".req")
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// TestForeignInputs reads what other tools made: what cannot be used is refused at
// its line, in words that its owner knows, and hides no other problem. The number of
// the last CRL is the problem that must still be found.
func TestForeignInputs(t *testing.T) {
	key := privateKey(t, elliptic.P256(), 13)
	request := func(k crypto.Signer) []byte {
		t.Helper()
		der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "B"}}, k)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	edwards := ed25519.NewKeyFromSeed(make([]byte, 32))
	good := func(file string) []byte {
		if file == "csr.pem" {
			return request(privateKey(t, elliptic.P384(), 13))
		}
		return caBy(t, map[bool]crypto.Signer{true: key, false: privateKey(t, elliptic.P384(), 14)}[file == "ca.pem"], []byte("mine"), true)
	}
	const want = "; want one of: rsa-2048, rsa-3072"
	for _, c := range []struct {
		name, file string
		data       []byte
		want       string
	}{
		{"all good", "", nil, ""},
		{"CA with a changed signature", "ca.pem", damaged(caBy(t, key, nil, true)), `:7:7: inputs.ca: the certificate of "CN=Old" is damaged: it does not verify under its own key`},
		{"existing with a changed signature", "other.pem", damaged(good("other.pem")), `:8:10: inputs.other: the certificate of "CN=Old" is damaged`},
		{"CA certified by its older key", "ca.pem", damaged(caBy(t, key, []byte("older"), true)), ""},
		{"CA without key identifier", "ca.pem", caBy(t, key, nil, false), ""},
		{"Ed25519 request", "csr.pem", request(edwards), `keys.p.request: the key in input "csr" is Ed25519, which cannot be used here` + want},
		{"DSA request", "csr.pem", dsaRequest(t, request(key)), `keys.p.request: the key in input "csr" is DSA, which cannot be used here` + want},
		{"Ed448 request", "csr.pem", opensslRequest(t, "ED448"), `keys.p.request: the key in input "csr" is Ed448, which cannot be used here` + want},
		{"RSA of 2050 bits", "csr.pem", opensslRequest(t, "RSA", "-pkeyopt", "rsa_keygen_bits:2050"), `keys.p.request: the key in input "csr" is RSA 2050, which cannot be used here` + want},
		{"P-224", "csr.pem", opensslRequest(t, "EC", "-pkeyopt", "ec_paramgen_curve:P-224"), `keys.p.request: the key in input "csr" is ECDSA P-224, which cannot be used here` + want},
		{"Brainpool", "csr.pem", opensslRequest(t, "EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP384r1"), `inputs.csr: the key in input "csr" is ecPublicKey on curve brainpoolP384r1, which cannot be used here` + want},
		{"curve by its parameters", "csr.pem", opensslRequest(t, "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"),
			`inputs.csr: the key in input "csr" is ecPublicKey with parameters of its own in the place of a named curve, which cannot be used here` + want},
		{"ML-DSA", "csr.pem", requestFor(t, request(key), pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 18}}, make([]byte, 1952)),
			`keys.p.request: the key in input "csr" is ML-DSA-65, which cannot be used here` + want},
		{"Ed25519 to cross-certify", "other.pem", caBy(t, edwards, nil, true), `steps[1].existing: the key in input "other" is Ed25519, which cannot be used here` + want},
	} {
		files := ceremonytest.ReferenceFiles(t)
		for _, f := range []string{"ca.pem", "other.pem", "csr.pem"} {
			files[f] = good(f)
		}
		files[c.file] = c.data
		_, err := plan.Load("f.yaml", []byte(foreign), files)
		if err == nil || strings.Count(err.Error(), c.want) != 1 && c.want != "" || !strings.Contains(err.Error(), ".number: ") {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := strings.Count(err.Error(), "\n"); c.want == "" && got != 0 { // one of the number
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
