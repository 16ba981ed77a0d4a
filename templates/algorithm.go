// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/profiles"
)

// algorithms are AlgorithmIdentifiers byte for byte as BR 7.1.3.2 prints them:
// RSA with NULL parameters (RFC 4055 5), ECDSA without (RFC 5758 3.2).
var algorithms = map[profiles.SignatureAlgorithm][]byte{
	profiles.SHA256RSA:   {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00},
	profiles.SHA384RSA:   {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c, 0x05, 0x00},
	profiles.SHA512RSA:   {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d, 0x05, 0x00},
	profiles.ECDSASHA256: {0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02},
	profiles.ECDSASHA384: {0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03},
	profiles.ECDSASHA512: {0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04},
}

// AlgorithmIdentifier returns the DER of a signature algorithm, the exact bytes
// of BR 7.1.3.2.
func AlgorithmIdentifier(alg profiles.SignatureAlgorithm) ([]byte, error) {
	der, ok := algorithms[alg]
	if !ok {
		return nil, fmt.Errorf("unknown signature algorithm %q", string(alg))
	}
	return slices.Clone(der), nil
}

// addAlgorithm writes the AlgorithmIdentifier of a signature.
func addAlgorithm(b *cryptobyte.Builder, alg profiles.SignatureAlgorithm) {
	der, err := AlgorithmIdentifier(alg)
	if err != nil {
		b.SetError(err)
		return
	}
	b.AddBytes(der)
}

// Specimen returns a static signature of full size for a key of that many bits,
// for linting an object before it is signed. Linters infer the curve from the
// size, so the two integers of an ECDSA signature are positive and as long as
// the order of the curve. It returns nil for an unknown algorithm.
func Specimen(alg profiles.SignatureAlgorithm, keyBits int) []byte {
	octets := (keyBits + 7) / 8
	switch {
	case octets < 1:
		return nil
	case alg.Family() == "rsa":
		return slices.Repeat([]byte{0x5a}, octets)
	case alg.Family() == "ecdsa":
		return specimenECDSA(keyBits, octets)
	}
	return nil
}

// specimenECDSA is an Ecdsa-Sig-Value, RFC 3279 2.2.3. Both integers are as long
// as the order of the curve and larger than it: nobody can take the value for a
// signature, and a parser that tries to verify it is done at once.
func specimenECDSA(keyBits, octets int) []byte {
	n := slices.Repeat([]byte{0xff}, octets)
	if keyBits%8 == 1 { // P-521: the first octet holds one bit
		n[0] = 0x01
	} else {
		n = slices.Insert(n, 0, 0) // it is positive
	}
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for range 2 {
			b.AddASN1(asn1.INTEGER, func(b *cryptobyte.Builder) { b.AddBytes(n) })
		}
	})
	return b.BytesOrPanic()
}
