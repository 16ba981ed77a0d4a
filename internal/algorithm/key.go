// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package algorithm defines key types and signature algorithms, each fact once:
// names, sizes, AlgorithmIdentifiers, hashes, how a token calls them, what a
// specimen looks like, and how a signature is verified in software.
//
// A key type is a row of the table in this file, a signature algorithm one in
// signature.go. What keys do that differ in size alone is in a file for their
// family.
package algorithm

import (
	"crypto/elliptic"
	"encoding/hex"
	"fmt"
	"slices"
)

// Key is a key type: a kind of key with its size, by its word in YAML.
type Key string

// The key types. RSA keys have the public exponent 65537.
const (
	RSA2048   Key = "rsa-2048"
	RSA3072   Key = "rsa-3072"
	RSA4096   Key = "rsa-4096"
	ECDSAP256 Key = "ecdsa-p256"
	ECDSAP384 Key = "ecdsa-p384"
	ECDSAP521 Key = "ecdsa-p521"
)

// keyFacts are the facts of one key type.
type keyFacts struct {
	key    Key
	family Family
	bits   int       // of the modulus, or of the order of the curve
	usual  Signature // of those that it can make

	curve      elliptic.Curve // ECDSA alone
	parameters string         // of the AlgorithmIdentifier, DER in hexadecimal: RFC 3279 2.3.1, RFC 5480 2.1.1
}

// keyTable is in the order in which help lists the key types, of a family from
// small to large.
var keyTable = []keyFacts{
	{key: RSA2048, family: RSA, bits: 2048, usual: SHA256RSA, parameters: "0500"},
	{key: RSA3072, family: RSA, bits: 3072, usual: SHA256RSA, parameters: "0500"},
	{key: RSA4096, family: RSA, bits: 4096, usual: SHA256RSA, parameters: "0500"},
	{key: ECDSAP256, family: ECDSA, bits: 256, usual: ECDSASHA256, curve: elliptic.P256(), parameters: "06082a8648ce3d030107"},
	{key: ECDSAP384, family: ECDSA, bits: 384, usual: ECDSASHA384, curve: elliptic.P384(), parameters: "06052b81040022"},
	{key: ECDSAP521, family: ECDSA, bits: 521, usual: ECDSASHA512, curve: elliptic.P521(), parameters: "06052b81040023"},
}

// Keys lists the key types.
func Keys() []Key {
	out := make([]Key, len(keyTable))
	for i, f := range keyTable {
		out[i] = f.key
	}
	return out
}

// facts gives the row of a key type, an empty one where there is none.
func (k Key) facts() keyFacts {
	i := slices.IndexFunc(keyTable, func(f keyFacts) bool { return f.key == k })
	if i < 0 {
		return keyFacts{}
	}
	return keyTable[i]
}

// Valid reports whether k is one of the key types.
func (k Key) Valid() bool { return k.facts().key != "" }

// Family is the family of a key type, "" where k is not valid.
func (k Key) Family() Family { return k.facts().family }

// Bits is the size of a key in bits, 0 where k is not valid.
func (k Key) Bits() int { return k.facts().bits }

// Curve is the curve of an ECDSA key, nil for others.
func (k Key) Curve() elliptic.Curve { return k.facts().curve }

// DefaultSignature is the signature algorithm that a key signs with where nothing else is
// said: for ECDSA the only one, for RSA PKCS #1 v1.5 with SHA-256. It is empty
// where k is not valid.
func (k Key) DefaultSignature() Signature { return k.facts().usual }

// CanMake reports whether a key makes signatures of an algorithm: RSA with any
// hash, ECDSA with the one that is as long as the curve (BR 7.1.3.2.2).
func (k Key) CanMake(s Signature) bool {
	f := k.facts()
	return f.key != "" && (f.usual == s || f.family == s.Family() && f.family.row().anyHash)
}

// Parameters are the parameters of the AlgorithmIdentifier of a key, in DER. For
// a curve they are CKA_EC_PARAMS, too.
func (k Key) Parameters() []byte { return fromHex(k.facts().parameters) }

// Identifier is the AlgorithmIdentifier in the SubjectPublicKeyInfo of a key, byte
// for byte as BR 7.1.3.1 prints it; nil where k is not valid.
func (k Key) Identifier() []byte {
	f := k.facts()
	if f.key == "" {
		return nil
	}
	contents := slices.Concat(fromHex(f.family.row().oid), fromHex(f.parameters))
	return slices.Concat([]byte{0x30, byte(len(contents))}, contents) // never longer than 127
}

// fromHex reads a constant of this package.
func fromHex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(fmt.Sprintf("internal error: %q: %v", s, err)) // TestFacts reads them all
	}
	return b
}
