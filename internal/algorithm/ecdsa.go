// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package algorithm

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/asn1"
	"fmt"
	"io"
	"math/big"
	"slices"
)

// ecdsaFamily is ECDSA (RFC 3279 2.2.3, RFC 5480).
func ecdsaFamily() family {
	return family{
		name: ECDSA, title: "ECDSA",
		oid: "06072a8648ce3d0201", arc: "1.2.840.10045.4.",
		has:      func(key crypto.PublicKey) bool { _, ok := key.(*ecdsa.PublicKey); return ok },
		key:      func(key crypto.PublicKey) Key { return Key(fmt.Sprintf("ecdsa-p%d", curveOf(key).BitSize)) },
		describe: func(key crypto.PublicKey) string { return "ECDSA " + curveOf(key).Name },
		short:    func(key crypto.PublicKey) string { return curveOf(key).Name },
		verify:   verifyECDSA,
		oneForm:  lowerS,
		usable:   usableECDSA,
		generate: func(random io.Reader, f keyFacts) (crypto.Signer, error) { return generateECDSA(random, f.curve) },
		specimen: specimenECDSA,
		pkcs11: PKCS11{
			KeyType: "ec", Attributes: []string{"CKA_EC_PARAMS"},
			Generate: Mechanism{0x1040, "CKM_EC_KEY_PAIR_GEN"}, Sign: Mechanism{0x1041, "CKM_ECDSA"},
		},
	}
}

// curveOf is empty for a key of another family, as no caller has.
func curveOf(key crypto.PublicKey) *elliptic.CurveParams {
	if k, ok := key.(*ecdsa.PublicKey); ok {
		return k.Params()
	}
	return &elliptic.CurveParams{}
}

func usableECDSA(key crypto.PublicKey) error {
	if !ecdsaFamily().key(key).Valid() {
		return fmt.Errorf("curve %s: want %s", curveOf(key).Name, ECDSA.Sizes())
	}
	return nil
}

func verifyECDSA(key crypto.PublicKey, _ Scheme, digest, signature []byte) error {
	if !ecdsaFamily().key(key).Valid() {
		return fmt.Errorf("curve %s is not accepted", curveOf(key).Name)
	}
	k, ok := key.(*ecdsa.PublicKey)
	return verdict(ok && ecdsa.VerifyASN1(k, digest, signature))
}

// lowerS gives the one of the two valid forms of a signature whose s is the lower one.
// With (r, s), (r, n-s) is valid as well (SEC 1, 4.1.4): the same point with the other
// sign has the same r. Anybody can make one of the other, without the key.
func lowerS(key crypto.PublicKey, signature []byte) []byte {
	var value struct{ R, S *big.Int } // Ecdsa-Sig-Value, RFC 3279 2.2.3
	if rest, err := asn1.Unmarshal(signature, &value); err != nil || len(rest) > 0 {
		return signature
	}
	order := curveOf(key).N
	if new(big.Int).Lsh(value.S, 1).Cmp(order) <= 0 {
		return signature
	}
	value.S.Sub(order, value.S)
	out, err := asn1.Marshal(value)
	if err != nil {
		return signature
	}
	return out
}

// generateECDSA draws private keys until one is in [1, n-1] (FIPS 186-5,
// A.2.2). crypto/ecdsa does the same, but from Go 1.26 on no longer lets the
// caller say from which source.
func generateECDSA(random io.Reader, curve elliptic.Curve) (*ecdsa.PrivateKey, error) {
	order := curve.Params().N
	scalar := make([]byte, (order.BitLen()+7)/8)
	for {
		if _, err := io.ReadFull(random, scalar); err != nil {
			return nil, fmt.Errorf("reading random bytes: %w", err)
		}
		scalar[0] &= byte(1<<((order.BitLen()-1)%8+1) - 1)
		if d := new(big.Int).SetBytes(scalar); d.Sign() > 0 && d.Cmp(order) < 0 {
			return ecdsa.ParseRawPrivateKey(curve, scalar)
		}
	}
}

// specimenECDSA is an Ecdsa-Sig-Value, RFC 3279 2.2.3. Linters infer the curve
// from the size, so both integers are as long as the order of the curve. They
// are larger than it: the value cannot be mistaken for a signature, and a
// parser that tries to verify it stops at once.
func specimenECDSA(key crypto.PublicKey) []byte {
	bits := curveOf(key).BitSize
	n := slices.Repeat([]byte{0xff}, (bits+7)/8)
	if bits%8 == 1 { // P-521: the first octet holds one bit
		n[0] = 0x01
	} else {
		n = slices.Insert(n, 0, 0) // it is positive
	}
	number := slices.Concat([]byte{0x02, byte(len(n))}, n)
	contents := slices.Concat(number, number)
	head := []byte{0x30, byte(len(contents))}
	if len(contents) > 127 {
		head = []byte{0x30, 0x81, byte(len(contents))}
	}
	return append(head, contents...)
}
