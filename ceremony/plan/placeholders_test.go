// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/ceremony/ceremonytest"
)

// TestPlaceholders guards a root that would be of no use: what was left of an example is
// found wherever people write names, each once, and what is their own is not.
func TestPlaceholders(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t)).Plan
	found := p.Placeholders()
	for _, want := range []string{`"fast.c.example.com" in authority root`, `"Example Trust" in the name of authority root`} {
		if !slices.Contains(found, want) {
			t.Errorf("%s is missing in %q", want, found)
		}
	}
	for i := range p.Authorities {
		a := &p.Authorities[i]
		a.URLs.CRL, a.URLs.CAIssuers, a.URLs.OCSP = []string{"http://crl.Unexampled.com/example.com.crl", "ldap://x.acme/cn=Example?certificateRevocationList"}, nil, []string{"http://pki.TEST./"}
		for j := range a.Subject.Attributes {
			a.Subject.Attributes[j].Value = "Counterexample Ltd"
		}
	}
	p.Artifacts = nil
	want := []string{`"pki.TEST." in authority ` + p.Authorities[0].ID}
	if diff := cmp.Diff(want, p.Placeholders()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	p.Authorities[0].Certificate = "root-cert"
	p.Authorities[0].Subject.Attributes[0].Value = "EXAMPLE"
	if got := p.Placeholders(); len(got) != 1 {
		t.Errorf("the name of an existing CA is called a placeholder: %q", got)
	}
}
