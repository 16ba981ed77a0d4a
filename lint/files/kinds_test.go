// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"errors"
	"testing"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// TestRows guards the table of this room: a form that a kind of a profile can
// have and that was forgotten here, or by the second parser, fails by its name.
func TestRows(t *testing.T) {
	for _, k := range profiles.Kinds() {
		r := rowOf(k.Form())
		if r.guess == nil || r.context == nil || r.mirror == nil || r.bind == nil || r.specimen == nil {
			t.Errorf("lint/files/kinds.go has no whole row of %s", k)
		}
		if _, err := inspect.Parse(k.Form(), nil); errors.Is(err, inspect.ErrKind) {
			t.Errorf("package inspect parses no %s", k)
		}
	}
}
