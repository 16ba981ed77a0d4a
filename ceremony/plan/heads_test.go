// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

// TestHeadAfter guards signatures of root keys against somebody who cuts lines off the
// record: room and script have a place for the head after each that no other head follows.
func TestHeadAfter(t *testing.T) {
	p := ceremonytest.Preview(t, filepath.Join(ceremonytest.Examples(t), "root-2026"))
	page, err := p.Script(nil)
	if err != nil {
		t.Fatal(err)
	}
	var after []string
	for _, st := range p.Plan.Steps {
		_, row, _ := strings.Cut(string(page), `<tr id="step-`+st.ID+`"`)
		row, _, _ = strings.Cut(row, "</tr>")
		head := p.Plan.HeadAfter(st.ID)
		if head {
			after = append(after, st.Title)
		}
		if st.Kind != plan.StepSection && strings.Contains(row, "The head of the record, as the screen shows it") != head {
			t.Errorf("step %s (%s): the script differs from the screen", st.ID, st.Title)
		}
	}
	want := []string{"Generate r1, e1, ocsp-x1", "Sign certificate r1-cert", "Sign CRL root-x1-crl-1", "Sign certificate ocsp-x1-cert"}
	if !slices.Equal(after, want) {
		t.Errorf("heads after %q, want %q", after, want)
	}
}
