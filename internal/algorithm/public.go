// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package algorithm

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"slices"
)

// ParseKey reads a SubjectPublicKeyInfo.
func ParseKey(spki []byte) (crypto.PublicKey, error) {
	key, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return nil, fmt.Errorf("parsing public key: %w", err)
	}
	return key, nil
}

// KeyOf returns the key type of a public key in DER as a token makes it. It
// refuses sizes, curves and exponents that no key type has, and encodings that are
// not the one that crypto/x509 gives.
func KeyOf(spki []byte) (Key, error) {
	public, err := ParseKey(spki)
	if err != nil {
		return "", err
	}
	if again, err := x509.MarshalPKIXPublicKey(public); err != nil || !bytes.Equal(again, spki) {
		return "", errors.New("parsing public key: not in canonical DER")
	}
	f, ok := familyOf(public)
	if !ok || f.usable == nil {
		var titles []string
		for _, f := range Families() {
			titles = append(titles, f.row().title)
		}
		return "", fmt.Errorf("public key of type %T: want %s", public, either(titles))
	}
	if err := f.usable(public); err != nil {
		return "", err
	}
	return f.key(public), nil
}

// NameOf gives the word for the family and size of any public key, which may be
// that of no key type: "rsa-1024". It is empty for kinds of keys that are not
// known.
func NameOf(public crypto.PublicKey) Key {
	if f, ok := familyOf(public); ok {
		return f.key(public)
	}
	return ""
}

// Describe names a public key for people, as "RSA 3072", "ECDSA P-384" or
// "Ed25519", or gives "".
func Describe(public crypto.PublicKey) string {
	if f, ok := familyOf(public); ok {
		return f.describe(public)
	}
	return ""
}

// Short names a public key in a word, as "RSA-3072", "P-384" or "Ed25519", or
// gives "".
func Short(public crypto.PublicKey) string {
	if f, ok := familyOf(public); ok {
		return f.short(public)
	}
	return ""
}

// Generate makes a key in software. ECDSA keys are a function of random; for RSA
// crypto/rsa takes its own source.
func (k Key) Generate(random io.Reader) (crypto.Signer, error) {
	f := k.facts()
	if f.key == "" {
		return nil, fmt.Errorf("unknown key algorithm %q", string(k))
	}
	generate := f.family.row().generate
	if generate == nil {
		return nil, fmt.Errorf("key algorithm %q: cannot generate such keys in software", string(k))
	}
	return generate(random, f)
}

// SpecimenSignature is a static value of the form and size of a signature by the
// key in spki, for linting an object before it is signed.
func SpecimenSignature(spki []byte) ([]byte, error) {
	key, err := ParseKey(spki)
	if err != nil {
		return nil, err
	}
	f, ok := familyOf(key)
	if !ok || f.specimen == nil {
		return nil, fmt.Errorf("no static signature for a key of type %T", key)
	}
	return f.specimen(key), nil
}

// Families lists the families that key types have.
func Families() []Family {
	var out []Family
	for _, row := range keyTable {
		if !slices.Contains(out, row.family) {
			out = append(out, row.family)
		}
	}
	return out
}
