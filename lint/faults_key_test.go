// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"crypto/rsa"
	"math/big"
	"testing"

	"rootceremony/internal/algorithm"
)

// otherKey gives an object another key.
func otherKey(name string, level Status, public func(t *testing.T) []byte) broken {
	return broken{name, level, "key.quality cert.alg-table object.parse", part(atKey, func(t *testing.T, _ *made, _ []byte) []byte { return public(t) })}
}

// number makes an RSA key of a modulus.
func number(e int, n func(t *testing.T) *big.Int) func(t *testing.T) []byte {
	return func(t *testing.T) []byte { return rsaSPKI(t, n(t), e) }
}

// good is a modulus without a fault.
func good(t *testing.T) *big.Int { return key(t, algorithm.RSA2048, "q").Public().(*rsa.PublicKey).N }

// ofBits makes an odd number without small factors that is no prime; nobody knows its
// factors. Its two highest bits are set, so that the length of a product does not depend
// on the key.
func ofBits(bits uint) func(*testing.T) *big.Int {
	return func(t *testing.T) *big.Int {
		n := new(big.Int).Lsh(good(t), 1)
		n.Rsh(n, 2049-bits)
		n.SetBit(n, 0, 1)
		n.SetBit(n, int(bits)-2, 1)
		for range 100_000 {
			if smallFactor(n) == 0 && !looksLikeROCA(n) && !n.ProbablyPrime(0) {
				return n
			}
			n.Add(n, big.NewInt(2))
		}
		panic("every number has a small factor, is of ROCA, or is prime")
	}
}

// primeOf makes a prime from the bits of the good modulus.
func primeOf(t *testing.T, bits uint) *big.Int {
	p := ofBits(bits)(t)
	for !p.ProbablyPrime(0) {
		p.Add(p, big.NewInt(2))
	}
	return p
}

// next gives the prime after p.
func next(p *big.Int) *big.Int {
	q := new(big.Int).Add(p, big.NewInt(2))
	for !q.ProbablyPrime(0) {
		q.Add(q, big.NewInt(2))
	}
	return q
}

// rocaPrime makes a prime as the flawed library did: k*M + (65537^a mod M), M
// the product of the first 126 primes (CVE-2017-15361, Nemec et al. 2017).
func rocaPrime(a int64) *big.Int {
	m := big.NewInt(1)
	for _, p := range primesBelow(702) {
		m.Mul(m, big.NewInt(p))
	}
	base := new(big.Int).Exp(big.NewInt(65537), big.NewInt(a), m)
	k := new(big.Int).Lsh(big.NewInt(3), 1022-uint(m.BitLen()))
	for range 100_000 {
		p := new(big.Int).Add(base, new(big.Int).Mul(k, m))
		if p.ProbablyPrime(0) {
			return p
		}
		k.Add(k, big.NewInt(1))
	}
	panic("no prime of this form: primesBelow gives others than primes")
}

// roca makes a modulus as the flawed library did.
func roca(*testing.T) *big.Int { return new(big.Int).Mul(rocaPrime(1234567), rocaPrime(7654321)) }

// ec makes the key of a point as given.
func ec(curve string, point ...byte) func(t *testing.T) []byte {
	return func(t *testing.T) []byte {
		return seq(t, seq(t, rawOID(t, "1.2.840.10045.2.1"), rawOID(t, curve)), bits(t, point))
	}
}

// keyFaults break the key that is certified.
var keyFaults = []broken{
	otherKey("RSA of 1024 bits", Error, number(65537, ofBits(1024))),
	otherKey("RSA of 2047 bits", Error, number(65537, ofBits(2047))),
	otherKey("RSA of 2041 bits", Error, number(65537, ofBits(2041))),
	otherKey("an even modulus", Error, number(65537, func(t *testing.T) *big.Int { return new(big.Int).Sub(good(t), big.NewInt(1)) })),
	otherKey("a modulus divisible by 3", Warning, number(65537, func(t *testing.T) *big.Int {
		n := ofBits(2046)(t)
		return n.Mul(n, big.NewInt(3))
	})),
	otherKey("a modulus divisible by 751", Warning, number(65537, func(t *testing.T) *big.Int {
		n := ofBits(2038)(t)
		return n.Mul(n, big.NewInt(751))
	})),
	otherKey("a modulus that is prime", Error, number(65537, func(t *testing.T) *big.Int { return primeOf(t, 2048) })),
	otherKey("a modulus that is a square", Error, number(65537, func(t *testing.T) *big.Int {
		p := primeOf(t, 1024)
		return p.Mul(p, p)
	})),
	otherKey("close primes", Error, number(65537, func(t *testing.T) *big.Int {
		p := primeOf(t, 1024)
		return new(big.Int).Mul(p, next(p))
	})),
	otherKey("a modulus of ROCA", Error, number(65537, roca)),
	otherKey("an exponent of 1", Error, number(1, good)),
	otherKey("an even exponent", Error, number(65536, good)),
	otherKey("an exponent of 3", Warning, number(3, good)),
	otherKey("RSA without NULL", Error, func(t *testing.T) []byte {
		return bytes.Replace(fixLength(rsaSPKI(t, good(t), 65537), -2), []byte{0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0}, []byte{0x30, 11, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1}, 1)
	}),
	otherKey("RSA for PSS only", Error, func(t *testing.T) []byte {
		b := rsaSPKI(t, good(t), 65537)
		return bytes.Replace(b, []byte{0xf7, 13, 1, 1, 1}, []byte{0xf7, 13, 1, 1, 10}, 1)
	}),
	otherKey("P-224", Error, func(t *testing.T) []byte { return p224(t) }),
	otherKey("secp256k1", Error, ec("1.3.132.0.10", append([]byte{4}, make([]byte, 64)...)...)),
	otherKey("a point beside the curve", Error, ec("1.3.132.0.34", append([]byte{4}, bytes.Repeat([]byte{1}, 96)...)...)),
	otherKey("the point at infinity", Error, ec("1.3.132.0.34", 0)),
	otherKey("a compressed point", Error, ec("1.2.840.10045.3.1.7", append([]byte{2}, bytes.Repeat([]byte{7}, 32)...)...)),
	otherKey("Ed25519", Error, func(t *testing.T) []byte { return seq(t, seq(t, rawOID(t, "1.3.101.112")), bits(t, make([]byte, 32))) }),
	otherKey("ML-DSA-65", Error, func(t *testing.T) []byte {
		return seq(t, seq(t, rawOID(t, "2.16.840.1.101.3.4.3.18")), bits(t, make([]byte, 1952)))
	}),
	otherKey("DSA", Error, func(t *testing.T) []byte {
		return seq(t, seq(t, rawOID(t, "1.2.840.10040.4.1"), seq(t, []byte{2, 1, 7, 2, 1, 3, 2, 1, 2})), bits(t, []byte{2, 1, 5}))
	}),
}

// fixLength changes the length of a long SEQUENCE.
func fixLength(b []byte, by int) []byte {
	n := (int(b[2])<<8 | int(b[3])) + by
	b[2], b[3] = byte(n>>8), byte(n)
	return b
}

// p224 is the base point of P-224.
func p224(t *testing.T) []byte {
	g, _ := new(big.Int).SetString("b70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21bd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34", 16)
	return ec("1.3.132.0.33", append([]byte{4}, g.FillBytes(make([]byte, 56))...)...)(t)
}

// The fingerprint of ROCA is found in what the flawed library made, and in none
// of many other numbers.
func TestROCA(t *testing.T) {
	if !looksLikeROCA(roca(t)) {
		t.Error("a modulus of ROCA is not recognised")
	}
	if looksLikeROCA(new(big.Int).Mul(rocaPrime(99), primeOf(t, 1024))) {
		t.Error("one good prime is enough to lose the fingerprint")
	}
	n := new(big.Int).Set(good(t))
	for range 2000 {
		if n.Add(n, big.NewInt(2)); looksLikeROCA(n) {
			t.Errorf("%x looks like ROCA", n)
		}
	}
}
