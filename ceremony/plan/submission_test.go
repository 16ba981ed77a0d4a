// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
)

// TestSubmission guards that the ten years of MTRP 3.1.8 count from the day of
// submission that the ceremony file gives, and that people see that day.
func TestSubmission(t *testing.T) {
	folder := filepath.Join(ceremonytest.Examples(t), "root-2026")
	ceremonytest.Replace(t, filepath.Join(folder, "profiles/root.yaml"), "at-most: 10y", "at-most: 11y")
	ceremonytest.Replace(t, filepath.Join(folder, "ceremony.yaml"), "for: 9y6mo}\n", "for: 10y2mo}\n    submission: 2027-02-15\n")
	p := ceremonytest.Preview(t, folder)
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
