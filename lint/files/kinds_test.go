// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// TestRows guards the table of this room: a form that a kind of a profile can
// have and that was forgotten here, or by the second parser, fails by its name.
func TestRows(t *testing.T) {
	for _, k := range profiles.Kinds() {
		r := rowOf(k.Form())
		if r.guess == nil || r.context == nil || r.mirror == nil || r.bind == nil || r.specimen == nil {
			t.Errorf("lint/files/kinds.go has no whole row of %s", k)
		}
		if _, err := inspect.Parse(k.Form(), nil); errors.Is(err, inspect.ErrKind) {
			t.Errorf("package inspect parses no %s", k)
		}
	}
}

// TestOtherForms lints an object of each form that package inspect knows with a
// profile of each: one of another form is an error and never passes without having
// been compared, and a form without rules says so, with a profile and without.
func TestOtherForms(t *testing.T) {
	forms := map[string][]byte{inspect.KindPublicKey: public(t, newKey(t, algorithm.ECDSAP256))}
	names, err := filepath.Glob("../../internal/inspect/testdata/fake-*.pem")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode(data)
		forms[inspect.Guess(block.Bytes)] = block.Bytes
	}
	for _, name := range []string{"", "tls-issuing-ca", "ca-crl", "ocsp-response", "certificate-request"} {
		var opts Options
		if name != "" {
			if opts.Profile, err = builtInProfile[profiles.Profile](name); err != nil {
				t.Fatal(err)
			}
		}
		for _, k := range profiles.Kinds() {
			if forms[k.Form()] == nil {
				t.Fatalf("no object of kind %s", k)
			}
		}
		for form, der := range forms {
			r, text := check(t, newLinter(t, opts), File{Name: "object.der", Data: der, Named: true})
			refused := form == inspect.KindPublicKey || name != "" && opts.Profile.Head().Kind.Form() != form
			if got := slices.Equal(rules(&r.Targets[0]), []string{ruleKind}); got != refused {
				t.Errorf("%s with profile %q:\n%s", form, name, text)
			}
		}
	}
}
