// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package algorithm

import (
	"crypto"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Family is what keys have in common that differ in size alone.
type Family string

// The families.
const (
	RSA     Family = "rsa"
	ECDSA   Family = "ecdsa"
	Ed25519 Family = "ed25519" // of others: no key type has it
)

// family is how keys of a family are read and, where there are key types of it,
// made.
type family struct {
	name    Family
	title   string // "RSA"
	oid     string // of the keys, DER in hexadecimal
	arc     string // that the OIDs of its signature algorithms begin with
	anyHash bool   // any hash fits a key of any size

	has      func(crypto.PublicKey) bool
	key      func(crypto.PublicKey) Key    // the word for its size, which may be none of the table
	describe func(crypto.PublicKey) string // "ECDSA P-384"
	short    func(crypto.PublicKey) string // "P-384"
	verify   func(key crypto.PublicKey, s Scheme, input, signature []byte) error
	oneForm  func(key crypto.PublicKey, signature []byte) []byte // nil: without the key there is no other

	// The rest is nil where no key type is of the family.
	usable   func(crypto.PublicKey) error // why a key is none that a token makes
	generate func(io.Reader, keyFacts) (crypto.Signer, error)
	specimen func(crypto.PublicKey) []byte
	pkcs11   PKCS11
}

var families = []family{rsaFamily(), ecdsaFamily(), ed25519Family()}

// row gives the family of a name, an empty one where there is none.
func (f Family) row() family {
	i := slices.IndexFunc(families, func(have family) bool { return have.name == f })
	if i < 0 {
		return family{}
	}
	return families[i]
}

// familyOf gives the family of a public key.
func familyOf(public crypto.PublicKey) (family, bool) {
	for _, f := range families {
		if f.has(public) {
			return f, true
		}
	}
	return family{}, false
}

// Mechanism is a mechanism of PKCS #11.
type Mechanism struct {
	Type uint64
	Name string
}

// PKCS11 is what a token calls the keys of a family (PKCS #11 v2.40, current
// mechanisms 2.1 and 2.3).
type PKCS11 struct {
	KeyType    string   // the name of its CKK
	Attributes []string // of the public half, that tell the size
	Generate   Mechanism
	Otherwise  []Mechanism // that generate, where a token does not list Generate
	Sign       Mechanism
}

// PKCS11 gives what a token calls keys of the type.
func (k Key) PKCS11() PKCS11 { return k.Family().row().pkcs11 }

// Smallest is the smallest key type of the family, "" where it has none.
func (f Family) Smallest() Key {
	for _, row := range keyTable {
		if row.family == f {
			return row.key
		}
	}
	return ""
}

// Sizes lists what there is of a family: "P-256, P-384 or P-521".
func (f Family) Sizes() string {
	var out []string
	for _, row := range keyTable {
		switch {
		case row.family != f:
		case row.curve != nil:
			out = append(out, row.curve.Params().Name)
		default:
			out = append(out, strconv.Itoa(row.bits))
		}
	}
	return either(out)
}

// either joins alternatives: "a, b or c".
func either(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
