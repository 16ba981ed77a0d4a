// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"rootceremony/internal/algorithm"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// KeyDescription names the kind of key in a SubjectPublicKeyInfo:
// "ECDSA P-384", "RSA 3072", "Ed25519", or the name of its algorithm, with the
// curve where a name of one follows (RFC 5480 2.1.1).
func KeyDescription(spki []byte) string {
	if name := algorithm.Describe(publicKey(spki)); name != "" {
		return name
	}
	d := newDecoder(spki, "subjectPublicKeyInfo")
	in := d.open(casn1.SEQUENCE, "").open(casn1.SEQUENCE, "algorithm")
	name := OIDName(in.oid("algorithm"))
	if in.at(casn1.OBJECT_IDENTIFIER) {
		name += " on curve " + OIDName(in.oid("curve"))
	}
	if d.err() != nil {
		return "unreadable key"
	}
	return name
}
