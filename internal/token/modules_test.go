// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token_test

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// TestModule runs the suite on the token that CEREMONY_MODULE names, and makes keys by
// each template: what it says of a
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
	kind.Open = func(t *testing.T) token.Token { return emptied(t, name, kind.Template) }
	kind.Run(t)
	var outcomes []string
	for _, template := range token.Templates() {
		for _, key := range []algorithm.Key{algorithm.ECDSAP256, algorithm.RSA3072} {
			tok := emptied(t, name, template)
			if slices.Contains(tok.Info().Offers(), key) {
				outcomes = append(outcomes, fmt.Sprintf("%-16s %-10s %s\n", template, key, outcome(t, tok, template, key)))
			}
			_ = tok.Close() // a TPM has few sessions
		}
	}
	emptied(t, name, kind.Template).Close() // without the keys of the last test
	t.Logf("what came of each template:\n%s", strings.Join(outcomes, ""))
	golden := filepath.Join("testdata", "module-"+name+".txt")
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), strings.Join(outcomes, "")); d != "" {
		t.Errorf("what came of each template (-want +got):\n%s", d)
	}
}

// outcome says what came of a key that was made by a template.
func outcome(t *testing.T, tok token.Token, template string, key algorithm.Key) string {
	t.Helper()
	pair, err := tok.Generate(t.Context(), tokentest.NewRequestFor(template, "key", key))
	if err != nil {
		if code := regexp.MustCompile("CKR_[A-Z_]+").FindString(err.Error()); code != "" {
			return "refused: " + code
		}
		return "refused: " + regexp.MustCompile("[0-9a-f]{40}").ReplaceAllString(err.Error(), "ID")
	}
	if found := pair.Departures(token.Named(template), true); len(found) > 0 {
		return "departs: " + strings.Join(found, "; ")
	}
	return "works"
}

// emptied opens the token of TestModule for keys of a template, and deletes its keys.
func emptied(t *testing.T, name, template string) token.Token {
	t.Helper()
	tok := open(t, token.Options{
		Config: token.Config{
			Name: name, Module: os.Getenv("CEREMONY_MODULE_PATH"), Label: os.Getenv("CEREMONY_MODULE_LABEL"),
			Login: token.LoginPIN, Template: template,
		},
		PIN: func(token.Info, int) (*secret.PIN, error) {
			return secret.NewPIN([]byte(os.Getenv("CEREMONY_MODULE_PIN"))), nil
		},
	})
	t.Cleanup(func() { _ = tok.Close() })
	empty(t, tok)
	return tok
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
