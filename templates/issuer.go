// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"crypto/sha1" //nolint:gosec // a name for a key, not a signature (RFC 5280 4.2.1.2)
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// Issuer is who signs.
type Issuer struct {
	Name  []byte // DER of the Name, the bytes of its own certificate's subject
	KeyID []byte // its subject key identifier
	SPKI  []byte // its SubjectPublicKeyInfo
}

// SubjectKeyID derives a key identifier: the SHA-1 of the key bits (RFC 5280
// 4.2.1.2 method 1), or the left 160 bits of their SHA-256 (RFC 7093 2 method
// 1). The method is always named: what the Go library derives depends on
// GODEBUG.
func SubjectKeyID(method ext.SKIMethod, spki []byte) ([]byte, error) {
	bits, err := publicKeyBits(spki)
	if err != nil {
		return nil, err
	}
	switch method {
	case ext.SKISHA1:
		sum := sha1.Sum(bits) //nolint:gosec // see above
		return sum[:], nil
	case ext.SKISHA256:
		sum := sha256.Sum256(bits)
		return sum[:20], nil
	case ext.SKIExisting:
		return nil, errors.New("an existing key identifier is copied, not derived")
	}
	return nil, fmt.Errorf("unknown method %q of key identifiers", string(method))
}

// UnnamedKeyID gives an identifier for the key of an issuer whose certificate has none,
// by method 1 of RFC 5280 4.2.1.2.
func UnnamedKeyID(spki []byte) ([]byte, error) { return SubjectKeyID(ext.SKISHA1, spki) }

// keyID gives the key identifier for an extension.
func keyID(id ext.SubjectKeyID, spki []byte) ([]byte, error) {
	switch {
	case id.Method != ext.SKIExisting && len(id.Value) > 0:
		return nil, fmt.Errorf("a value is given, but method %q derives it", string(id.Method))
	case id.Method != ext.SKIExisting:
		return SubjectKeyID(id.Method, spki)
	case len(id.Value) == 0:
		return nil, errors.New("the existing key identifier is missing")
	}
	return slices.Clone([]byte(id.Value)), nil
}

// Self returns the issuer of a self-signed certificate: the subject itself.
func Self(c *profiles.Certificate, spki []byte) (Issuer, error) {
	return subjectOf(c.Subject, c.Extensions, spki)
}

// subjectOf returns a subject as it will be when it signs.
func subjectOf(subject profiles.Name, extensions []profiles.Extension, spki []byte) (Issuer, error) {
	if _, err := publicKeyBits(spki); err != nil {
		return Issuer{}, err
	}
	name, err := EncodeName(subject)
	if err != nil {
		return Issuer{}, fmt.Errorf("encoding subject: %w", err)
	}
	out := Issuer{Name: name, SPKI: slices.Clone(spki)}
	for _, e := range extensions {
		if e.Name != ext.NameSubjectKeyID {
			continue
		}
		id, _ := e.Value.(ext.SubjectKeyID)
		if out.KeyID, err = keyID(id, spki); err != nil {
			return Issuer{}, fmt.Errorf("encoding %s: %w", e.Name, err)
		}
	}
	return out, nil
}
