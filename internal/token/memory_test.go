// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"math/big"
	mathrand "math/rand/v2"
	"strings"
	"testing"

	"rootceremony/internal/algorithm"

	"github.com/google/go-cmp/cmp"
)

// request is a request with a fixed id.
func request(label string, last byte) Request {
	return Request{Label: label, ID: append(make([]byte, 19), last), Algorithm: algorithm.ECDSAP384}
}

// A fixed source gives the same keys and the same signatures, so that whole
// rehearsals can be compared.
func TestMemoryIsReproducible(t *testing.T) {
	digest := make([]byte, 48)
	run := func() (pair *Pair, signature []byte) {
		m := NewMemory("root", mathrand.NewChaCha8([32]byte{1}))
		pair, err := m.Generate(t.Context(), request("root", 1))
		if err != nil {
			t.Fatal(err)
		}
		signature, err = m.Sign(t.Context(), pair.Handle(), algorithm.ECDSASHA384, digest)
		if err != nil {
			t.Fatal(err)
		}
		return pair, signature
	}
	pair1, signature1 := run()
	pair2, signature2 := run()
	if diff := cmp.Diff(pair1, pair2); diff != "" || !bytes.Equal(signature1, signature2) {
		t.Errorf("two runs differ: %s", diff)
	}
}

func TestMemoryLooksLikeARehearsal(t *testing.T) {
	info := NewMemory("root", nil).Info()
	if info.Label != "REHEARSAL root" || info.Model != "in-memory" || !info.Software || info.FreshProcess || !info.looksLikeSoftware() {
		t.Errorf("got %+v", info)
	}
}

func TestMemoryFaults(t *testing.T) {
	boom := errors.New("boom")
	m := NewMemory("root", nil)
	m.Faults.AfterGenerate = func(Request) error { return boom }
	pair, err := m.Generate(t.Context(), request("orphan", 1))
	var orphan *OrphanError
	if !errors.As(err, &orphan) || !errors.Is(err, boom) || len(orphan.Added) != 2 || len(pair.After) != 2 {
		t.Errorf("orphan: %v", err)
	}
	m.Faults = Faults{BeforeGenerate: func(Request) error { return boom }}
	if _, err := m.Generate(t.Context(), request("nothing", 2)); !errors.Is(err, boom) || errors.Is(err, ErrOrphan) {
		t.Errorf("nothing made: %v", err)
	}
	m.Faults = Faults{Census: func(c Census) (Census, error) { return append(c, Object{Class: ClassPublic, Problem: "CKR_X"}), nil }}
	if _, err := m.Generate(t.Context(), request("unclear", 3)); err == nil || !strings.Contains(err.Error(), "CKR_X") {
		t.Errorf("unreadable object: %v", err)
	}
	m.Faults = Faults{AfterSign: func(_ Handle, s []byte) ([]byte, error) { s[len(s)-1] ^= 1; return s, nil }}
	pair, err = m.Generate(t.Context(), request("root", 4))
	if err != nil {
		t.Fatal(err)
	}
	signature, err := m.Sign(t.Context(), pair.Handle(), algorithm.ECDSASHA384, make([]byte, 48))
	var bad *SignatureError
	if !errors.As(err, &bad) || !errors.Is(err, ErrBadSignature) || !bytes.Equal(bad.Signature, signature) || len(signature) == 0 {
		t.Errorf("bad signature: %x, %v", signature, err)
	}
	m.Faults = Faults{Restart: func() error { return boom }}
	if err := m.Restart(t.Context()); !errors.Is(err, boom) {
		t.Errorf("restart: %v", err)
	}
}

// An object of another class with the label or the id is in the way too.
func TestMemoryCountsOtherObjects(t *testing.T) {
	m := NewMemory("root", nil)
	m.AddObjects(Object{Class: "certificate", Label: "root", ID: "aa"})
	if _, err := m.Generate(t.Context(), request("root", 1)); !errors.Is(err, ErrKeyExists) {
		t.Errorf("got %v", err)
	}
}

func TestMemoryImport(t *testing.T) {
	m := NewMemory("root", nil)
	key, err := algorithm.ECDSAP384.Generate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := m.Import("old root", []byte{1, 2}, key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Sign(t.Context(), pair.Handle(), algorithm.ECDSASHA384, make([]byte, 48)); err != nil {
		t.Error(err)
	}
	if found := pair.Departures(Named("default"), true); len(found) != 3 || len(pair.Departures(Named("default"), false)) != 0 { // LOCAL, ALWAYS_SENSITIVE, NEVER_EXTRACTABLE
		t.Errorf("an imported key looks generated: %q", found)
	}
	if _, err := m.Import("twin", []byte{1, 2}, key); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Find(context.Background(), "", []byte{1, 2}, nil); !errors.Is(err, ErrAmbiguous) {
		t.Errorf("two keys with one id: %v", err)
	}
}

// Keys that no key type describes are refused, also those that crypto/x509
// reads.
func TestAlgorithmOf(t *testing.T) {
	for _, a := range algorithm.Keys() {
		if !a.Valid() || a.DefaultSignature().Hash() == 0 {
			t.Errorf("%s is incomplete", a)
		}
	}
	p224, err := ecdsa.GenerateKey(elliptic.P224(), nil)
	if err != nil {
		t.Fatal(err)
	}
	n := new(big.Int).Lsh(big.NewInt(1), 2047)
	n.SetBit(n, 0, 1)
	for name, key := range map[string]any{
		"P-224": &p224.PublicKey, "exponent 3": &rsa.PublicKey{N: n, E: 3},
		"2049 bits": &rsa.PublicKey{N: new(big.Int).SetBit(n, 2048, 1), E: 65537},
	} {
		spki, err := x509.MarshalPKIXPublicKey(key)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := algorithm.KeyOf(spki); err == nil {
			t.Errorf("%s: got %s", name, a)
		}
	}
}

func TestVerifyRefuses(t *testing.T) {
	m := NewMemory("root", nil)
	pair, err := m.Generate(t.Context(), request("root", 1))
	if err != nil {
		t.Fatal(err)
	}
	digest := make([]byte, 48)
	signature, err := m.Sign(t.Context(), pair.Handle(), algorithm.ECDSASHA384, digest)
	if err != nil {
		t.Fatal(err)
	}
	if err := verify(pair.SPKI, algorithm.ECDSASHA384, append(make([]byte, 47), 1), signature); !errors.Is(err, ErrBadSignature) {
		t.Errorf("another digest: %v", err)
	}
	if err := verify(pair.SPKI, algorithm.ECDSASHA384, digest, append(signature, 0)); !errors.Is(err, ErrBadSignature) {
		t.Errorf("a byte more: %v", err)
	}
	if err := verify(append(bytes.Clone(pair.SPKI), 0), algorithm.ECDSASHA384, digest, signature); err == nil {
		t.Error("a public key with a byte more")
	}
}
