// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"testing"

	"rootceremony/profiles"
)

// TestRows guards the table of this room: a kind that a profile can have and that
// was forgotten here fails by its name.
func TestRows(t *testing.T) {
	for _, k := range profiles.Kinds() {
		if r := rows[k]; r.declared == nil || r.zlint == nil {
			t.Errorf("lint/kinds.go has no whole row of %s", k)
		}
	}
	if have, want := len(rows), len(profiles.Kinds()); have != want {
		t.Errorf("%d rows of %d kinds", have, want)
	}
}
