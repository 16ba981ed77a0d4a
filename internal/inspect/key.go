// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// SPKISHA256 returns the SHA-256 of a SubjectPublicKeyInfo.
func SPKISHA256(spki []byte) [32]byte { return sha256.Sum256(spki) }

// KeyDescription names the kind of key in a SubjectPublicKeyInfo:
// "ECDSA P-384", "RSA 3072", "Ed25519", or the name of its algorithm.
func KeyDescription(spki []byte) string {
	switch key := publicKey(spki).(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", key.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA " + key.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	}
	d := newDecoder(spki, "subjectPublicKeyInfo")
	oid := d.open(casn1.SEQUENCE, "").open(casn1.SEQUENCE, "algorithm").oid("algorithm")
	if d.err() != nil {
		return "unreadable key"
	}
	return OIDName(oid)
}
