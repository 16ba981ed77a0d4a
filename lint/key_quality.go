// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/asn1"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"sync"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
)

// publicKeyBits gives the contents of the BIT STRING of a SubjectPublicKeyInfo.
func publicKeyBits(spki []byte) []byte {
	parts, err := sequence(spki)
	if err != nil || len(parts) != 2 {
		return nil
	}
	var bits asn1.BitString
	if rest, err := asn1.Unmarshal(parts[1].FullBytes, &bits); err != nil || len(rest) > 0 {
		return nil
	}
	return bits.RightAlign()
}

func checkKeyQuality(t *target) []problem {
	if postQuantum(keyAlgorithm(t.spki)) || t.unsupportedKey() {
		return lacksContext(FieldKey, NeedLibrary)
	}
	ps := shapes.of(t.spki, func() []problem { return keyShape(t.key, t.spki) })
	ps = t.askedOfKeys(slices.Clone(ps))
	if t.keys != nil {
		ps = append(ps, t.keys.problems(t.spki, t.key)...)
	}
	return ps
}

// shapes is the memory of the process for [keyShape].
var shapes memory[[]problem] //nolint:gochecknoglobals // a cache of pure results

// Days since which documents ask for sizes and exponents of keys, and what they SHOULD
// have.
var (
	sinceKeySizes   = packDates{PackTLS: dateBR1, PackSMIME: dateSMIME, PackCodeSigning: dateCSBR, PackMozilla: dateMRSP22}
	sinceKeyQuality = packDates{PackTLS: dateBR111, PackSMIME: dateSMIME, PackCodeSigning: dateCSBR}
)

// askedOfKeys marks as house what no document asked of a key when the object was signed:
// clients refuse a key that is too small or has another exponent all the same.
func (t *target) askedOfKeys(ps []problem) []problem {
	for i := range ps {
		docs := sinceKeySizes
		if ps[i].level == Warning {
			docs = sinceKeyQuality
		}
		if t.obj.Declared != nil && !t.askedBy(docs) {
			ps[i].house = HouseUnusable
		}
	}
	return ps
}

// signedByOther tells that the key that signs is another than the one
// certified, which key.quality checks, and that key checks are on.
func signedByOther(t *target) bool { return t.keys != nil && !bytes.Equal(t.spki, t.ctx.IssuerKey) }

// checkSigner checks the key of the signer. People may accept it, for the last
// CRL of a CA that is shut down.
func checkSigner(t *target) []problem {
	ps := at(Error, t.keys.problems(t.ctx.IssuerKey, t.signer))
	for i := range ps {
		ps[i].field = FieldIssuer
	}
	return ps
}

// keyShape checks what a key shows without a search.
func keyShape(key crypto.PublicKey, spki []byte) []problem {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return checkRSA(k)
	case *ecdsa.PublicKey:
		if !algorithm.NameOf(k).Valid() {
			return citing("BR 6.1.5", fault(FieldKey, "curve %s", describeKey(k)))
		}
		if _, err := k.ECDH(); err != nil {
			return citing("BR 6.1.6", fault(FieldKey, "the point is not on %s: %v", describeKey(k), err))
		}
		return nil
	case ed25519.PublicKey:
		return nil // any 32 octets; cert.alg-table says where it is permitted
	}
	return unreadKey(spki)
}

// unreadKey says what a key is that nothing here reads.
func unreadKey(spki []byte) []problem {
	what := inspect.KeyDescription(spki)
	curve, onCurve := strings.CutPrefix(what, "ecPublicKey on curve ")
	switch inspect.UnreadKey(spki) {
	case inspect.KeyUnknown:
		return citing("BR 6.1.5", fault(FieldKey, "the key is %s, and neither RSA, ECDSA nor Ed25519", what))
	case inspect.KeyOtherCurve:
		return citing("BR 6.1.5", fault(FieldKey, "the key is %s, and not on P-256, P-384 or P-521", what))
	case inspect.KeyCompressed:
		return citing("RFC 5480 2.2", fault(FieldKey, "the key is a compressed point on %s, which readers need not support", curve))
	}
	if onCurve {
		return citing("BR 6.1.6", fault(FieldKey, "the key is no point on %s", curve))
	}
	return citing("BR 6.1.6", fault(FieldKey, "the key is not readable: %s", what))
}

// unsupportedKey reports whether the key of what somebody else made is one that nothing
// here reads, where no document that binds it says which keys it may have: that is no
// error of the object. None forbids a compressed point (RFC 5480 2.2).
func (t *target) unsupportedKey() bool {
	ec, onCurve := t.key.(*ecdsa.PublicKey)
	switch {
	case !t.ctx.Published:
		return false
	case onCurve:
		return !algorithm.NameOf(ec).Valid() && !t.askedBy(sinceKeySizes)
	case t.key != nil:
		return false
	}
	why := inspect.UnreadKey(t.spki)
	return why == inspect.KeyCompressed || why != inspect.KeyMalformed && !t.askedBy(sinceKeySizes)
}

// computable says why anyone can compute the private key, if so. The search
// takes time and runs once for each key. The finding cannot be waived.
func computable(key crypto.PublicKey) []problem {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if why := badModulus(k.N); why != "" {
			return at(Fatal, fault(FieldKey, "%s", why))
		}
	case *ecdsa.PublicKey:
		if hasSmallPrivateKey(k) {
			return at(Fatal, fault(FieldKey, "the private key d, or n-d, is at most 2^%d: anyone can compute it", smallKeyBits))
		}
	}
	return nil
}

// checkRSA checks an RSA key.
func checkRSA(k *rsa.PublicKey) (ps []problem) {
	n := k.N
	switch {
	case n.BitLen() < 2048:
		ps = append(ps, citing("BR 6.1.5", fault(FieldKey, "a modulus of %d bits", n.BitLen()))...)
	case n.BitLen()%8 != 0:
		ps = append(ps, citing("BR 6.1.5", fault(FieldKey, "a modulus of %d bits, not divisible by 8", n.BitLen()))...)
	}
	switch {
	case k.E < 3 || k.E%2 == 0:
		ps = append(ps, citing("BR 6.1.6", fault(FieldKey, "exponent %d", k.E))...)
	case k.E < 1<<16+1:
		ps = append(ps, citing("BR 6.1.6, SHOULD", at(Warning, fault(FieldKey, "exponent %d is smaller than 2^16+1", k.E)))...)
	}
	switch p := smallFactor(n); {
	case p == 0:
	case p == 2: // half of it is the other factor
		ps = append(ps, citing("BR 6.1.6", fault(FieldKey, "the modulus is even"))...)
	default:
		ps = append(ps, citing("BR 6.1.6, SHOULD NOT", at(Warning, fault(FieldKey, "the modulus is divisible by %d", p)))...)
	}
	if looksLikeROCA(n) {
		ps = append(ps, citing("BR 6.1.1.3", fault(FieldKey, "the modulus has the fingerprint of ROCA (CVE-2017-15361)"))...)
	}
	return ps
}

// primes are those that BR 6.1.6 wants no modulus to be divisible by.
var primes = sync.OnceValue(func() []int64 { return sieve(752) }) //nolint:gochecknoglobals // a constant that takes time to make

// primesBelow lists primes up to 752, for moduli that have such a factor.
func primesBelow(limit int64) []int64 {
	all := primes()
	n, _ := slices.BinarySearch(all, limit)
	return all[:n]
}

func sieve(limit int64) (out []int64) {
	for c := int64(2); c < limit; c++ {
		prime := true
		for _, p := range out {
			if c%p == 0 {
				prime = false
				break
			}
		}
		if prime {
			out = append(out, c)
		}
	}
	return out
}

// smallFactor gives a prime factor below 752 (BR 6.1.6), or 0.
func smallFactor(n *big.Int) int64 {
	var r big.Int
	for _, p := range primesBelow(752) {
		if r.Mod(n, big.NewInt(p)).Sign() == 0 {
			return p
		}
	}
	return 0
}

// looksLikeROCA reports whether n is, modulo each small prime, a power of
// 65537, as moduli of the flawed generator are. One random modulus in 2^27 is
// too.
func looksLikeROCA(n *big.Int) bool {
	var r big.Int
	for _, p := range primesBelow(168)[1:] {
		rest := r.Mod(n, big.NewInt(p)).Int64()
		found := false
		for x, i := int64(1), int64(0); i < p && !found; i++ {
			found = x == rest
			x = x * (65537 % p) % p
		}
		if !found {
			return false
		}
	}
	return true
}

// fermatRounds is how many steps apart the two primes may be at most to be
// found; the number BR 6.1.1.3 gives.
const fermatRounds = 100

// badModulus says why a modulus is weak, if it is: it is prime, the power of a
// prime, or the product of two close primes.
func badModulus(n *big.Int) string {
	if n.ProbablyPrime(0) {
		return "the modulus is prime"
	}
	for _, k := range primesBelow(8) {
		if isPower(n, k) {
			return fmt.Sprintf("the modulus is a power of %d", k)
		}
	}
	a := new(big.Int).Sqrt(n)
	one, b2, b := big.NewInt(1), new(big.Int), new(big.Int)
	for range fermatRounds {
		a.Add(a, one)
		b2.Sub(b2.Mul(a, a), n)
		if b.Sqrt(b2); new(big.Int).Mul(b, b).Cmp(b2) == 0 {
			return "the two primes are close: Fermat's method finds them"
		}
	}
	return ""
}

// isPower reports whether n is a kth power, by bisection.
func isPower(n *big.Int, k int64) bool {
	low, high := big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), uint(int64(n.BitLen())/k+1))
	mid, pow, exp := new(big.Int), new(big.Int), big.NewInt(k)
	for low.Cmp(high) <= 0 {
		mid.Rsh(mid.Add(low, high), 1)
		switch pow.Exp(mid, exp, nil).Cmp(n) {
		case 0:
			return true
		case -1:
			low.Add(mid, big.NewInt(1))
		default:
			high.Sub(mid, big.NewInt(1))
		}
	}
	return false
}
