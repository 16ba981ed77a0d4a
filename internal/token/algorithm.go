// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"fmt"

	"rootceremony/internal/algorithm"
)

// checkDigest refuses whatever must not come near a signing key: unknown
// algorithms, digests of another length, keys and hashes that do not match.
func checkDigest(spki []byte, alg algorithm.Signature, digest []byte) (crypto.PublicKey, error) {
	key, err := algorithm.KeyOf(spki)
	if err != nil {
		return nil, err
	}
	switch {
	case !alg.Valid():
		return nil, fmt.Errorf("signature algorithm %q is not allowed", alg)
	case len(digest) != alg.Hash().Size():
		return nil, fmt.Errorf("digest of %d bytes for %s: want %d", len(digest), alg, alg.Hash().Size())
	case !key.Makes(alg):
		return nil, fmt.Errorf("signature algorithm %s does not fit a key %s", alg, key)
	}
	return algorithm.ParseKey(spki)
}

// Verify checks in software that signature is one by the key in spki over
// digest, in the form that X.509 wants. It returns ErrBadSignature, wrapped,
// where it is not.
func Verify(spki []byte, alg algorithm.Signature, digest, signature []byte) error {
	public, err := checkDigest(spki, alg, digest)
	if err != nil {
		return err
	}
	good := false
	switch key := public.(type) {
	case *ecdsa.PublicKey:
		good = ecdsa.VerifyASN1(key, digest, signature)
	case *rsa.PublicKey:
		good = rsa.VerifyPKCS1v15(key, alg.Hash(), digest, signature) == nil
	}
	if !good {
		return fmt.Errorf("%s over digest %x: %w", alg, digest, ErrBadSignature)
	}
	return nil
}
