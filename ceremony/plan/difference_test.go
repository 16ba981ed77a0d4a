// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDifference guards what people read before they agree to another plan: a
// step that comes between others is one step more, not a change of them all.
func TestDifference(t *testing.T) {
	one := &Plan{Ceremony: Identity{Title: "A"}, Steps: []Step{{ID: "1", Title: "Look."}, {ID: "2", Title: "Look."}, {ID: "3", Title: "Leave."}}}
	two := &Plan{Ceremony: Identity{Title: "B"}, Steps: []Step{{ID: "1", Title: "Look."}, {ID: "2", Title: "Wait."}, {ID: "3", Title: "Leave."}}}
	got, err := Difference(one, two)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"~ ceremony.title: A, now B",
		"- steps[Look., 2].id: 2", "- steps[Look., 2].kind: ", "- steps[Look., 2].title: Look.",
		"+ steps[Wait.].id: 2", "+ steps[Wait.].kind: ", "+ steps[Wait.].title: Wait.",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestDifferenceOfOrder guards people from a plan in which nothing changes but what comes
// first: a section, whose number is no value of a step.
func TestDifferenceOfOrder(t *testing.T) {
	look, begin, leave := Step{ID: "1", Title: "Look."}, Step{ID: "section-1", Title: "Begin"}, Step{ID: "2", Title: "Leave."}
	got, err := Difference(&Plan{Steps: []Step{begin, look, leave}}, &Plan{Steps: []Step{look, begin, leave}})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"~ steps: the order changes"}, got); d != "" {
		t.Error(d)
	}
}
