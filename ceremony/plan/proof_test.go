// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/lint"
)

// TestProofsInPlan guards a key against a proof that it could not sign: the room would
// find out when the key is on the token, and nobody could use it.
func TestProofsInPlan(t *testing.T) {
	planned := func(id string) *plan.Preview {
		t.Helper()
		l, err := plan.Load("ceremony.yaml", []byte(strings.Replace(ceremonytest.Small, "id: small", "id: "+id, 1)), plan.Disk{Folder: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		p, err := plan.NewPreview(context.Background(), l, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	p := planned(strings.Repeat("a", 55))
	if len(p.Problems) > 0 || len(p.Proofs) != 1 {
		t.Fatalf("%v, %d proofs", p.Problems, len(p.Proofs))
	}
	if !slices.ContainsFunc(p.Proofs[0].Findings, func(f lint.Finding) bool { return f.Absent == lint.AbsentUntilSigned }) {
		t.Error("the plan does not say that the room checks the signature of the proof")
	}
	const want = "ceremony.yaml:7:6: keys.k: key k would not be of use: "
	if got := planned(strings.Repeat("a", 56)).Problems.Error(); !strings.Contains(got, want) || !strings.Contains(got, "65 characters, more than the 64 of organization (RFC 5280 A.1)") {
		t.Errorf("want %q, got %s", want, got)
	}
}
