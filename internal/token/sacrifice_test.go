// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token_test

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

// sacrificial makes a key to be destroyed.
func sacrificial(t *testing.T, tok token.Token, key algorithm.Key, template string) *token.Pair {
	t.Helper()
	label, err := token.NewSacrificialLabel(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id, err := token.NewID(rand.Reader, token.Named(template))
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tok.Generate(t.Context(), token.Request{Label: label, ID: id, Algorithm: key, Template: template})
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

// outcomes makes all attempts, and gives what came of each.
func outcomes(t *testing.T, tok token.Token, pair *token.Pair) map[string]token.Attempt {
	t.Helper()
	all := map[string]token.Attempt{}
	for _, what := range token.Attempts() {
		a, err := tok.(token.Tester).Attempt(t.Context(), pair.Handle(), what)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		all[what] = *a
	}
	return all
}

// TestAttempts guards people who choose a template by what a device refuses: what SoftHSM
// refuses is called refused, and a key that it lets out is called so.
func TestAttempts(t *testing.T) {
	tok := open(t, token.Options{Config: tokentest.NewSoftHSM(t, "ca")})
	for _, key := range []algorithm.Key{algorithm.ECDSAP256, algorithm.RSA2048} {
		for _, a := range outcomes(t, tok, sacrificial(t, tok, key, "strict")) {
			if a.Outcome != token.Refused || !strings.Contains(a.Found, "CKR_") {
				t.Errorf("%s with strict: %v", key, a)
			}
		}
	}
	open := outcomes(t, tok, sacrificial(t, tok, algorithm.ECDSAP256, "yubihsm")) // says nothing of CKA_MODIFIABLE
	for _, what := range []string{"set another label", "set another usage true"} {
		if a := open[what]; a.Outcome != token.Allowed || a.Leak {
			t.Errorf("with yubihsm: %+v", a)
		}
	}
	pair := sacrificial(t, tok, algorithm.ECDSAP256, "yubihsm")
	outcomes(t, tok, pair)
	if again, err := tok.Find(t.Context(), pair.Label, pair.ID, nil); err != nil || again.Label != pair.Label {
		t.Errorf("the attempts left another label: %v", err)
	}
}

// TestAttemptsLetOut guards against a device that makes keys extractable, whatever is
// asked.
func TestAttemptsLetOut(t *testing.T) {
	o, _ := faulty(t, "")
	t.Setenv("FAULT_EXTRACTABLE", "1")
	tok := open(t, o)
	all := outcomes(t, tok, sacrificial(t, tok, algorithm.RSA2048, "crypto11"))
	if a := all["wrap it with an AES key"]; a.Outcome != token.Allowed || !a.Leak || !strings.Contains(a.Found, "bytes") {
		t.Errorf("%+v", a)
	}
	if a := all["set CKA_EXTRACTABLE true"]; a.Outcome != token.Impotent {
		t.Errorf("%+v", a)
	}
	census, err := tok.Census(t.Context())
	if err != nil || len(census) != 2 {
		t.Errorf("the attempts left %v, %v", census, err)
	}
}

// TestAttemptOnOtherKeys guards the keys of a CA: nothing but a sacrificial key is tried,
// removed or made with a template that the site file does not name.
func TestAttemptOnOtherKeys(t *testing.T) {
	for name, tok := range map[string]token.Token{
		"softhsm": open(t, token.Options{Config: tokentest.NewSoftHSM(t, "ca")}),
		"memory":  token.NewMemory("ca", nil),
	} {
		tester := tok.(token.Tester)
		pair := tokentest.Generate(t, tok, "root")
		for _, what := range token.Attempts() {
			if a, err := tester.Attempt(t.Context(), pair.Handle(), what); err == nil {
				t.Errorf("%s: %v", name, a)
			}
		}
		if err := tester.Remove(t.Context(), "root"); err == nil {
			t.Errorf("%s: a key of a CA was removed", name)
		}
		id, err := token.NewID(rand.Reader, token.Template{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tok.Generate(t.Context(), token.Request{Label: "other", ID: id, Algorithm: algorithm.ECDSAP256, Template: "crypto11"}); err == nil {
			t.Errorf("%s: a key of a CA was made with another template", name)
		}
		if _, err := tok.Find(t.Context(), "root", nil, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRemoveLeftOver guards a token on which a module died while it made a sacrificial
// key: what is there is found by its label, and goes.
func TestRemoveLeftOver(t *testing.T) {
	o, _ := faulty(t, "gen:after:1:exit")
	once(t)
	tok := open(t, o)
	label, err := token.NewSacrificialLabel(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id, err := token.NewID(rand.Reader, token.Template{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = tok.Generate(t.Context(), token.Request{Label: label, ID: id, Algorithm: algorithm.ECDSAP256, Template: "strict"})
	if !errors.Is(err, token.ErrOrphan) {
		t.Fatalf("got %v, want an orphan", err)
	}
	if err := tok.(token.Tester).Remove(t.Context(), label); err != nil {
		t.Fatal(err)
	}
	if left, err := tok.Census(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// TestModuleDiesInAttempt guards a test that a module ends: the error says in which call,
// and the token can be used again.
func TestModuleDiesInAttempt(t *testing.T) {
	o, _ := faulty(t, "C_WrapKey:before:1:segv")
	once(t)
	tok := open(t, o)
	pair := sacrificial(t, tok, algorithm.ECDSAP256, "strict")
	_, err := tok.(token.Tester).Attempt(t.Context(), pair.Handle(), "wrap it with an AES key")
	var died *token.WorkerError
	if !errors.As(err, &died) || !died.Effect {
		t.Fatalf("got %v, want a WorkerError", err)
	}
	if err := tok.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a, err := tok.(token.Tester).Attempt(t.Context(), pair.Handle(), "wrap it with an AES key"); err != nil || a.Outcome != token.Refused {
		t.Errorf("%v, %v", a, err)
	}
}
