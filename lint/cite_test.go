// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"testing"

	"rootceremony/profiles"
)

// A finding cites the documents that bind the object and that there were on its day, and
// not house beside them.
func TestCited(t *testing.T) {
	const all = "BR 7.1.2, 7.1.3, SBR 7.1.2.2 a, CSBR 7.1, RFC 5280 4.1.2.2, MRSP 5.2, house"
	for _, c := range []struct {
		clauses, day string
		packs        []string
		want         string
	}{
		{all, "2026-12-01", []string{PackTLS, PackMozilla}, "BR 7.1.2, 7.1.3, RFC 5280 4.1.2.2, MRSP 5.2"},
		{all, "2012-07-01", []string{PackTLS, PackMozilla}, "BR 7.1.2, 7.1.3, RFC 5280 4.1.2.2"},
		{all, "2012-06-30", []string{PackTLS, PackMozilla}, "RFC 5280 4.1.2.2"},
		{all, "", []string{PackTLS}, "BR 7.1.2, 7.1.3, RFC 5280 4.1.2.2"},
		{all, "2026-12-01", []string{PackSMIME}, "SBR 7.1.2.2 a, RFC 5280 4.1.2.2"},
		{all, "2026-12-01", []string{PackCodeSigning}, "CSBR 7.1, RFC 5280 4.1.2.2"},
		{all, "2026-12-01", []string{PackRFC5280}, "RFC 5280 4.1.2.2"},
		{"BR 7.2, CCADB Policy 6.2", "2026-12-01", []string{PackRFC5280}, "BR 7.2, CCADB Policy 6.2"},
		{"house", "2026-12-01", []string{PackTLS}, "house"},
		// Of the clauses of a document those for other kinds of objects are no reason.
		{"BR 7.1.2.10.6, 7.1.2.3.3, 7.1.2.2.4, 7.1.2.1.2, SBR 7.1.2.1", "2026-12-01", []string{PackTLS}, "BR 7.1.2.10.6"},
		{"RFC 5280 5.2.1, 4.2.1.1, BR 7.2, 7.1.2.8", "2026-12-01", []string{PackTLS}, "RFC 5280 4.2.1.1"},
		{"BR 7.2.2, 7.3", "2026-12-01", []string{PackTLS}, "BR 7.3"},
		{"BR 7.1.2.10.6, else house", "2026-12-01", []string{PackTLS}, "BR 7.1.2.10.6"},
		{"BR 7.2.2", "2026-12-01", []string{PackTLS}, "BR 7.2.2"},
	} {
		on := &target{obj: &Object{Declared: &profiles.Certificate{Kind: profiles.SubordinateCA}}, ctx: &Context{}, purpose: &profiles.Purpose{Rules: c.packs, Intent: profiles.TLSServer}, read: theRoot(t).cert}
		if c.day != "" {
			on.ctx.Signing = date(c.day + "T00:00:00Z")
		}
		if got := on.cited(c.clauses); got != c.want {
			t.Errorf("%s, %v: %q, want %q", c.day, c.packs, got, c.want)
		}
	}
}
