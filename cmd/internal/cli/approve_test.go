// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestApprovalsPage runs every command of docs/how-to/approvals.md as it stands
// there: the page is the test.
func TestApprovalsPage(t *testing.T) {
	page, err := os.ReadFile("../../../docs/how-to/approvals.md")
	if err != nil {
		t.Fatal(err)
	}
	examples, err := filepath.Abs("../../../examples")
	if err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	for _, block := range regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindAllStringSubmatch(string(page), -1) {
		script.WriteString(block[1])
	}
	if n := strings.Count(script.String(), "\n"); n < 15 {
		t.Fatalf("only %d commands were found", n)
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-eux", "-c", script.String())
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "EXAMPLES="+examples)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"plan  APPROVED\n", `Good "ceremony-plan-approval-v1" signature for alice@example-trust`} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
}
