// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"math/big"
	"strings"
	"testing"
)

// TestFailureResponses reads responses without a body. RFC 6960 4.2.1.
func TestFailureResponses(t *testing.T) {
	for status, name := range map[byte]string{
		1: "malformedRequest", 2: "internalError", 3: "tryLater", 5: "sigRequired", 6: "unauthorized",
	} {
		der := []byte{0x30, 3, 10, 1, status}
		r, err := ParseResponse(der)
		if err != nil || r.Status != int(status) || r.RawTBS != nil {
			t.Errorf("status %d: %+v, error %v", status, r, err)
		}
		if text, err := Text(der); err != nil || !strings.Contains(text, name) {
			t.Errorf("status %d is dumped as %q, error %v", status, text, err)
		}
	}
	if _, err := ParseResponse([]byte{0x30, 3, 10, 1, 0}); err == nil {
		t.Error("a successful response without a body is accepted")
	}
}

func TestTextPublicKey(t *testing.T) {
	c, err := ParseCertificate(load(t, "fake-root.pem"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := Text(c.RawSPKI)
	if err != nil || !strings.Contains(text, "ECDSA P-384") {
		t.Errorf("dump %q, error %v", text, err)
	}
}

// TestTextSaysWhatIsOdd dumps extensions that rules refuse.
func TestTextSaysWhatIsOdd(t *testing.T) {
	for _, tt := range []struct{ name, oid, value, want string }{
		{"encoded default", "2.5.29.28", "3003 810100", "FALSE (an encoded DEFAULT)"},
		{"relative name", "2.5.29.31", "3015 3013 a011 a10f 300d 0603550403 0c06 e29885 616263", "relative to the CRL issuer"},
		{"no name", "2.5.29.31", "3006 3004 8102 0640", "BIT STRING 01 (2 bits)"},
		{"trailing zero bits", "2.5.29.15", "03020006", "8 bits, trailing zero bits"},
		{"no bits", "2.5.29.15", "030100", "(empty)"},
		{"reason INTEGER", "2.5.29.21", "020107", "7 (reason 7), INTEGER"},
		{"reason text", "2.5.29.21", "0c0107", "unreadable"},
		{"escape sequence", "2.5.29.17", "3006 8204 1b5b324a", `dNSName \x1b[2J`},
		{"not ASCII", "2.5.29.17", "3003 8201 e9", "(malformed)"},
		{"huge number", "2.5.29.20", "0222" + strings.Repeat("7f", 34), "(34 octets)"},
		{"path length too long", "2.5.29.19", "3008 0101ff 020300ffff", "path length"},
	} {
		p := new(printer)
		x := Extensions{{OID: parseOID(t, tt.oid), Value: unhex(t, tt.value), Critical: false, CriticalEncoded: true}}
		p.extensions("extensions", x)
		checkText(t, p.out.String())
		unwrapped := strings.Join(strings.Fields(p.out.String()), " ")
		if !strings.Contains(unwrapped, tt.want) {
			t.Errorf("%s: no %q in:\n%s", tt.name, tt.want, p.out.String())
		}
		if !strings.Contains(unwrapped, "critical FALSE (an encoded DEFAULT)") {
			t.Errorf("%s: the encoded DEFAULT of critical is not shown", tt.name)
		}
	}
}

func spki(t *testing.T, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestVerifyRefuses(t *testing.T) {
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ec := spki(t, &p224.PublicKey)
	huge := spki(t, &rsa.PublicKey{N: new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), 20000), big.NewInt(1)), E: 65537})
	const (
		ecdsaSHA256 = "300a06082a8648ce3d040302"
		rsaSHA256   = "300d06092a864886f70d01010b0500"
		rsaMD5      = "300d06092a864886f70d0101040500"
		ed25519     = "300506032b6570"
		ecdsaNull   = "300c06082a8648ce3d0403020500"
		pssDefaults = "300d06092a864886f70d01010a3000"
	)
	for _, tt := range []struct {
		name, algorithm, want string
		key                   []byte
	}{
		{"P-224", ecdsaSHA256, "curve P-224 is not accepted", ec},
		{"RSA algorithm for an EC key", rsaSHA256, "not for an ECDSA key", ec},
		{"EC algorithm for an RSA key", ecdsaSHA256, "", huge},
		{"huge modulus", rsaSHA256, "more than 16384", huge},
		{"MD5", rsaMD5, "md5WithRSAEncryption is not accepted", huge},
		{"Ed25519 for an EC key", ed25519, "not for an ECDSA key", ec},
		{"parameters that must be absent", ecdsaNull, "trailing data", ec},
		{"PSS with its SHA-1 defaults", pssDefaults, "SHA-1", huge},
		{"no algorithm", "", "expected SEQUENCE", ec},
		{"no key", ecdsaSHA256, "unreadable key", nil},
	} {
		err := VerifySignature(tt.key, unhex(t, tt.algorithm), []byte("tbs"), []byte("signature"))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
}

func TestParseName(t *testing.T) {
	c, err := ParseCertificate(load(t, "fake-root.pem"))
	if err != nil {
		t.Fatal(err)
	}
	n, err := ParseName(c.RawSubject)
	if err != nil || n.String() != c.Subject.String() || len(n.Attributes()) != 3 {
		t.Errorf("name %s, error %v", n, err)
	}
	if _, err := ParseName(append(c.RawSubject[:len(c.RawSubject):len(c.RawSubject)], 0)); err == nil {
		t.Error("trailing data is accepted")
	}
}
