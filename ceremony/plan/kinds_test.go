// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"slices"
	"testing"

	"rootceremony/profiles"
)

// TestRows guards the tables of this room: a kind that a profile can have and
// that was forgotten here fails by its name.
func TestRows(t *testing.T) {
	for _, k := range profiles.Kinds() {
		if r := rowOf(k); r.what == "" || r.word == "" || r.journal == "" || r.shown == nil || r.summary == nil {
			t.Errorf("ceremony/plan/kinds.go has no whole row of %s", k)
		}
		signed := 0
		for word, s := range signings {
			if slices.Contains(s.kinds, k) {
				signed++
			}
			if !slices.Contains(signWords, word) || s.bind == nil || s.title == "" {
				t.Errorf("the word %s is not whole", word)
			}
		}
		if signed != 1 {
			t.Errorf("%d words of steps sign a %s, want 1", signed, k)
		}
	}
}
