// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package tokentest

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/token"
)

// Kind is what the suite has to know of a kind of token.
type Kind struct {
	Open     func(t *testing.T) token.Token // one without keys; the suite closes it
	Template string                         // of the keys that it makes; empty is the default one

	// Departs are the differences from the template that each new key of these tokens has.
	Departs []string
	// Lacks has the reason why these tokens make no use of a kind of key that they offer.
	Lacks map[algorithm.Key]string
}

// Run is the suite that every kind of token passes, with the keys that it offers.
func (k Kind) Run(t *testing.T) {
	k.Template = cmp.Or(k.Template, token.DefaultTemplate)
	tests := map[string]func(Kind, *testing.T, token.Token){
		"GenerateAndSign": Kind.generateAndSign, "KeyExists": Kind.keyExists, "BadRequests": Kind.badRequests, "Find": Kind.find,
		"SignRefusals": Kind.signRefusals, "LongMessage": Kind.longMessage, "Random": Kind.random, "Destroy": Kind.destroy,
		"Restart": Kind.restart, "Close": Kind.closeTwice,
	}
	for key, why := range k.Lacks {
		t.Logf("SKIPPED: %s: %s", key, why)
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			tok := k.Open(t)
			t.Cleanup(func() { _ = tok.Close() })
			test(k, t, tok)
		})
	}
}

// keys are the kinds of keys of a token.
func (k Kind) keys(tok token.Token) []algorithm.Key {
	return slices.DeleteFunc(tok.Info().Offers(), func(key algorithm.Key) bool { return k.Lacks[key] != "" })
}

// plain is the kind of key that tests make where any will do: a small one.
func (k Kind) plain(tok token.Token) algorithm.Key {
	offers := k.keys(tok)
	if slices.Contains(offers, algorithm.ECDSAP256) {
		return algorithm.ECDSAP256
	}
	return offers[0]
}

// generate makes a plain key with a random id, or ends the test.
func (k Kind) generate(t *testing.T, tok token.Token, label string) *token.Pair {
	t.Helper()
	pair, err := tok.Generate(t.Context(), NewRequestFor(k.Template, label, k.plain(tok)))
	if err != nil {
		t.Fatalf("generating %q: %v", label, err)
	}
	return pair
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

func (k Kind) generateAndSign(t *testing.T, tok token.Token) {
	signatures := map[algorithm.Key][]algorithm.Signature{
		algorithm.RSA2048: {algorithm.SHA256RSA, algorithm.SHA384RSA, algorithm.SHA512RSA},
		algorithm.RSA3072: {algorithm.SHA256RSA}, algorithm.RSA4096: {algorithm.SHA512RSA},
		algorithm.ECDSAP256: {algorithm.ECDSASHA256}, algorithm.ECDSAP384: {algorithm.ECDSASHA384}, algorithm.ECDSAP521: {algorithm.ECDSASHA512},
	}
	for i, key := range k.keys(tok) {
		request := NewRequestFor(k.Template, "key "+string(key), key)
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
		if found := pair.Departures(token.Named(k.Template), true); !slices.Equal(found, k.Departs) {
			t.Errorf("%s departs from its template: %q, want %q", key, found, k.Departs)
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
func (k Kind) longMessage(t *testing.T, tok token.Token) {
	pair, message := k.generate(t, tok, "root"), bytes.Repeat(Message(), 1<<16)
	signature, err := tok.Sign(t.Context(), pair.Handle(), pair.Algorithm.DefaultSignature(), message)
	if err == nil {
		err = algorithm.Verify(pair.SPKI, pair.Algorithm.DefaultSignature(), bytes.NewReader(message), signature)
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
func (k Kind) keyExists(t *testing.T, tok token.Token) {
	first := k.generate(t, tok, "root")
	offers := k.keys(tok)
	sameID := NewRequestFor(k.Template, "other", first.Algorithm)
	sameID.ID = first.ID
	for _, request := range []token.Request{NewRequestFor(k.Template, "root", offers[len(offers)-1]), sameID} {
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

func (k Kind) badRequests(t *testing.T, tok token.Token) {
	good := NewRequestFor(k.Template, "x", k.plain(tok))
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

func (k Kind) find(t *testing.T, tok token.Token) {
	a, b := k.generate(t, tok, "a"), k.generate(t, tok, "b")
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
func (k Kind) signRefusals(t *testing.T, tok token.Token) {
	a, b := k.generate(t, tok, "a"), k.generate(t, tok, "b")
	good, other := a.Algorithm.DefaultSignature(), algorithm.SHA256RSA
	if a.Algorithm.Family() == algorithm.RSA {
		other = algorithm.ECDSASHA256
	}
	for name, try := range map[string]struct {
		handle    token.Handle
		algorithm algorithm.Signature
		message   []byte
		want      error
	}{
		"no message":        {a.Handle(), good, nil, nil},
		"another family":    {a.Handle(), other, Message(), nil},
		"hash of a P-384":   {a.Handle(), algorithm.ECDSASHA384, Message(), nil}, // of another family where the key is no P-256
		"unknown algorithm": {a.Handle(), "sha3-256-rsa", Message(), nil},
		"no public key":     {token.Handle{ID: a.ID}, good, Message(), nil},
		"another key":       {token.Handle{ID: a.ID, SPKI: b.SPKI}, good, Message(), token.ErrNoSuchKey},
	} {
		signature, err := tok.Sign(t.Context(), try.handle, try.algorithm, try.message)
		if err == nil || signature != nil || (try.want != nil && !errors.Is(err, try.want)) {
			t.Errorf("%s: got %x, %v", name, signature, err)
		}
	}
}

func (k Kind) random(t *testing.T, tok token.Token) {
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

func (k Kind) destroy(t *testing.T, tok token.Token) {
	a, b := k.generate(t, tok, "a"), k.generate(t, tok, "b")
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
func (k Kind) restart(t *testing.T, tok token.Token) {
	made := k.generate(t, tok, "root")
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
		if _, err := tok.Sign(t.Context(), found.Handle(), found.Algorithm.DefaultSignature(), Message()); err != nil {
			t.Error(err)
		}
	}
}

func (k Kind) closeTwice(t *testing.T, tok token.Token) {
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
