// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"slices"
	"testing"
)

// TestStepRows guards whoever adds a kind of step against a word that two rows
// read, and against a kind that people do and that nothing holds to the plan.
func TestStepRows(t *testing.T) {
	words := map[string]bool{}
	for _, r := range stepRows() {
		if r.read == nil || len(r.words) == 0 || r.people && r.unmet == nil {
			t.Errorf("the row of %v is not whole", r.words)
		}
		for _, w := range r.words {
			if words[w] {
				t.Errorf("two rows begin with %q", w)
			}
			words[w] = true
		}
	}
	for word := range signings {
		if !slices.Contains(StepWords(), word) {
			t.Errorf("no step begins with %q", word)
		}
	}
}

// TestRehearsedFieldsFit guards a rehearsal against a record that verify refuses.
func TestRehearsedFieldsFit(t *testing.T) {
	for _, kind := range fieldTypes {
		f := Field{Name: "bag", Type: kind}
		if err := f.Check(f.Rehearsed()); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
