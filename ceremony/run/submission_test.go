// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"strings"
	"testing"
)

// TestSubmission guards that the ten years of MTRP 3.1.8 count from the day of
// submission that the ceremony file gives, and that people see that day.
func TestSubmission(t *testing.T) {
	p := preview(t, edited(t, examples(t), mistake{name: "submitted", example: "root-2026", edits: []edit{
		{"profiles/root.yaml", "at-most: 10y", "at-most: 11y"},
		{ceremonyFile, "for: 9y6mo}\n", "for: 10y2mo}\n    submission: 2027-02-15\n"},
	}}))
	if s := p.Plan.Artifact("root-x1-cert").Submission; s != "2027-02-15" {
		t.Errorf("the plan has submission %q", s)
	}
	var shown bytes.Buffer
	if err := p.Write(&shown); err != nil {
		t.Fatal(err)
	}
	script, err := p.Script(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"plan": shown.String(), "script": string(script)} {
		if !strings.Contains(text, "2027-02-15, to root programs") {
			t.Errorf("%s does not show the submission", name)
		}
	}
}
