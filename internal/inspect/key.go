// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"rootceremony/internal/algorithm"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// KeyDescription names the kind of key in a SubjectPublicKeyInfo:
// "ECDSA P-384", "RSA 3072", "Ed25519", or the name of its algorithm.
func KeyDescription(spki []byte) string {
	if name := algorithm.Describe(publicKey(spki)); name != "" {
		return name
	}
	d := newDecoder(spki, "subjectPublicKeyInfo")
	oid := d.open(casn1.SEQUENCE, "").open(casn1.SEQUENCE, "algorithm").oid("algorithm")
	if d.err() != nil {
		return "unreadable key"
	}
	return OIDName(oid)
}
