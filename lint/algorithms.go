// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"cmp"
	"crypto"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"slices"

	"rootceremony/internal/algorithm"
)

// permittedSignature reports whether an AlgorithmIdentifier is one that BR 7.1.3.2
// permits, also to others.
func permittedSignature(der []byte) bool {
	return algorithm.SignatureOf(der) != "" || algorithm.IsPSS(der)
}

// permittedKey reports whether a SubjectPublicKeyInfo begins with an algorithm
// that BR 7.1.3.1 permits.
func permittedKey(spki []byte) bool {
	return slices.ContainsFunc(algorithm.Keys(), func(k algorithm.Key) bool {
		return bytes.Equal(k.Identifier(), keyAlgorithm(spki))
	})
}

// parseKey reads a SubjectPublicKeyInfo of a kind whose signatures can be verified.
func parseKey(spki []byte) (crypto.PublicKey, error) {
	key, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return nil, fmt.Errorf("reading the public key: %w", err)
	}
	if algorithm.FamilyOfKey(key) == "" {
		return nil, fmt.Errorf("public key of type %T", key)
	}
	return key, nil
}

// describeKey names a key for people, as "P-384" or "RSA-4096".
func describeKey(key crypto.PublicKey) string {
	return cmp.Or(algorithm.Short(key), "unknown key")
}

// wrongFamily says why a signature algorithm is none for the kind of key that
// is to make it, or "".
func wrongFamily(alg []byte, key crypto.PublicKey) string {
	if f := algorithm.FamilyOf(alg); f != "" && f == algorithm.FamilyOfKey(key) {
		return ""
	}
	return fmt.Sprintf("AlgorithmIdentifier %x does not fit a key of kind %s", alg, describeKey(key))
}

// wrongHash says why an algorithm does not fit the size of the key that is to make
// the signature, or "" (BR 7.1.3.2.2). RSA takes any hash, and Ed25519 has one.
func wrongHash(alg []byte, key crypto.PublicKey) string {
	k := algorithm.NameOf(key)
	if algorithm.FamilyOfKey(key) != algorithm.ECDSA || k.CanMake(algorithm.SignatureOf(alg)) {
		return ""
	}
	return fmt.Sprintf("a %s key signs with %s only, but the AlgorithmIdentifier is %x", describeKey(key), k.DefaultSignature(), alg)
}

// mlDSA are the AlgorithmIdentifiers of ML-DSA-44, 65 and 87 for keys and signatures
// (RFC 9881 2).
var mlDSA = []string{"300b0609608648016503040311", "300b0609608648016503040312", "300b0609608648016503040313"}

// edwards25519 is the AlgorithmIdentifier of Ed25519 for keys and signatures (RFC 8410 3,
// SBR 7.1.3.1.3).
const edwards25519 = "300506032b6570"

// isMLDSA and isSLHDSA report whether an AlgorithmIdentifier is of these: of the twelve
// parameter sets of SLH-DSA (RFC 9909 3). No library used here verifies their signatures.
func isMLDSA(identifier []byte) bool { return slices.Contains(mlDSA, hex.EncodeToString(identifier)) }

func isSLHDSA(identifier []byte) bool {
	set, ok := bytes.CutPrefix(identifier, []byte{0x30, 0x0b, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3})
	return ok && len(set) == 1 && set[0] >= 20 && set[0] <= 31
}

// postQuantum reports whether an AlgorithmIdentifier is one of them.
func postQuantum(identifier []byte) bool { return isMLDSA(identifier) || isSLHDSA(identifier) }

// permitsMore reports whether the documents that bind the object permit an
// AlgorithmIdentifier that BR 7.1.3 does not list: SBR 6.1.5 EdDSA and, since 1.0.11
// (ballot SMC013), ML-DSA; MRSP 5.1 EdDSA in certificates with emailProtection. Where
// none of their documents binds, RFC 8410, RFC 9881 and RFC 9909 do.
func (t *target) permitsMore(identifier []byte) bool {
	mail, _ := purposes(t.exts)
	switch {
	case t.pack(PackTLS, PackCodeSigning):
		return false
	case hex.EncodeToString(identifier) == edwards25519:
		return !t.pack(PackMozilla) || t.exts == nil || slices.Contains(mail, purposeEmail)
	case isSLHDSA(identifier):
		return !t.pack(PackMozilla, PackSMIME)
	case isMLDSA(identifier):
		at := t.signedAt()
		return !t.pack(PackMozilla) && (!t.pack(PackSMIME) || at.IsZero() || !at.Before(dateSMC013))
	}
	return false
}

// keyAlgorithm gives the AlgorithmIdentifier of a SubjectPublicKeyInfo, or nil.
func keyAlgorithm(spki []byte) []byte {
	parts, err := sequence(spki)
	if err != nil || len(parts) != 2 {
		return nil
	}
	return parts[0].FullBytes
}
