// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"crypto"
	_ "crypto/sha1" //nolint:gosec // for AllowSHA1 alone: objects of the past are signed with it
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/asn1"
	"errors"
	"fmt"

	"rootceremony/internal/algorithm"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// VerifyOption changes what VerifySignature accepts.
type VerifyOption func(*verifyOptions)

type verifyOptions struct{ sha1 bool }

// AllowSHA1 accepts SHA-1, for reading objects of the past.
func AllowSHA1() VerifyOption { return func(o *verifyOptions) { o.sha1 = true } }

// ErrNotAccepted says that a signature was made by an algorithm that nothing here
// computes, such as RSA with MD5: it is neither right nor wrong.
var ErrNotAccepted = errors.New("is not accepted")

// VerifySignature checks a signature over to-be-signed bytes in software, from
// the DER of the key and of the AlgorithmIdentifier: RSA PKCS #1 v1.5 and PSS,
// ECDSA on P-256, P-384 and P-521, Ed25519, with SHA-256, SHA-384 and SHA-512.
func VerifySignature(spki, identifier, tbs, signature []byte, opts ...VerifyOption) error {
	var o verifyOptions
	for _, opt := range opts {
		opt(&o)
	}
	scheme, err := parseAlgorithm(identifier)
	if err != nil {
		return err
	}
	if scheme.Hash == crypto.SHA1 && !o.sha1 {
		return errors.New("signature algorithm uses SHA-1, which is not accepted")
	}
	key := publicKey(spki)
	if algorithm.FamilyOfKey(key) == "" {
		return fmt.Errorf("cannot verify with a key of type %s", KeyDescription(spki))
	}
	in := scheme.Input()
	_, _ = in.Write(tbs)
	return in.Verify(key, signature)
}

// parseAlgorithm reads an AlgorithmIdentifier with the parameters its
// algorithm asks for.
func parseAlgorithm(der []byte) (algorithm.Scheme, error) {
	d := newDecoder(der, "signatureAlgorithm")
	in := d.open(casn1.SEQUENCE, "")
	d.end()
	oid := in.oid("algorithm")
	scheme, known := algorithm.SchemeOf(oid.String())
	switch {
	case d.err() != nil:
	case !known:
		return scheme, fmt.Errorf("signature algorithm %s %w", OIDName(oid), ErrNotAccepted)
	case scheme.PSS:
		scheme.Hash, scheme.Salt = in.pssParameters()
	case scheme.Family == algorithm.RSA && in.more():
		// RFC 4055 5: NULL when written; absent is accepted when read.
		if len(in.contents(casn1.NULL, "parameters")) != 0 {
			in.fail("NULL with contents")
		}
	}
	in.end()
	return scheme, d.err()
}

// pssParameters reads RSASSA-PSS-params, RFC 4055 3.1. Defaults are SHA-1.
func (d *decoder) pssParameters() (crypto.Hash, int) {
	hash, mgf, salt := crypto.SHA1, crypto.SHA1, 20
	in := d.open(casn1.SEQUENCE, "parameters")
	if in.at(constructed(0)) {
		hash = in.open(constructed(0), "hashAlgorithm").hashAlgorithm()
	}
	if in.at(constructed(1)) {
		wrap := in.open(constructed(1), "maskGenAlgorithm")
		gen := wrap.open(casn1.SEQUENCE, "")
		wrap.end()
		if oid := gen.oid("algorithm"); gen.err() == nil && !oid.Equal(oidMGF1) {
			gen.fail("mask generation %s is not MGF1", oid)
		}
		mgf = gen.hashAlgorithm()
	}
	if in.at(constructed(2)) {
		wrap := in.open(constructed(2), "saltLength")
		salt = wrap.small(casn1.INTEGER, "")
		wrap.end()
	}
	if in.at(constructed(3)) {
		wrap := in.open(constructed(3), "trailerField")
		if wrap.small(casn1.INTEGER, "") != 1 {
			wrap.fail("trailer field is not 1")
		}
		wrap.end()
	}
	in.end()
	if in.err() == nil && (hash != mgf || salt < 1) {
		in.fail("digest and mask generation use different hashes, or no salt")
	}
	return hash, salt
}

var oidMGF1 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}

// hashAlgorithm reads the AlgorithmIdentifier of a hash, to the end.
func (d *decoder) hashAlgorithm() crypto.Hash {
	in := d.open(casn1.SEQUENCE, "")
	d.end()
	oid := in.oid("algorithm")
	if in.more() && len(in.contents(casn1.NULL, "parameters")) != 0 {
		in.fail("NULL with contents")
	}
	in.end()
	hash := algorithm.HashOf(oid.String()).Hash()
	if hash == 0 && in.err() == nil {
		in.fail("hash %s is not accepted", OIDName(oid))
	}
	return hash
}
