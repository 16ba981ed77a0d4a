// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/token"
)

// TestOffers guards a ceremony against a token that cannot do what the plan
// needs: that is known before a key is made.
func TestOffers(t *testing.T) {
	rsaGen, rsa := token.Mechanism{Type: 0, MinKey: 512, MaxKey: 3072}, token.Mechanism{Type: 1, MinKey: 64, MaxKey: 512} // the second in bytes
	ecGen, ec := token.Mechanism{Type: 0x1040, MinKey: 256, MaxKey: 384}, token.Mechanism{Type: 0x1041}                   // the second without limits
	for name, c := range map[string]struct {
		mechanisms []token.Mechanism
		algorithm  algorithm.Key
		generate   bool
		want       string
	}{
		"nothing is listed":       {nil, algorithm.ECDSAP521, true, ""},
		"within the limits":       {[]token.Mechanism{rsaGen, rsa}, algorithm.RSA3072, true, ""},
		"too long to generate":    {[]token.Mechanism{rsaGen, rsa}, algorithm.RSA4096, true, "CKM_RSA_PKCS_KEY_PAIR_GEN with 4096 bits (its limits are 512 and 3072)"},
		"limits in bytes":         {[]token.Mechanism{rsaGen, rsa}, algorithm.RSA4096, false, ""},
		"no curves":               {[]token.Mechanism{rsaGen, rsa}, algorithm.ECDSAP256, true, "CKM_EC_KEY_PAIR_GEN"},
		"signs, cannot generate":  {[]token.Mechanism{ec}, algorithm.ECDSAP256, false, ""},
		"generates, cannot sign":  {[]token.Mechanism{ecGen}, algorithm.ECDSAP256, true, "CKM_ECDSA"},
		"a curve that is too big": {[]token.Mechanism{ecGen, ec}, algorithm.ECDSAP521, true, "CKM_EC_KEY_PAIR_GEN with 521 bits (its limits are 256 and 384)"},
	} {
		if got := (token.Info{Mechanisms: c.mechanisms}).Unoffered(c.algorithm, c.generate); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	got := token.Info{Mechanisms: []token.Mechanism{rsaGen, rsa, ecGen, ec}}.Offers()
	if d := cmp.Diff([]algorithm.Key{algorithm.RSA2048, algorithm.RSA3072, algorithm.ECDSAP256, algorithm.ECDSAP384}, got); d != "" {
		t.Errorf("offers (-want +got):\n%s", d)
	}
}
