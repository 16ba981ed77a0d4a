// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify_test

import (
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

// TestMutantsAreTold guards people who agree to another plan by what they are told of
// it in words: whatever step or reference differs, a line says so, and none leaves it
// to the list of all values.
func TestMutantsAreTold(t *testing.T) {
	for _, f := range ceremonytest.OrderFiles(t) {
		before := sideOf(t, f, f.Text)
		list, told, every := mutants(t, f.Text), 0, 4
		if ordersAll() {
			every = 1
		}
		for i := 0; i < len(list); i += every {
			m := list[i]
			after := sideOf(t, f, m.text)
			if after == nil {
				continue // refused
			}
			c, err := plan.Compare(before, after)
			if err != nil {
				t.Fatal(err)
			}
			other := slices.ContainsFunc(c.Values, func(v string) bool { return !strings.Contains(v, " files[") })
			if unsaid := slices.ContainsFunc(c.Changes, func(c plan.Change) bool { return c.About == "value" }); unsaid || other != (len(c.Changes) > 0) {
				t.Errorf("%s: %s: told %v, of %v", f.Name, m.what, c.Changes, c.Values)
			}
			told++
		}
		if told == 0 && every == 1 {
			t.Errorf("%s: no mutant is a plan", f.Name)
		}
	}
}

// sideOf loads a ceremony file to compare; nil where it is refused.
func sideOf(t *testing.T, f ceremonytest.File, text string) *plan.Side {
	t.Helper()
	l, err := plan.Load("ceremony.yaml", []byte(text), f.Files)
	if err != nil {
		return nil
	}
	s, err := l.Side(nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
