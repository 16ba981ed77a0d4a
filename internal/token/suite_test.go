// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token_test

import (
	"testing"

	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

func TestMain(m *testing.M) { tokentest.Main(m) }

func TestMemory(t *testing.T) {
	tokentest.Kind{Open: func(*testing.T) token.Token { return token.NewMemory("root", nil) }}.Run(t)
}

func TestSoftHSM(t *testing.T) {
	tokentest.Kind{Open: func(t *testing.T) token.Token {
		return open(t, token.Options{Config: tokentest.NewSoftHSM(t, "ca")})
	}}.Run(t)
}

// open opens a token with the test's PIN and logs what the module prints.
func open(t *testing.T, o token.Options) token.Token {
	t.Helper()
	tok, err := tryOpen(t, o)
	if err != nil {
		t.Fatalf("opening %q: %v", o.Config.Name, err)
	}
	return tok
}
