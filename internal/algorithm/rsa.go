// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package algorithm

import (
	"crypto"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"slices"
)

// maxModulus bounds the work that a hostile key can ask for.
const maxModulus = 16384

// rsaFamily is RSA: PKCS #1 v1.5, and PSS in what others made (RFC 8017).
func rsaFamily() family {
	return family{
		name: RSA, title: "RSA", anyHash: true,
		oid: "06092a864886f70d010101", arc: "1.2.840.113549.1.1.",
		has:      func(key crypto.PublicKey) bool { _, ok := key.(*rsa.PublicKey); return ok },
		key:      func(key crypto.PublicKey) Key { return Key(fmt.Sprintf("rsa-%d", modulusBits(key))) },
		describe: func(key crypto.PublicKey) string { return fmt.Sprintf("RSA %d", modulusBits(key)) },
		short:    func(key crypto.PublicKey) string { return fmt.Sprintf("RSA-%d", modulusBits(key)) },
		verify:   verifyRSA,
		usable:   usableRSA,
		generate: func(random io.Reader, f keyFacts) (crypto.Signer, error) { return rsa.GenerateKey(random, f.bits) },
		specimen: func(key crypto.PublicKey) []byte { return slices.Repeat([]byte{0x5a}, (modulusBits(key)+7)/8) },
		pkcs11: PKCS11{
			KeyType: "rsa", Attributes: []string{"CKA_MODULUS_BITS", "CKA_PUBLIC_EXPONENT"},
			Generate: Mechanism{0x0000, "CKM_RSA_PKCS_KEY_PAIR_GEN"}, Sign: Mechanism{0x0001, "CKM_RSA_PKCS"},
			// By FIPS 186; a device in its FIPS mode may list no other.
			Otherwise: []Mechanism{{0x000a, "CKM_RSA_X9_31_KEY_PAIR_GEN"}},
		},
	}
}

// modulusBits is 0 for a key of another family, as no caller has.
func modulusBits(key crypto.PublicKey) int {
	if k, ok := key.(*rsa.PublicKey); ok {
		return k.N.BitLen()
	}
	return 0
}

func usableRSA(key crypto.PublicKey) error {
	if k, ok := key.(*rsa.PublicKey); ok && k.E != 65537 {
		return fmt.Errorf("public exponent %d: want 65537", k.E)
	}
	if !rsaFamily().key(key).Valid() {
		return fmt.Errorf("modulus of %d bits: want %s", modulusBits(key), RSA.Sizes())
	}
	return nil
}

func verifyRSA(public crypto.PublicKey, s Scheme, digest, signature []byte) (err error) {
	key, ok := public.(*rsa.PublicKey)
	if !ok {
		return ErrSignature
	}
	if n := key.N.BitLen(); n > maxModulus {
		return fmt.Errorf("RSA modulus of %d bits, more than %d", n, maxModulus)
	}
	if s.PSS {
		err = rsa.VerifyPSS(key, s.Hash, digest, signature, &rsa.PSSOptions{SaltLength: s.Salt})
	} else {
		err = rsa.VerifyPKCS1v15(key, s.Hash, digest, signature)
	}
	if errors.Is(err, rsa.ErrVerification) {
		return ErrSignature
	}
	if err != nil {
		return fmt.Errorf("verifying the RSA signature: %w", err)
	}
	return nil
}
