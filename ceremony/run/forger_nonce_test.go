// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"crypto/ed25519"
	"crypto/sha512"
	"math/big"
	"slices"
)

// The curve of Ed25519 (RFC 8032 5.1): its prime, the order of its base point and the
// constant d; and that point.
var (
	edPrime = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	edOrder = bigOf("7237005577332262213973186563042994240857116359379907606001950938285454250989")
	edD     = bigOf("37095705934669439343138083508754565189542113879843219016388785533085940283555")
	edBase  = edPoint{bigOf("15112221349535400772501151409588531511454012693041857206046113283949847762202"), bigOf("46316835694926478169428394003475163141307993866256225615783033603165251855960")}
)

func bigOf(decimal string) *big.Int {
	n, _ := new(big.Int).SetString(decimal, 10)
	return n
}

type edPoint struct{ x, y *big.Int }

func edMod(n *big.Int) *big.Int { return n.Mod(n, edPrime) }

func edMul(a, b *big.Int) *big.Int { return edMod(new(big.Int).Mul(a, b)) }

// plus adds points by the law of the curve: slowly, for tests alone.
func (p edPoint) plus(q edPoint) edPoint {
	one, cross := big.NewInt(1), edMul(edD, edMul(edMul(p.x, q.x), edMul(p.y, q.y)))
	over := func(n, by *big.Int) *big.Int { return edMul(n, new(big.Int).ModInverse(edMod(by), edPrime)) }
	return edPoint{
		over(new(big.Int).Add(edMul(p.x, q.y), edMul(p.y, q.x)), new(big.Int).Add(one, cross)),
		over(new(big.Int).Add(edMul(p.y, q.y), edMul(p.x, q.x)), new(big.Int).Sub(one, cross)),
	}
}

func (p edPoint) times(n *big.Int) edPoint {
	sum := edPoint{big.NewInt(0), big.NewInt(1)}
	for i := n.BitLen() - 1; i >= 0; i-- {
		if sum = sum.plus(sum); n.Bit(i) == 1 {
			sum = sum.plus(p)
		}
	}
	return sum
}

func littleEndian(n *big.Int) []byte {
	b := n.FillBytes(make([]byte, 32))
	slices.Reverse(b)
	return b
}

func fromLittleEndian(b []byte) *big.Int {
	b = slices.Clone(b)
	slices.Reverse(b)
	return new(big.Int).SetBytes(b)
}

// otherEd25519 is a signature with another nonce than the one that RFC 8032 5.1.6 derives
// from the key: whoever has the key makes as many signatures of the same bytes as they like.
func otherEd25519(key ed25519.PrivateKey, msg []byte, nonce byte) []byte {
	h := sha512.Sum512(key.Seed())
	h[0] &= 248
	h[31] = h[31]&127 | 64
	n := new(big.Int).Add(big.NewInt(1000), big.NewInt(int64(nonce)))
	at := edBase.times(n)
	r := littleEndian(at.y)
	r[31] |= byte(at.x.Bit(0) << 7)
	k := sha512.Sum512(slices.Concat(r, key[ed25519.SeedSize:], msg))
	s := new(big.Int).Mul(fromLittleEndian(k[:]), fromLittleEndian(h[:32]))
	return append(r, littleEndian(s.Mod(s.Add(s, n), edOrder))...)
}
