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
