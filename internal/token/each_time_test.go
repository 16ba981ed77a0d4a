// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/miekg/pkcs11"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

// eachTime makes keys on a token that want a login before each signature. SoftHSM
// demands that login.
func eachTime(t *testing.T, config token.Config) {
	t.Helper()
	e := &existing{t: t, config: config}
	e.module(func(x *pkcs11.Ctx, s pkcs11.SessionHandle) error {
		var all error
		for label, make := range map[string]*pkcs11.Attribute{
			"ec":  pkcs11.NewAttribute(pkcs11.CKA_EC_PARAMS, algorithm.ECDSAP256.Parameters()),
			"rsa": pkcs11.NewAttribute(pkcs11.CKA_MODULUS_BITS, 2048),
		} {
			mechanism := map[string]uint{"ec": pkcs11.CKM_EC_KEY_PAIR_GEN, "rsa": pkcs11.CKM_RSA_PKCS_KEY_PAIR_GEN}[label]
			both := func(more ...*pkcs11.Attribute) []*pkcs11.Attribute {
				return append(more, pkcs11.NewAttribute(pkcs11.CKA_TOKEN, true), pkcs11.NewAttribute(pkcs11.CKA_ID, []byte(label)), pkcs11.NewAttribute(pkcs11.CKA_LABEL, label))
			}
			_, _, err := x.GenerateKeyPair(s, []*pkcs11.Mechanism{pkcs11.NewMechanism(mechanism, nil)}, both(make),
				both(pkcs11.NewAttribute(pkcs11.CKA_SIGN, true), pkcs11.NewAttribute(pkcs11.CKA_ALWAYS_AUTHENTICATE, true)))
			all = errors.Join(all, err)
		}
		return all
	})
}

// mustFind finds a key pair by its label.
func mustFind(t *testing.T, tok token.Token, label string) *token.Pair {
	t.Helper()
	pair, err := tok.Find(t.Context(), label, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !pair.AsksEachTime() {
		t.Errorf("key %s does not show that it wants a login before each signature", label)
	}
	return pair
}

// TestLoginEachTime guards a CA whose key asks for the PIN before each signature, with and
// without its public half: it signs, with one such login for each signature and with
// nothing that people type but the PIN of the token.
func TestLoginEachTime(t *testing.T) {
	options, log := faulty(t, "")
	eachTime(t, options.Config)
	asked := 0
	options.PIN = func(info token.Info, attempt int) (pin, error) {
		asked++
		return tokentest.PIN(info, attempt)
	}
	tok := open(t, options)
	handles := map[algorithm.Signature]token.Handle{
		algorithm.ECDSASHA256: mustFind(t, tok, "ec").Handle(), algorithm.SHA512RSA: mustFind(t, tok, "rsa").Handle(),
	}
	if err := tok.Close(); err != nil {
		t.Fatal(err)
	}
	for _, alone := range []bool{false, true} {
		tok := open(t, options)
		for alg, handle := range handles {
			handle.Alone = alone
			for range 2 {
				if _, err := tok.Sign(t.Context(), handle, alg, tokentest.Message()); err != nil {
					t.Errorf("%s, alone %v: %v", alg, alone, err)
				}
			}
		}
		tokentest.Generate(t, tok, map[bool]string{false: "one", true: "two"}[alone]) // nothing is left begun
		if err := tok.Close(); err != nil {
			t.Fatal(err)
		}
		if !alone {
			e := &existing{t: t, config: options.Config}
			e.losePublic("ec")
			e.losePublic("rsa")
		}
	}
	if n := log.count("C_Login user 2 pPin set"); n != 8 || asked != 3 {
		t.Errorf("%d logins for 8 signatures; the PIN was asked for %d times, want once for each time that the token is opened", n, asked)
	}
}

// TestLoginEachTimeAtPad guards people at a PIN pad, who take their time before each
// signature, from being cut off.
func TestLoginEachTimeAtPad(t *testing.T) {
	options, log := faulty(t, "")
	eachTime(t, options.Config)
	t.Setenv("FAULT_PED", tokentest.TestPIN)
	options.Config.Login = token.LoginPad
	called := 0
	options.OnPad = func(token.Info) error { called++; return nil }
	tok := open(t, options)
	handle := mustFind(t, tok, "ec").Handle()
	if _, err := tok.Sign(t.Context(), handle, algorithm.ECDSASHA256, tokentest.Message()); err != nil || called != 2 {
		t.Errorf("%v, people were called to the pad %d times", err, called)
	}
	if err := tok.Close(); err != nil {
		t.Fatal(err)
	}
	if n := log.count("C_Login user 2 pPin NULL len 0"); n != 1 {
		t.Errorf("%d logins with a NULL PIN, want 1", n)
	}

	t.Setenv("FAULT", "login:before:2:hang") // only what has no deadline can be abandoned
	ctx, cancel := context.WithCancel(t.Context())
	options.Log = func(line string) {
		if strings.Contains(line, "C_Login user 2") {
			cancel()
		}
	}
	tok = open(t, options)
	_, err := tok.Sign(ctx, handle, algorithm.ECDSASHA256, tokentest.Message())
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "abandoned") {
		t.Errorf("got %v", err)
	}
	killAbandoned(t, err)
}

// TestLoginEachTimeRefused guards the tries of a PIN, and the record: a PIN that the token
// refuses before a signature is told and not tried again, nothing is signed, and the token
// can still be used.
func TestLoginEachTimeRefused(t *testing.T) {
	options, log := faulty(t, "login:before:2:err=a0") // CKR_PIN_INCORRECT
	eachTime(t, options.Config)
	var outcomes []string
	options.OnRefused = func(outcome string) error { outcomes = append(outcomes, outcome); return nil }
	tok := open(t, options)
	handle := mustFind(t, tok, "ec").Handle()
	_, err := tok.Sign(t.Context(), handle, algorithm.ECDSASHA256, tokentest.Message())
	module, ok := errors.AsType[*token.ModuleError](err)
	if !errors.Is(err, token.ErrPINIncorrect) || !ok || module.Effect || len(outcomes) != 1 || outcomes[0] != token.RefusedWrong {
		t.Errorf("told %q: %v", outcomes, err)
	}
	if _, err := tok.Sign(t.Context(), handle, algorithm.ECDSASHA256, tokentest.Message()); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if err := tok.Close(); err != nil { // after which all lines of the module are there
		t.Fatal(err)
	}
	if n := log.count("C_Login user 2"); n != 2 {
		t.Errorf("%d tries", n)
	}
}
