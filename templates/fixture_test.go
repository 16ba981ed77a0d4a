// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/pem"
	"flag"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/source"
	"rootceremony/profiles"
	"rootceremony/templates"
)

var update = flag.Bool("update", false, "write the expected output instead of comparing it")

// signing is the moment of every signature in these tests.
var signing = time.Date(2026, 12, 1, 9, 30, 15, 0, time.UTC)

// signer is a FAKE key: everybody knows it.
type signer struct {
	crypto.Signer
	algorithm algorithm.Key
	spki      []byte
}

// fakeEC makes a key out of one repeated octet.
func fakeEC(t testing.TB, alg algorithm.Key, octet byte) signer {
	t.Helper()
	curve := map[algorithm.Key]elliptic.Curve{
		algorithm.ECDSAP256: elliptic.P256(), algorithm.ECDSAP384: elliptic.P384(), algorithm.ECDSAP521: elliptic.P521(),
	}[alg]
	secret := bytes.Repeat([]byte{octet}, (curve.Params().BitSize+7)/8)
	if alg == algorithm.ECDSAP521 {
		secret[0] = 0
	}
	key, err := ecdsa.ParseRawPrivateKey(curve, secret)
	if err != nil {
		t.Fatal(err)
	}
	return newSigner(t, key, alg)
}

func fakeRSA(t testing.TB) signer {
	t.Helper()
	block, _ := pem.Decode(read(t, "testdata/FAKE-rsa-2048.pem"))
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return newSigner(t, key, algorithm.RSA2048)
}

func newSigner(t testing.TB, key crypto.Signer, alg algorithm.Key) signer {
	t.Helper()
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return signer{key, alg, spki}
}

// sign signs without randomness, so that whole objects can be goldens.
func (s signer) sign(t testing.TB, alg algorithm.Signature, tbs []byte) []byte {
	t.Helper()
	var hash crypto.Hash
	var digest []byte
	switch alg {
	case algorithm.SHA256RSA, algorithm.ECDSASHA256:
		sum := sha256.Sum256(tbs)
		hash, digest = crypto.SHA256, sum[:]
	case algorithm.SHA384RSA, algorithm.ECDSASHA384:
		sum := sha512.Sum384(tbs)
		hash, digest = crypto.SHA384, sum[:]
	default:
		sum := sha512.Sum512(tbs)
		hash, digest = crypto.SHA512, sum[:]
	}
	signature, err := s.Sign(nil, digest, hash)
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

// authority is a CA of these tests.
type authority struct {
	signer
	templates.Issuer
	der []byte // its certificate
}

// serial makes a serial number of 16 octets out of one octet.
func serial(t testing.TB, octet byte, octets int) *big.Int {
	t.Helper()
	n, err := templates.SerialNumber(append([]byte{octet}, bytes.Repeat([]byte{0xa5}, octets-1)...), octets)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// profile parses a built-in profile or a file.
func profile[P profiles.Profile](t testing.TB, name string) P {
	t.Helper()
	builtIn, ok := profiles.BuiltInByName(name)
	if !ok {
		builtIn.Data = read(t, name)
	}
	return parse[P](t, builtIn.Data)
}

func parse[P profiles.Profile](t testing.TB, data []byte) P {
	t.Helper()
	doc, err := source.Parse("profile.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	p, err := profiles.Parse(doc)
	if err != nil {
		t.Fatal(err)
	}
	return p.(P)
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func subject(country, organization, cn string) []profiles.Assigned {
	return []profiles.Assigned{
		{Type: "country", Value: country}, {Type: "organization", Value: organization}, {Type: "common-name", Value: cn},
	}
}

func years(n int) profiles.End { return profiles.End{For: source.Span{Years: n}} }

var urls = profiles.URLs{
	CRL:       []string{"http://x1.c.example.com/root-x1.crl"},
	CAIssuers: []string{"http://x1.i.example.com/root-x1.crt"},
	OCSP:      []string{"http://x1.o.example.com/"},
}

// fakeRoot makes the root that issues in these tests.
func fakeRoot(t testing.TB) authority {
	t.Helper()
	key := fakeEC(t, algorithm.ECDSAP384, 0x11)
	c := bind(t, "br-root", profiles.CertificateValues{
		Artifact: "root", Subject: subject("US", "Example Trust", "FAKE Root X1"),
		SubjectKey: key.algorithm, IssuerKey: key.algorithm,
		Validity: profiles.Validity{NotBefore: profiles.SigningDay, NotAfter: years(9)},
	})
	self, err := templates.Self(c, key.spki)
	if err != nil {
		t.Fatal(err)
	}
	return issue(t, c, key, authority{signer: key, Issuer: self}, 0x31)
}

func bind(t testing.TB, name string, v profiles.CertificateValues) *profiles.Certificate {
	t.Helper()
	c, problems := profile[*profiles.CertificateProfile](t, name).Bind(v)
	if problems != nil {
		t.Fatal(problems)
	}
	return c
}

// issue signs a certificate and returns its subject as an authority.
func issue(t testing.TB, c *profiles.Certificate, key signer, issuer authority, octet byte) authority {
	t.Helper()
	tbs, err := templates.Certificate(c, key.spki, serial(t, octet, c.SerialOctets), signing, issuer.Issuer)
	if err != nil {
		t.Fatal(err)
	}
	self, err := templates.Self(c, key.spki)
	if err != nil {
		t.Fatal(err)
	}
	return authority{signer: key, Issuer: self, der: assemble(t, tbs, c.Signature, issuer.signer)}
}

func assemble(t testing.TB, tbs []byte, alg algorithm.Signature, key signer) []byte {
	t.Helper()
	der, err := templates.Assemble(tbs, alg, key.sign(t, alg, tbs))
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// fakeIssuing makes an issuing CA under a root.
func fakeIssuing(t testing.TB, root authority) (*profiles.Certificate, authority) {
	t.Helper()
	key := fakeEC(t, algorithm.ECDSAP384, 0x22)
	c := bind(t, "tls-issuing-ca", profiles.CertificateValues{
		Artifact: "e1", Subject: subject("US", "Example Trust", "FAKE E1"),
		SubjectKey: key.algorithm, IssuerKey: root.algorithm, Issuer: urls,
		Validity: profiles.Validity{NotBefore: profiles.SigningDay, NotAfter: years(3)},
	})
	return c, issue(t, c, key, root, 0x42)
}

// openssl runs the openssl command, which these tests need: it is the reader
// that auditors have.
func openssl(t testing.TB, stdin []byte, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err != nil {
		t.Fatal("these tests need the openssl command: ", err)
	}
	cmd := exec.Command(path, args...)
	cmd.Stdin = bytes.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("openssl %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// golden compares the dump of a DER object with a file, or writes it. The dump
// leaves out what BIT STRINGs hold, so the digest of all bytes is above.
func golden(t *testing.T, name string, der []byte) {
	t.Helper()
	got := fmt.Sprintf("SHA-256 %x\n%s", sha256.Sum256(der), openssl(t, der, "asn1parse", "-inform", "DER", "-i"))
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(string(read(t, path)), got); d != "" {
		t.Errorf("%s (-want +got):\n%s", path, d)
	}
}

// temp writes a file for openssl.
func temp(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func pemFile(t testing.TB, kind string, der []byte) string {
	t.Helper()
	return temp(t, "x.pem", pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}
