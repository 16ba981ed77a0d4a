// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
)

// TestPrivatePage types the page about a private PKI at a terminal: two ceremonies on the
// same tokens, the second under a plan that people approved, and the next after both.
func TestPrivatePage(t *testing.T) {
	if token.HasSoftHSM() != nil || !token.BuiltIn {
		t.Skip("SoftHSM2 is not installed, or this build has no PKCS#11")
	}
	t.Parallel()
	const page = "private-pki.md"
	source, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	now := func(string, string) string { return time.Now().UTC().Format(time.RFC3339) }
	people := attentive(termtest.NewScript(80).On("Time now", now).On("PIN of token", termtest.Reply("1234")).
		On("Type APPROVE", termtest.Reply("APPROVE")))
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-eu", "-c", pageScript(t, page, 35)+
		"ceremony init year-3 --next bundles/private-2027 --revoke devices-cert,superseded\n")
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "SOURCE="+source, "TERM=xterm")
	shown, err := atTerminal(t, cmd, people)
	if err != nil {
		t.Fatalf("%v\n%s", err, shown)
	}
	for what, n := range map[string]int{"\nVALID\n": 2, "\nNOT APPROVED: nobody approved this plan": 1, "approved    alice, bob: plan.json": 1, "root-crl-3: it follows root-crl-2": 1} {
		if got := strings.Count(shown, what); got != n {
			t.Errorf("%q is shown %d times, not %d:\n%s", what, got, n, shown)
		}
	}
	holdShown(t, page, shown)
}
