// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"testing"

	"rootceremony/internal/inspect"
)

// TestIssuerKeyID guards an issuer without subjectKeyIdentifier: what it signs calls its
// key as the plan does, where there is one, and may call it anything elsewhere.
func TestIssuerKeyID(t *testing.T) {
	w := newHierarchy(t)
	mine, _, err := w.revoking.crl.AuthorityKeyID()
	if err != nil {
		t.Fatal(err)
	}
	nameless := *w.root.cert
	nameless.Extensions = nil
	for _, c := range []struct {
		name   string
		issuer *inspect.Certificate
		called []byte
		want   int
	}{
		{"as the certificate says", w.root.cert, []byte("another"), 0},
		{"as the plan says", &nameless, mine.KeyID, 0},
		{"otherwise than the plan says", &nameless, []byte("another"), 1},
		{"nobody says", &nameless, nil, 0},
	} {
		x := &target{ctx: &Context{IssuerKeyID: c.called}, obj: &w.revoking.obj, exts: w.revoking.crl.Extensions}
		if got := x.aki(c.issuer); len(got) != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
