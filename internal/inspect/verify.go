// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	_ "crypto/sha1" //nolint:gosec // for AllowSHA1 alone: objects of the past are signed with it
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/asn1"
	"errors"
	"fmt"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// VerifyOption changes what VerifySignature accepts.
type VerifyOption func(*verifyOptions)

type verifyOptions struct{ sha1 bool }

// AllowSHA1 accepts SHA-1, for reading objects of the past.
func AllowSHA1() VerifyOption { return func(o *verifyOptions) { o.sha1 = true } }

// ErrSignature is returned when a signature does not verify.
var ErrSignature = errors.New("signature does not verify")

type scheme int

const (
	schemePKCS1 scheme = iota
	schemePSS
	schemeECDSA
	schemeEd25519
)

type signatureAlgorithm struct {
	scheme scheme
	hash   crypto.Hash
	salt   int // of PSS
}

// algorithms are signature algorithms of RFC 4055, RFC 5758 and RFC 8410.
var algorithms = map[string]signatureAlgorithm{
	"1.2.840.113549.1.1.5":  {schemePKCS1, crypto.SHA1, 0},
	"1.2.840.113549.1.1.11": {schemePKCS1, crypto.SHA256, 0},
	"1.2.840.113549.1.1.12": {schemePKCS1, crypto.SHA384, 0},
	"1.2.840.113549.1.1.13": {schemePKCS1, crypto.SHA512, 0},
	"1.2.840.113549.1.1.10": {scheme: schemePSS},
	"1.2.840.10045.4.1":     {schemeECDSA, crypto.SHA1, 0},
	"1.2.840.10045.4.3.2":   {schemeECDSA, crypto.SHA256, 0},
	"1.2.840.10045.4.3.3":   {schemeECDSA, crypto.SHA384, 0},
	"1.2.840.10045.4.3.4":   {schemeECDSA, crypto.SHA512, 0},
	"1.3.101.112":           {scheme: schemeEd25519},
}

var hashes = map[string]crypto.Hash{
	"1.3.14.3.2.26": crypto.SHA1, "2.16.840.1.101.3.4.2.1": crypto.SHA256,
	"2.16.840.1.101.3.4.2.2": crypto.SHA384, "2.16.840.1.101.3.4.2.3": crypto.SHA512,
}

// VerifySignature checks a signature over to-be-signed bytes in software, from
// the DER of the key and of the AlgorithmIdentifier: RSA PKCS #1 v1.5 and PSS,
// ECDSA on P-256, P-384 and P-521, Ed25519, with SHA-256, SHA-384 and SHA-512.
func VerifySignature(spki, algorithm, tbs, signature []byte, opts ...VerifyOption) error {
	var o verifyOptions
	for _, opt := range opts {
		opt(&o)
	}
	alg, err := parseAlgorithm(algorithm)
	if err != nil {
		return err
	}
	if alg.hash == crypto.SHA1 && !o.sha1 {
		return errors.New("signature algorithm uses SHA-1, which is not accepted")
	}
	digest := tbs
	if alg.hash != 0 {
		h := alg.hash.New()
		h.Write(tbs)
		digest = h.Sum(nil)
	}
	switch key := publicKey(spki).(type) {
	case *rsa.PublicKey:
		return verifyRSA(key, alg, digest, signature)
	case *ecdsa.PublicKey:
		return verifyECDSA(key, alg, digest, signature)
	case ed25519.PublicKey:
		if alg.scheme != schemeEd25519 {
			return errors.New("signature algorithm is not for an Ed25519 key")
		}
		return verdict(ed25519.Verify(key, digest, signature))
	}
	return fmt.Errorf("cannot verify with a key of type %s", KeyDescription(spki))
}

// maxModulus bounds the work that a hostile key can ask for.
const maxModulus = 16384

func verdict(ok bool) error {
	if !ok {
		return ErrSignature
	}
	return nil
}

func verifyRSA(key *rsa.PublicKey, alg signatureAlgorithm, digest, signature []byte) error {
	if n := key.N.BitLen(); n > maxModulus {
		return fmt.Errorf("RSA modulus of %d bits, more than %d", n, maxModulus)
	}
	var err error
	switch alg.scheme {
	case schemePKCS1:
		err = rsa.VerifyPKCS1v15(key, alg.hash, digest, signature)
	case schemePSS:
		err = rsa.VerifyPSS(key, alg.hash, digest, signature, &rsa.PSSOptions{SaltLength: alg.salt})
	default:
		return errors.New("signature algorithm is not for an RSA key")
	}
	if errors.Is(err, rsa.ErrVerification) {
		return ErrSignature
	}
	if err != nil {
		return fmt.Errorf("verifying the RSA signature: %w", err)
	}
	return nil
}

func verifyECDSA(key *ecdsa.PublicKey, alg signatureAlgorithm, digest, signature []byte) error {
	if alg.scheme != schemeECDSA {
		return errors.New("signature algorithm is not for an ECDSA key")
	}
	switch key.Curve {
	case elliptic.P256(), elliptic.P384(), elliptic.P521():
	default:
		return fmt.Errorf("curve %s is not accepted", key.Params().Name)
	}
	return verdict(ecdsa.VerifyASN1(key, digest, signature))
}

// parseAlgorithm reads an AlgorithmIdentifier with the parameters its
// algorithm asks for.
func parseAlgorithm(der []byte) (signatureAlgorithm, error) {
	d := newDecoder(der, "signatureAlgorithm")
	in := d.open(casn1.SEQUENCE, "")
	d.end()
	oid := in.oid("algorithm")
	alg, known := algorithms[oid.String()]
	switch {
	case d.err() != nil:
	case !known:
		return alg, fmt.Errorf("signature algorithm %s is not accepted", OIDName(oid))
	case alg.scheme == schemePSS:
		alg.hash, alg.salt = in.pssParameters()
	case alg.scheme == schemePKCS1 && in.more():
		// RFC 4055 5: NULL when written; absent is accepted when read.
		if len(in.contents(casn1.NULL, "parameters")) != 0 {
			in.fail("NULL with contents")
		}
	}
	in.end()
	return alg, d.err()
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
	hash, ok := hashes[oid.String()]
	if !ok && in.err() == nil {
		in.fail("hash %s is not accepted", OIDName(oid))
	}
	return hash
}
