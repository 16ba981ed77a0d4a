// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremonytest

import (
	"testing"

	"rootceremony/ceremony/plan"
)

// Script renders the script of an example.
func Script(t *testing.T, folder string, site *plan.Site) string {
	t.Helper()
	page, err := Preview(t, folder).Script(site)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}
