// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"math/big"
	"sync"

	zx509 "github.com/zmap/zcrypto/x509"
)

// standIn is a key and one signature that verifies under it. It takes the place of
// signatures that are still to come, so that others can validate a path before there are
// any. Nothing is signed with it: nobody has a private key.
type standIn struct {
	key                *rsa.PublicKey
	message, signature []byte
}

// theStandIn is made the other way round, from its signature s: a signature by RSA with
// the exponent 3 is valid when s³ mod n is the encoded digest, which the modulus
// n = s³ - digest sees to (RFC 8017 8.2.2). n is of no use beyond that. It costs far less
// to verify than one by a real key, which each specimen needs twice.
var theStandIn = sync.OnceValue(func() standIn { //nolint:gochecknoglobals // a constant
	const octets = 1026/8 + 1 // of n; crypto/rsa takes no key of less than 1024 bits
	message := []byte("ceremony: stand-in for a signature that is still to come")
	encoded := new(big.Int).SetBytes(encodedDigest(sha256.Sum256(message), octets))
	s := new(big.Int).Lsh(big.NewInt(1), 1026/3)
	s.Sub(s, big.NewInt(2-int64(encoded.Bit(0)^1))) // of the other parity: n has to be odd
	n := new(big.Int).Exp(s, big.NewInt(3), nil)
	return standIn{
		&rsa.PublicKey{N: n.Sub(n, encoded), E: 3}, message, s.FillBytes(make([]byte, octets)),
	}
})

// encodedDigest is EMSA-PKCS1-v1_5 with SHA-256 (RFC 8017 9.2).
func encodedDigest(digest [32]byte, octets int) []byte {
	info := append([]byte("\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"), digest[:]...)
	out := append([]byte{0, 1}, bytes.Repeat([]byte{0xff}, octets-len(info)-3)...)
	return append(append(out, 0), info...)
}

// underStandIn puts the signature of the stand-in to a certificate that was read, instead
// of its own. Path validation looks at the fields, and at the signed bytes for the
// signature alone. The rule that checks the signature looks at the real one.
func (c readings) underStandIn() {
	s := theStandIn()
	c.byGo.SignatureAlgorithm, c.byGo.RawTBSCertificate, c.byGo.Signature = x509.SHA256WithRSA, s.message, s.signature
	c.byZCrypto.SignatureAlgorithm, c.byZCrypto.RawTBSCertificate, c.byZCrypto.Signature = zx509.SHA256WithRSA, s.message, s.signature
}

// withStandIn gives an issuer with the key of the stand-in. Its signature no longer
// verifies; that of a trust anchor is not checked.
func withStandIn(cert []byte) ([]byte, error) {
	spki, err := x509.MarshalPKIXPublicKey(theStandIn().key)
	if err != nil {
		return nil, err
	}
	parts, err := sequence(cert)
	if err != nil || len(parts) != 3 {
		return nil, errors.New("the issuer is not a certificate")
	}
	tbs, err := replaced(parts[0].FullBytes, tbsKey, spki)
	if err != nil {
		return nil, err
	}
	parts[0].FullBytes = tbs
	return joined(parts)
}

// tbsKey is the place of the key in a TBSCertificate with a version (RFC 5280 4.1).
const tbsKey = 6

// replaced puts another value at a place of a TBSCertificate of version 2 or 3.
func replaced(tbs []byte, place int, with []byte) ([]byte, error) {
	parts, err := sequence(tbs)
	if err != nil {
		return nil, err
	}
	if len(parts) > 0 && parts[0].Class != asn1.ClassContextSpecific {
		place-- // version 1 is not encoded
	}
	if place >= len(parts) {
		return nil, errors.New("a TBSCertificate with too few parts")
	}
	parts[place].FullBytes = with
	return joined(parts)
}

// joined makes a SEQUENCE of encoded values.
func joined(parts []asn1.RawValue) ([]byte, error) {
	var contents []byte
	for _, p := range parts {
		contents = append(contents, p.FullBytes...)
	}
	return asn1.Marshal(asn1.RawValue{Class: asn1.ClassUniversal, Tag: asn1.TagSequence, IsCompound: true, Bytes: contents})
}
