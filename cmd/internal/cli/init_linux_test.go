// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
)

// TestNewCeremonyPage types what the page for those who begin says, at a terminal of 80
// columns, and takes every default: what "init" asks for and writes plans, rehearses and
// runs on the tokens that it makes.
func TestNewCeremonyPage(t *testing.T) {
	if token.HasSoftHSM() != nil || !token.BuiltIn {
		t.Skip("SoftHSM2 is not installed, or this build has no PKCS#11")
	}
	t.Parallel()
	now := func(string, string) string { return time.Now().UTC().Format(time.RFC3339) }
	people := termtest.NewScript(80).
		On("[private]: ", termtest.Reply("")).Once("[Example Trust]: ", termtest.Reply("BACK")).
		On("Time now", now).On("PIN of token", termtest.Reply(token.TrialPIN))
	people = attentive(people).On("]: ", termtest.Reply(""))
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-eu", "-c", pageScript(t, "new-ceremony.md", 15)+
		"cd ..\nceremony init year-3 --next year-2/bundle\nceremony plan year-3/ceremony.yaml\n")
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "TERM=xterm")
	shown, err := atTerminal(t, cmd, people)
	if err != nil {
		t.Fatalf("%v\n%s", err, shown)
	}
	if strings.Count(shown, "\nVALID\n") != 3 || strings.Count(shown, "plan OK") != 3 {
		t.Errorf("three verdicts do not say VALID, or three plans are not OK:\n%s", shown[max(0, len(shown)-2000):])
	}
	for line := range strings.Lines(shown[:strings.Index(shown, "\nnext ")]) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > 80 {
			t.Errorf("a line of %d columns: %s", n, line)
		}
	}
}
