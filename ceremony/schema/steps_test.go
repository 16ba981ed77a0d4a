// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"rootceremony/ceremony/plan"

	"github.com/google/go-cmp/cmp"
)

// TestStepLists guards whoever writes a step in an editor or looks it up: the
// schemas and the page have each kind of step that the loader takes, and no other.
func TestStepLists(t *testing.T) {
	var schemas struct {
		Defs struct {
			Step struct {
				OneOf      []struct{ Required []string }
				Properties struct {
					Kind struct{ Enum []plan.StepKind }
				}
			}
		} `json:"$defs"`
	}
	for _, name := range []string{"ceremony.schema.json", "plan.schema.json"} {
		if err := json.Unmarshal(readFile(t, name), &schemas); err != nil {
			t.Fatal(err)
		}
	}
	var words []string
	page := string(readFile(t, pages["ceremony"]))
	for _, one := range schemas.Defs.Step.OneOf {
		words = append(words, one.Required...)
		if !strings.Contains(page, "\n### `"+one.Required[0]+"`") {
			t.Errorf("%s has no section of the step %s", pages["ceremony"], one.Required[0])
		}
	}
	if diff := cmp.Diff(plan.StepWords(), words); diff != "" {
		t.Errorf("ceremony.schema.json does not list the words of steps (-loader +schema):\n%s", diff)
	}
	if diff := cmp.Diff(plan.StepKinds(), schemas.Defs.Step.Properties.Kind.Enum); diff != "" {
		t.Errorf("plan.schema.json does not list the kinds of steps (-plan +schema):\n%s", diff)
	}
}
