// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token_test

import (
	"encoding/hex"
	"os"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/secret"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

// modules are the kinds of tokens that make test-modules tries, with the template that
// suits them best; docs/site-file.md says what was seen.
var modules = map[string]tokentest.Kind{
	"opencryptoki": {Template: "strict"},
	"nss":          {Template: "default", Departs: []string{"private key: the module reports CKA_LOCAL false, wanted true"}},
	"tpm": {Template: "tpm", Lacks: map[algorithm.Key]string{
		algorithm.ECDSAP521: "tpm2-pkcs11 1.9.0 gives CKA_EC_POINT with a length that is no DER, so its public key cannot be read",
	}},
}

// TestModule runs the suite on the token that CEREMONY_MODULE names: what it says of a
// module, people rely on when they choose a device. make test-modules sets the variables.
func TestModule(t *testing.T) {
	name := os.Getenv("CEREMONY_MODULE")
	if name == "" {
		t.Skip("SKIPPED: it takes the tokens that make test-modules sets up")
	}
	kind, known := modules[name]
	if !known {
		t.Fatalf("CEREMONY_MODULE: %q is none of the modules of this test", name)
	}
	config := token.Config{
		Name: name, Module: os.Getenv("CEREMONY_MODULE_PATH"), Label: os.Getenv("CEREMONY_MODULE_LABEL"),
		Login: token.LoginPIN, Template: kind.Template,
	}
	pin := func(token.Info, int) (*secret.PIN, error) {
		return secret.NewPIN([]byte(os.Getenv("CEREMONY_MODULE_PIN"))), nil
	}
	kind.Open = func(t *testing.T) token.Token {
		tok := open(t, token.Options{Config: config, PIN: pin})
		empty(t, tok)
		return tok
	}
	kind.Run(t)
	kind.Open(t).Close() // without the keys of the last test
}

// empty destroys the keys of a token, each by its id and public key.
func empty(t *testing.T, tok token.Token) {
	t.Helper()
	all, err := tok.Census(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range all {
		if o.Class != token.ClassPrivate {
			continue
		}
		id, err := hex.DecodeString(o.ID)
		if err != nil {
			t.Fatal(err)
		}
		pair, err := tok.Find(t.Context(), "", id, nil)
		if err == nil {
			_, err = tok.Destroy(t.Context(), pair.ID, pair.SPKI)
		}
		if err != nil {
			t.Errorf("key %q stays on the token: %v", o.Label, err)
		}
	}
}
