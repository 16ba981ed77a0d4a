// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package tokentest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/token"
)

// Run is the suite that every kind of token passes. open returns an empty
// token; it is closed by the suite.
func Run(t *testing.T, open func(t *testing.T) token.Token) {
	tests := map[string]func(*testing.T, token.Token){
		"GenerateAndSign": generateAndSign, "KeyExists": keyExists, "BadRequests": badRequests, "Find": find,
		"SignRefusals": signRefusals, "LongMessage": longMessage, "Random": random, "Destroy": destroy, "Restart": restart, "Close": closeTwice,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			tok := open(t)
			t.Cleanup(func() { _ = tok.Close() })
			test(t, tok)
		})
	}
}

// NewRequest returns a request for a key with a random id.
func NewRequest(label string, key algorithm.Key) token.Request {
	return NewRequestFor(token.DefaultTemplate, label, key)
}

// NewRequestFor is NewRequest with an id as a template wants it.
func NewRequestFor(template, label string, key algorithm.Key) token.Request {
	id, err := token.NewID(rand.Reader, token.Named(template))
	if err != nil {
		panic(err) // a template that a test made up
	}
	return token.Request{Label: label, ID: id, Algorithm: key}
}

// Generate makes a P-256 key with a random id, or ends the test.
func Generate(t testing.TB, tok token.Token, label string) *token.Pair {
	t.Helper()
	pair, err := tok.Generate(t.Context(), NewRequest(label, algorithm.ECDSAP256))
	if err != nil {
		t.Fatalf("generating %q: %v", label, err)
	}
	return pair
}

// Message is what tests sign.
func Message() []byte { return []byte("ceremony token test") }

func generateAndSign(t *testing.T, tok token.Token) {
	signatures := map[algorithm.Key][]algorithm.Signature{
		algorithm.RSA2048: {algorithm.SHA256RSA, algorithm.SHA384RSA, algorithm.SHA512RSA},
		algorithm.RSA3072: {algorithm.SHA256RSA}, algorithm.RSA4096: {algorithm.SHA512RSA},
		algorithm.ECDSAP256: {algorithm.ECDSASHA256}, algorithm.ECDSAP384: {algorithm.ECDSASHA384}, algorithm.ECDSAP521: {algorithm.ECDSASHA512},
	}
	for i, key := range algorithm.Keys() {
		request := NewRequest("key "+string(key), key)
		pair, err := tok.Generate(t.Context(), request)
		if err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		if pair.Label != request.Label || !bytes.Equal(pair.ID, request.ID) || pair.Algorithm != key {
			t.Errorf("%s: got label %q, id %x, %s", key, pair.Label, pair.ID, pair.Algorithm)
		}
		if len(pair.Before) != 2*i || len(pair.After) != 2*i+2 {
			t.Errorf("%s: %d objects before, %d after", key, len(pair.Before), len(pair.After))
		}
		if found := pair.Departures(token.Named("default"), true); len(found) > 0 {
			t.Errorf("%s: %q", key, found)
		}
		if got := attribute(pair, token.HalfPrivate, "CKA_SENSITIVE"); got != "true" {
			t.Errorf("%s: CKA_SENSITIVE is %q", key, got)
		}
		for _, s := range signatures[key] {
			signature, err := tok.Sign(t.Context(), pair.Handle(), s, Message())
			if err == nil {
				err = algorithm.Verify(pair.SPKI, s, bytes.NewReader(Message()), signature)
			}
			if err != nil {
				t.Errorf("%s, %s: %v", key, s, err)
			}
		}
	}
}

// longMessage: more than a pipe takes at once is signed as well.
func longMessage(t *testing.T, tok token.Token) {
	pair, message := Generate(t, tok, "root"), bytes.Repeat(Message(), 1<<16)
	signature, err := tok.Sign(t.Context(), pair.Handle(), algorithm.ECDSASHA256, message)
	if err == nil {
		err = algorithm.Verify(pair.SPKI, algorithm.ECDSASHA256, bytes.NewReader(message), signature)
	}
	if err != nil {
		t.Error(err)
	}
}

func attribute(pair *token.Pair, half, name string) string {
	for _, a := range pair.Attributes {
		if a.Half == half && a.Name == name {
			return a.Value
		}
	}
	return "not reported"
}

// keyExists: neither label nor id may be used twice, by any object.
func keyExists(t *testing.T, tok token.Token) {
	first := Generate(t, tok, "root")
	sameID := NewRequest("other", algorithm.ECDSAP256)
	sameID.ID = first.ID
	for _, request := range []token.Request{NewRequest("root", algorithm.ECDSAP384), sameID} {
		pair, err := tok.Generate(t.Context(), request)
		if !errors.Is(err, token.ErrKeyExists) {
			t.Errorf("label %q: got %v, want ErrKeyExists", request.Label, err)
		}
		if pair == nil || len(pair.Before) != 2 {
			t.Error("no census with the refusal")
		}
	}
	if census, err := tok.Census(t.Context()); err != nil || len(census) != 2 {
		t.Errorf("after refusals: %v, %v", census, err)
	}
}

func badRequests(t *testing.T, tok token.Token) {
	good := NewRequest("x", algorithm.ECDSAP256)
	for name, spoil := range map[string]func(*token.Request){
		"no label": func(r *token.Request) { r.Label = "" }, "control character": func(r *token.Request) { r.Label = "a\x00b" },
		"short id": func(r *token.Request) { r.ID = r.ID[:8] }, "algorithm": func(r *token.Request) { r.Algorithm = "rsa-1024" },
	} {
		bad := good
		spoil(&bad)
		if _, err := tok.Generate(t.Context(), bad); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := tok.Generate(ended, good); !errors.Is(err, context.Canceled) {
		t.Errorf("ended context: %v", err)
	}
	if census, err := tok.Census(t.Context()); err != nil || len(census) != 0 {
		t.Errorf("after refusals: %v, %v", census, err)
	}
}

func find(t *testing.T, tok token.Token) {
	a, b := Generate(t, tok, "a"), Generate(t, tok, "b")
	for name, try := range map[string]struct {
		label    string
		id, spki []byte
		want     error
	}{
		"all":             {"a", a.ID, a.SPKI, nil},
		"public key only": {"", nil, a.SPKI, nil},
		"id only":         {"", a.ID, nil, nil},
		"label only":      {"a", nil, nil, nil},
		"another key":     {"a", a.ID, b.SPKI, token.ErrNoSuchKey},
		"another label":   {"b", a.ID, nil, token.ErrNoSuchKey},
		"unknown":         {"c", nil, nil, token.ErrNoSuchKey},
	} {
		pair, err := tok.Find(t.Context(), try.label, try.id, try.spki)
		if !errors.Is(err, try.want) {
			t.Errorf("%s: got %v, want %v", name, err, try.want)
		} else if err == nil && (!bytes.Equal(pair.SPKI, a.SPKI) || !bytes.Equal(pair.ID, a.ID) || pair.Label != "a" || len(pair.Attributes) == 0) {
			t.Errorf("%s: found another key", name)
		}
	}
	if _, err := tok.Find(t.Context(), "", nil, nil); err == nil {
		t.Error("a search for nothing found something")
	}
}

// signRefusals: nothing but allowed algorithms, with hashes of the curve's size,
// may reach a key.
func signRefusals(t *testing.T, tok token.Token) {
	a, b := Generate(t, tok, "a"), Generate(t, tok, "b")
	for name, try := range map[string]struct {
		handle    token.Handle
		algorithm algorithm.Signature
		message   []byte
		want      error
	}{
		"no message":        {a.Handle(), algorithm.ECDSASHA256, nil, nil},
		"hash of a P-384":   {a.Handle(), algorithm.ECDSASHA384, Message(), nil},
		"RSA with an EC":    {a.Handle(), algorithm.SHA256RSA, Message(), nil},
		"unknown algorithm": {a.Handle(), "sha3-256-rsa", Message(), nil},
		"no public key":     {token.Handle{ID: a.ID}, algorithm.ECDSASHA256, Message(), nil},
		"another key":       {token.Handle{ID: a.ID, SPKI: b.SPKI}, algorithm.ECDSASHA256, Message(), token.ErrNoSuchKey},
	} {
		signature, err := tok.Sign(t.Context(), try.handle, try.algorithm, try.message)
		if err == nil || signature != nil || (try.want != nil && !errors.Is(err, try.want)) {
			t.Errorf("%s: got %x, %v", name, signature, err)
		}
	}
}

func random(t *testing.T, tok token.Token) {
	one, err := tok.Random(t.Context(), 32)
	if err != nil {
		t.Fatal(err)
	}
	two, err := tok.Random(t.Context(), 32)
	if err != nil || len(one) != 32 || len(two) != 32 || bytes.Equal(one, two) {
		t.Errorf("got %x and %x, %v", one, two, err)
	}
	for _, n := range []int{0, -1, 5000} {
		if _, err := tok.Random(t.Context(), n); err == nil {
			t.Errorf("%d bytes: no error", n)
		}
	}
}

func destroy(t *testing.T, tok token.Token) {
	a, b := Generate(t, tok, "a"), Generate(t, tok, "b")
	if _, err := tok.Destroy(t.Context(), a.ID, b.SPKI); !errors.Is(err, token.ErrNoSuchKey) {
		t.Errorf("id of one key, public key of another: %v", err)
	}
	evidence, err := tok.Destroy(t.Context(), a.ID, a.SPKI)
	if err != nil || len(evidence.Before) != 4 || len(evidence.After) != 2 {
		t.Errorf("got %+v, %v", evidence, err)
	}
	if _, err := tok.Find(t.Context(), "", a.ID, nil); !errors.Is(err, token.ErrNoSuchKey) {
		t.Errorf("finding the destroyed key: %v", err)
	}
	if _, err := tok.Find(t.Context(), "b", nil, nil); err != nil {
		t.Errorf("finding the other key: %v", err)
	}
}

// restart: a key is found again, by a fresh process where there are processes.
func restart(t *testing.T, tok token.Token) {
	made := Generate(t, tok, "root")
	if err := tok.Logout(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := tok.Find(t.Context(), "root", nil, nil); !errors.Is(err, token.ErrNotOpen) {
		t.Errorf("after Logout: %v", err)
	}
	for range 2 {
		if err := tok.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
		found, err := tok.Find(t.Context(), "", made.ID, made.SPKI)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tok.Sign(t.Context(), found.Handle(), algorithm.ECDSASHA256, Message()); err != nil {
			t.Error(err)
		}
	}
}

func closeTwice(t *testing.T, tok token.Token) {
	for range 2 {
		if err := tok.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := tok.Census(t.Context()); !errors.Is(err, token.ErrNotOpen) {
		t.Errorf("after Close: %v", err)
	}
	if err := tok.Restart(t.Context()); !errors.Is(err, token.ErrNotOpen) {
		t.Errorf("Restart after Close: %v", err)
	}
}
