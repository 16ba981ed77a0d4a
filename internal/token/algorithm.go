// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"

	_ "crypto/sha256" // the hashes of the signature algorithms
	_ "crypto/sha512"
)

// Algorithm is a kind of key, with its size.
type Algorithm string

// The key algorithms. RSA keys have the public exponent 65537.
const (
	RSA2048   Algorithm = "rsa-2048"
	RSA3072   Algorithm = "rsa-3072"
	RSA4096   Algorithm = "rsa-4096"
	ECDSAP256 Algorithm = "ecdsa-p256"
	ECDSAP384 Algorithm = "ecdsa-p384"
	ECDSAP521 Algorithm = "ecdsa-p521"
)

// SignatureAlgorithm is a signature scheme with its hash.
type SignatureAlgorithm string

// The signature algorithms. PSS has a salt as long as the hash and MGF1 with
// the same hash. ECDSA takes the hash that matches the curve, no other.
const (
	SHA256RSA    SignatureAlgorithm = "sha256-rsa"
	SHA384RSA    SignatureAlgorithm = "sha384-rsa"
	SHA512RSA    SignatureAlgorithm = "sha512-rsa"
	SHA256RSAPSS SignatureAlgorithm = "sha256-rsapss"
	SHA384RSAPSS SignatureAlgorithm = "sha384-rsapss"
	SHA512RSAPSS SignatureAlgorithm = "sha512-rsapss"
	ECDSASHA256  SignatureAlgorithm = "ecdsa-sha256"
	ECDSASHA384  SignatureAlgorithm = "ecdsa-sha384"
	ECDSASHA512  SignatureAlgorithm = "ecdsa-sha512"
)

// keyKind is what an Algorithm stands for: RSA with bits, or a curve.
type keyKind struct {
	bits  int
	curve elliptic.Curve
	usual SignatureAlgorithm
}

var keyKinds = map[Algorithm]keyKind{
	RSA2048:   {bits: 2048, usual: SHA256RSA},
	RSA3072:   {bits: 3072, usual: SHA256RSA},
	RSA4096:   {bits: 4096, usual: SHA256RSA},
	ECDSAP256: {curve: elliptic.P256(), usual: ECDSASHA256},
	ECDSAP384: {curve: elliptic.P384(), usual: ECDSASHA384},
	ECDSAP521: {curve: elliptic.P521(), usual: ECDSASHA512},
}

// scheme is what a SignatureAlgorithm stands for. Only ECDSA has a curve.
type scheme struct {
	hash  crypto.Hash
	pss   bool
	curve elliptic.Curve
}

var schemes = map[SignatureAlgorithm]scheme{
	SHA256RSA:    {hash: crypto.SHA256},
	SHA384RSA:    {hash: crypto.SHA384},
	SHA512RSA:    {hash: crypto.SHA512},
	SHA256RSAPSS: {hash: crypto.SHA256, pss: true},
	SHA384RSAPSS: {hash: crypto.SHA384, pss: true},
	SHA512RSAPSS: {hash: crypto.SHA512, pss: true},
	ECDSASHA256:  {hash: crypto.SHA256, curve: elliptic.P256()},
	ECDSASHA384:  {hash: crypto.SHA384, curve: elliptic.P384()},
	ECDSASHA512:  {hash: crypto.SHA512, curve: elliptic.P521()},
}

// Algorithms lists all key algorithms.
func Algorithms() []Algorithm {
	return []Algorithm{RSA2048, RSA3072, RSA4096, ECDSAP256, ECDSAP384, ECDSAP521}
}

// Valid reports whether a is one of the key algorithms.
func (a Algorithm) Valid() bool { _, ok := keyKinds[a]; return ok }

// Signature returns the usual signature algorithm of a key: for ECDSA the only
// one, for RSA PKCS#1 v1.5 with SHA-256. It is empty where a is not valid.
func (a Algorithm) Signature() SignatureAlgorithm { return keyKinds[a].usual }

// Hash returns the hash whose digest is signed, 0 where s is not valid.
func (s SignatureAlgorithm) Hash() crypto.Hash { return schemes[s].hash }

// Options returns what crypto.Signer.Sign wants to be told.
func (s SignatureAlgorithm) options() crypto.SignerOpts {
	if kind := schemes[s]; kind.pss {
		return &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: kind.hash}
	}
	return schemes[s].hash
}

// AlgorithmOf returns the algorithm of a public key in DER. It refuses sizes,
// curves and exponents that no Algorithm has, and encodings that are not the
// one that crypto/x509 gives.
func AlgorithmOf(spki []byte) (Algorithm, error) {
	public, err := parseSPKI(spki)
	if err != nil {
		return "", err
	}
	return algorithmOfKey(public)
}

func algorithmOfKey(public crypto.PublicKey) (Algorithm, error) {
	switch key := public.(type) {
	case *rsa.PublicKey:
		if key.E != 65537 {
			return "", fmt.Errorf("public exponent %d: want 65537", key.E)
		}
		for _, a := range Algorithms() {
			if keyKinds[a].bits == key.N.BitLen() {
				return a, nil
			}
		}
		return "", fmt.Errorf("modulus of %d bits: want 2048, 3072 or 4096", key.N.BitLen())
	case *ecdsa.PublicKey:
		for _, a := range Algorithms() {
			if keyKinds[a].curve == key.Curve {
				return a, nil
			}
		}
		return "", fmt.Errorf("curve %s: want P-256, P-384 or P-521", key.Curve.Params().Name)
	}
	return "", fmt.Errorf("public key of type %T: want RSA or ECDSA", public)
}

func parseSPKI(spki []byte) (crypto.PublicKey, error) {
	public, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return nil, fmt.Errorf("parsing public key: %w", err)
	}
	if again, err := x509.MarshalPKIXPublicKey(public); err != nil || !bytes.Equal(again, spki) {
		return nil, errors.New("parsing public key: not in its one DER encoding")
	}
	return public, nil
}

// checkDigest refuses whatever must not come near a signing key: unknown
// algorithms, digests of another length, keys and hashes that do not match.
func checkDigest(spki []byte, algorithm SignatureAlgorithm, digest []byte) (crypto.PublicKey, error) {
	public, err := parseSPKI(spki)
	if err != nil {
		return nil, err
	}
	if _, err := algorithmOfKey(public); err != nil {
		return nil, err
	}
	kind, ok := schemes[algorithm]
	if !ok {
		return nil, fmt.Errorf("signature algorithm %q is not allowed", algorithm)
	}
	if len(digest) != kind.hash.Size() {
		return nil, fmt.Errorf("digest of %d bytes for %s: want %d", len(digest), algorithm, kind.hash.Size())
	}
	key, isECDSA := public.(*ecdsa.PublicKey)
	switch {
	case isECDSA && kind.curve == nil, !isECDSA && kind.curve != nil:
		return nil, fmt.Errorf("signature algorithm %s does not fit a key of type %T", algorithm, public)
	case isECDSA && kind.curve != key.Curve:
		return nil, fmt.Errorf("signature algorithm %s does not fit a key on %s", algorithm, key.Curve.Params().Name)
	}
	return public, nil
}

// Verify checks in software that signature is one by the key in spki over
// digest, in the form that X.509 wants. It returns ErrBadSignature, wrapped,
// where it is not.
func Verify(spki []byte, algorithm SignatureAlgorithm, digest, signature []byte) error {
	public, err := checkDigest(spki, algorithm, digest)
	if err != nil {
		return err
	}
	kind, good := schemes[algorithm], false
	switch key := public.(type) {
	case *ecdsa.PublicKey:
		good = ecdsa.VerifyASN1(key, digest, signature)
	case *rsa.PublicKey:
		if kind.pss {
			options := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: kind.hash}
			good = rsa.VerifyPSS(key, kind.hash, digest, signature, options) == nil
		} else {
			good = rsa.VerifyPKCS1v15(key, kind.hash, digest, signature) == nil
		}
	}
	if !good {
		return fmt.Errorf("%s over digest %x: %w", algorithm, digest, ErrBadSignature)
	}
	return nil
}
