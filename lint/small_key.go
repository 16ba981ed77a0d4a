// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"math/big"
	"sync"

	"rootceremony/internal/algorithm"
)

// A private key d of ECDSA that is small, or the order of the curve less a
// small number, is easy to find: the eight keys of Mozilla bug 2083449 were all
// below 256. Baby steps and giant steps find it. Of 1G to mG the x coordinates
// are known, which -1G to -mG share; the key Q is one of ±(2mk±j)G when Q-2mkG
// or Q+2mkG is among them, for j up to m and k up to [giantSteps].
const (
	babySteps  = 1 << 11
	giantSteps = 1 << 9
	// smallKeyBits is how far private keys are searched at least: 2mk reaches 2^21.
	smallKeyBits = 21
)

// affine is a point that is not the point at infinity.
type affine struct{ x, y *big.Int }

// steps are the points of one curve that a search compares with.
type steps struct {
	curve *elliptic.CurveParams
	baby  map[string]bool // x coordinates
	giant []affine
}

// stepsOf makes the steps of a curve when a key on it is first seen. They are
// tables, and cost some milliseconds.
var stepsOf = func() map[elliptic.Curve]func() *steps {
	out := map[elliptic.Curve]func() *steps{}
	for _, k := range algorithm.Keys() {
		if c := k.Curve(); c != nil {
			out[c] = sync.OnceValue(func() *steps { return newSteps(c.Params()) })
		}
	}
	return out
}()

func newSteps(c *elliptic.CurveParams) *steps {
	s := &steps{curve: c, baby: make(map[string]bool, babySteps)}
	baby := s.multiples(affine{c.Gx, c.Gy}, babySteps)
	for _, p := range baby {
		s.baby[string(p.x.Bytes())] = true
	}
	stride := s.add(baby[babySteps-1:], baby[babySteps-1])[0]
	s.giant = s.multiples(stride, giantSteps)
	return s
}

// multiples gives 1P to nP, n being a power of two: what there is, moved by its
// last member, gives as many again.
func (s *steps) multiples(p affine, n int) []affine {
	list := make([]affine, 1, n)
	list[0] = p
	for len(list) < n {
		list = append(list, s.add(list, list[len(list)-1])...)
	}
	return list
}

// add adds p to each member of a list, none of which is -p. All of them need an
// inverse modulo the prime of the field, and one inversion gives them all.
func (s *steps) add(list []affine, p affine) []affine {
	below := make([]*big.Int, len(list))
	for i, q := range list {
		if below[i] = s.mod(new(big.Int).Sub(p.x, q.x)); below[i].Sign() == 0 {
			below[i] = s.mod(new(big.Int).Lsh(p.y, 1)) // p is doubled
		}
	}
	s.invert(below)
	out := make([]affine, len(list))
	for i, q := range list {
		slope := new(big.Int).Sub(p.y, q.y)
		if p.x.Cmp(q.x) == 0 { // the tangent; a is -3 on all three curves
			slope.Mul(p.x, p.x)
			slope.Mul(slope.Sub(slope, big.NewInt(1)), big.NewInt(3))
		}
		s.mod(slope.Mul(s.mod(slope), below[i]))
		x := s.sumX(slope, p.x, q.x)
		y := new(big.Int).Sub(p.x, x)
		y.Sub(y.Mul(y, slope), p.y)
		out[i] = affine{x, s.mod(y)}
	}
	return out
}

// sumX gives the x coordinate of a sum by the slope of the line through both.
func (s *steps) sumX(slope, x1, x2 *big.Int) *big.Int {
	x := new(big.Int).Mul(slope, slope)
	return s.mod(x.Sub(x.Sub(x, x1), x2))
}

func (s *steps) mod(n *big.Int) *big.Int { return n.Mod(n, s.curve.P) }

// invert inverts each member of a list, none of which is 0: the inverse of the
// product of all, times the product of the others.
func (s *steps) invert(list []*big.Int) {
	before := make([]*big.Int, len(list)) // the product of those before
	product := big.NewInt(1)
	for i, n := range list {
		before[i] = product
		product = s.mod(new(big.Int).Mul(product, n))
	}
	product.ModInverse(product, s.curve.P)
	for i := len(list) - 1; i >= 0; i-- {
		inverse := s.mod(before[i].Mul(before[i], product))
		s.mod(product.Mul(product, list[i]))
		list[i] = inverse
	}
}

// hasSmallPrivateKey reports whether the private key, or its negation, is at most
// 2^[smallKeyBits]. Keys on other curves are refused for that.
func hasSmallPrivateKey(k *ecdsa.PublicKey) bool {
	made := stepsOf[k.Curve]
	point, err := k.ECDH()
	if made == nil || err != nil {
		return false // a problem of its own
	}
	xy := point.Bytes()[1:] // after the octet for an uncompressed point
	q := affine{new(big.Int).SetBytes(xy[:len(xy)/2]), new(big.Int).SetBytes(xy[len(xy)/2:])}
	return made().reach(q)
}

// reach reports whether a point is one that the steps find.
func (s *steps) reach(q affine) bool {
	if s.baby[string(q.x.Bytes())] {
		return true
	}
	below := make([]*big.Int, len(s.giant))
	for i, g := range s.giant {
		if below[i] = s.mod(new(big.Int).Sub(g.x, q.x)); below[i].Sign() == 0 {
			return true
		}
	}
	s.invert(below)
	for i, g := range s.giant {
		for _, rise := range []*big.Int{new(big.Int).Sub(g.y, q.y), new(big.Int).Add(g.y, q.y)} { // g+q and g-q
			slope := s.mod(rise.Mul(rise, below[i]))
			if s.baby[string(s.sumX(slope, g.x, q.x).Bytes())] {
				return true
			}
		}
	}
	return false
}
