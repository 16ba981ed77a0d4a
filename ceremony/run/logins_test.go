// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package run

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/token/tokentest"
)

// TestLoginsCounted guards people who plan how often a PIN is given to each token: the
// modules count the logins and signatures that the script says.
func TestLoginsCounted(t *testing.T) {
	folder := filepath.Join(ceremonytest.Examples(t), "root-2026")
	p, site := ceremonytest.Preview(t, folder), hsm(t)
	calls, fault := filepath.Join(t.TempDir(), "calls"), tokentest.BuildFaultModule(t)
	for i := range site.Tokens {
		site.Tokens[i].Module = fault
	}
	t.Setenv("FAULT_CALLS", calls)
	if _, err := Execute(context.Background(), p, runOptions(p, site, bundleOf(t, folder))); err != nil {
		t.Fatal(err)
	}
	logins, signatures := loginsOf(p.Plan)
	if logins != 4 { // both are opened, and both have new keys
		t.Errorf("the plan has %d logins", logins)
	}
	mustHaveCalled(t, calls, logins, signatures)
}

// loginsOf adds up the logins and signatures of all tokens.
func loginsOf(p *plan.Plan) (logins, signatures int) {
	for _, name := range p.Tokens() {
		l := p.Logins(name)
		logins += l.Opened + l.Fresh
		for _, s := range l.Signatures {
			signatures += s.Times
		}
	}
	return logins, signatures
}

// mustHaveCalled counts calls in a file of FAULT_CALLS.
func mustHaveCalled(t *testing.T, file string, logins, signatures int) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if l, s := strings.Count(string(data), "C_Login\n"), strings.Count(string(data), "C_SignInit\n"); l != logins || s != signatures {
		t.Errorf("C_Login was called %d times, not %d; C_SignInit %d times, not %d", l, logins, s, signatures)
	}
}
