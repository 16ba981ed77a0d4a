// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestRenewPage types the commands of the page about renewals, and holds what it
// shows of files to what its commands write.
func TestRenewPage(t *testing.T) {
	t.Parallel()
	const page = "renew-an-intermediate.md"
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-eu", "-c", pageScript(t, page, 60))
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "SOURCE="+sourceTree(t), "PATH="+pathWithout(t, "ceremony"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	shown := string(out)
	for what, n := range map[string]int{"plan OK": 3, "\nVALID\n": 3, "warning: ": 0, "notice: ": 0} {
		if got := strings.Count(shown, what); got != n {
			t.Errorf("%q is shown %d times, not %d:\n%s", what, got, n, shown)
		}
	}
	text, err := os.ReadFile("../../../docs/how-to/" + page)
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindAllStringSubmatch(string(text), -1)
	if len(blocks) != 2 {
		t.Errorf("the page shows %d files", len(blocks))
	}
	for _, block := range blocks {
		if !strings.Contains(shown, block[1]) {
			t.Errorf("the commands do not write what the page shows:\n%s", block[1])
		}
	}
}
