// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"crypto/rand"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

// The class of a key says whether its CA is an Affiliate of the issuer: anyPolicy for a CA
// of somebody else stops the plan, and for an Affiliate needs no look each time (BR
// 7.1.2.10.5).
func TestClassSaysAffiliate(t *testing.T) {
	for class, want := range map[string]bool{"affiliate-sub": false, "external-sub": true} {
		folder := filepath.Join(ceremonytest.Examples(t), "root-2026")
		ceremonytest.Replace(t, filepath.Join(folder, "profiles/tls-issuing.yaml"), "certificate-policies: [2.23.140.1.2.1]", "certificate-policies: [2.5.29.32.0]")
		ceremonytest.Replace(t, filepath.Join(folder, "ceremony.yaml"), "ecdsa-p384, class: affiliate-sub", "ecdsa-p384, class: "+class)
		p, err := plan.NewPreview(t.Context(), ceremonytest.Load(t, folder), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		stops := len(p.Problems) == 1 && strings.Contains(fmt.Sprint(p.Problems), "e1-cert: error: sub.policies: anyPolicy: only for an Affiliate")
		if stops != want || !want && len(p.Problems) > 0 {
			t.Errorf("%s: %v", class, p.Problems)
		}
	}
}
