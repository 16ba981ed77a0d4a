// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"crypto"
	"fmt"

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
	switch {
	case in.at(casn1.OBJECT_IDENTIFIER):
		name += " on curve " + OIDName(in.oid("curve"))
	case name == "ecPublicKey" && in.more():
		name += " with parameters of its own in the place of a named curve"
	}
	if d.err() != nil {
		return "unreadable key"
	}
	return name
}

// KeyError says that an object cannot be read because of its key: the second parser
// does not know it.
type KeyError struct {
	Key string // what the key is
	err error
}

// Error implements error.
func (e *KeyError) Error() string {
	return fmt.Sprintf("the key is %s, which only one of the two parsers reads: %v", e.Key, e.err)
}

// Unwrap gives what the second parser said.
func (e *KeyError) Unwrap() error { return e.err }

// ofKey blames the key for what the second parser refuses, where no key was read.
func ofKey(key crypto.PublicKey, spki []byte, err error) error {
	if key == nil && err != nil {
		return &KeyError{KeyDescription(spki), err}
	}
	return err
}
