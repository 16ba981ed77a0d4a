// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"math/big"
	"testing"
)

// withPrivate gives the public key of a private key.
func withPrivate(t testing.TB, c elliptic.Curve, d *big.Int) *ecdsa.PublicKey {
	t.Helper()
	k, err := ecdsa.ParseRawPrivateKey(c, d.FillBytes(make([]byte, (c.Params().BitSize+7)/8)))
	if err != nil {
		t.Fatal(err)
	}
	return &k.PublicKey
}

// TestSmallPrivateKey finds every kind of number up to the bound, and its
// negation, on each curve, and takes no other key for small.
func TestSmallPrivateKey(t *testing.T) {
	const stride = 2 * babySteps
	var numbers []int64
	for _, n := range []int64{1, 2, 5, 13, 255, babySteps, stride, 12345, 1<<16 + 1, 1 << 20, 1<<20 + 1, 1<<20 + 1<<19 + 7, giantSteps * stride / 2} {
		numbers = append(numbers, n, n+babySteps, max(1, n-babySteps), n+1, max(1, n-1))
	}
	numbers = append(numbers, 1<<smallKeyBits-1, 1<<smallKeyBits)
	for _, c := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		name := c.Params().Name
		for _, n := range numbers {
			d := big.NewInt(n)
			if !hasSmallPrivateKey(withPrivate(t, c, d)) {
				t.Errorf("%s: %d is not found", name, n)
			}
			if !hasSmallPrivateKey(withPrivate(t, c, d.Sub(c.Params().N, d))) {
				t.Errorf("%s: n-%d is not found", name, n)
			}
		}
		for _, n := range []int64{1 << 22, 1 << 40} {
			if hasSmallPrivateKey(withPrivate(t, c, big.NewInt(n))) {
				t.Errorf("%s: %d is small", name, n)
			}
		}
		k, err := ecdsa.GenerateKey(c, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if hasSmallPrivateKey(&k.PublicKey) {
			t.Errorf("%s: a random key is small", name)
		}
	}
}

// smallSPKI is the public key of the private key 13, which was delivered once.
func smallSPKI(t testing.TB) []byte {
	t.Helper()
	spki, err := x509.MarshalPKIXPublicKey(withPrivate(t, elliptic.P384(), big.NewInt(13)))
	if err != nil {
		t.Fatal(err)
	}
	return spki
}

// TestSmallKeysAreFound finds a small key wherever it occurs: certified, asked
// for, signing, or bare, when it was just made.
func TestSmallKeysAreFound(t *testing.T) {
	l, err := New(Options{KeyLints: true})
	if err != nil {
		t.Fatal(err)
	}
	w, spki := newHierarchy(t), smallSPKI(t)
	certified := keyed(t, w, spki)
	asked := edit(t, w.request, nil, func(p [][]byte) [][]byte { p[2] = spki; return p })
	signing := *w.crl
	signing.ctx.IssuerKey = spki
	for name, c := range map[string]struct {
		m     *made
		rule  string
		level Status
	}{"certificate": {certified, ruleKeyQuality, Fatal}, "request": {asked, ruleKeyQuality, Fatal}, "signer": {&signing, "key.signer", Error}} {
		if r := c.m.check(l); !found(r, c.rule, c.level) {
			t.Errorf("%s: no %s of %s:%s", name, c.level, c.rule, show(r))
		}
		if clearance, _ := l.Clear(c.m.obj, c.m.ctx, c.m.tbs); clearance != nil {
			t.Errorf("%s: it may be signed", name)
		}
	}
	if f := l.Key("e1", spki); len(f) != 1 || f[0].Status != Fatal || f[0].Artifact != "e1" || f[0].Waivable() {
		t.Errorf("a bare key: %v", f)
	}
	if f := l.Key("e1", w.root.ctx.IssuerKey); len(f) != 0 {
		t.Errorf("a good key: %v", f)
	}
}

// TestKeyMemory looks into a key once, and holds no more keys than it may.
func TestKeyMemory(t *testing.T) {
	var m keyMemory
	key := withPrivate(t, elliptic.P256(), big.NewInt(5))
	if ps := m.problems([]byte("a"), key); len(ps) != 1 {
		t.Fatalf("%v", ps)
	} else {
		ps[0].level = Notice // the caller's own
	}
	if ps := m.problems([]byte("a"), nil); len(ps) != 1 || ps[0].level != Fatal {
		t.Errorf("not remembered: %v", ps)
	}
	for i := range maxRemembered + 10 {
		m.problems(big.NewInt(int64(i)).Bytes(), nil)
	}
	if n := len(m.known); n > maxRemembered {
		t.Errorf("%d keys", n)
	}
}

// BenchmarkSmallPrivateKey measures the search of one key, and the tables.
func BenchmarkSmallPrivateKey(b *testing.B) {
	for _, c := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		k, err := ecdsa.GenerateKey(c, rand.Reader)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(c.Params().Name, func(b *testing.B) {
			for b.Loop() {
				hasSmallPrivateKey(&k.PublicKey)
			}
		})
		b.Run(c.Params().Name+"/table", func(b *testing.B) {
			for b.Loop() {
				newSteps(c.Params())
			}
		})
	}
}
