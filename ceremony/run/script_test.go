// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
)

// TestScriptOfOtherPlans renders plans with keys that exist, requests and
// cross-certificates.
func TestScriptOfOtherPlans(t *testing.T) {
	dir := ceremonytest.Examples(t)
	rehearse(t, filepath.Join(dir, "root-2026"))
	for name, wants := range map[string][]string{
		"issuing-2027": {"to be compared:", "on the token, input", "certificate request"},
		"cross-2026":   {"cross-certificate for an existing CA", "to be compared:"},
	} {
		page := ceremonytest.Script(t, filepath.Join(dir, name), nil)
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("the script of %s has no %q", name, want)
			}
		}
	}
}
