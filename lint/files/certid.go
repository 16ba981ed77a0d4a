// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
)

// namedBy reports whether a CertID names the issuer of a certificate: the
// hashes of its name and of the bits of its key (RFC 6960 4.1.1).
func namedBy(id *inspect.CertID, issuer *inspect.Certificate) bool {
	hash := algorithm.HashOf(id.HashOID.String())
	return hash != "" && bytes.Equal(id.NameHash, hash.Sum(issuer.RawSubject)) && bytes.Equal(id.KeyHash, hash.Sum(publicKeyBits(issuer.RawSPKI)))
}

// namesResponder reports whether the responderID of a response is that of a certificate
// (RFC 6960 4.2.1).
func namesResponder(r *inspect.Response, c *inspect.Certificate) bool {
	if r.ResponderByName != nil {
		return bytes.Equal(r.ResponderByName.Raw, c.RawSubject)
	}
	return bytes.Equal(r.ResponderByKey, algorithm.SHA1.Sum(publicKeyBits(c.RawSPKI)))
}

// publicKeyBits gives the bits of a key without the count of unused ones, or nil.
func publicKeyBits(spki []byte) []byte {
	s := cryptobyte.String(spki)
	var inner cryptobyte.String
	var bits []byte
	if !s.ReadASN1(&inner, asn1.SEQUENCE) || !inner.SkipASN1(asn1.SEQUENCE) || !inner.ReadASN1BitStringAsBytes(&bits) {
		return nil
	}
	return bits
}

// digest is the SHA-256 of some bytes in hexadecimal.
func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
