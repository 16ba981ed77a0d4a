// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package cli

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/internal/term/termtest"
)

// TestApproveFolder guards a person who approves a whole plan folder: all digests are on
// the screen before one question, and any other answer signs nothing.
func TestApproveFolder(t *testing.T) {
	examples, err := filepath.Abs("../../../examples")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	const prepare = `ssh-keygen -q -t ed25519 -N '' -C alice -f alice
ceremony policy init --org example-corp --need 1 --key alice=alice.pub --out policy.json >out.txt
ceremony plan "$0/issuing-2027/ceremony.yaml" --out plan-1 >out.txt`
	prepared := exec.CommandContext(t.Context(), "sh", "-eu", "-c", prepare, examples)
	prepared.Dir = folder
	if out, err := prepared.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, c := range []struct {
		answer string
		want   int
	}{{"", 0}, {"no", 0}, {"Approve", 4}} {
		people := termtest.NewScript(80).On("Type APPROVE to sign all 4", func(screen, _ string) string {
			for _, name := range []string{"plan.json", "example-request.profile.json", "example-root-crl.profile.json", "example-tls-issuing.profile.json"} {
				data, err := os.ReadFile(filepath.Join(folder, "plan-1", name))
				if err != nil || !strings.Contains(screen, fmt.Sprintf("  %s: this ", name)) || !strings.Contains(screen, fmt.Sprintf("%x", sha256.Sum256(data))) {
					t.Errorf("%s is not shown before the question (%v):\n%s", name, err, screen)
				}
			}
			return c.answer
		})
		cmd := exec.CommandContext(t.Context(), "sh", "-c", "ceremony approve plan-1 --policy policy.json --key alice; echo status $?")
		cmd.Dir = folder
		shown, err := atTerminal(t, cmd, people)
		if err != nil {
			t.Fatalf("%v\n%s", err, shown)
		}
		signed, err := filepath.Glob(filepath.Join(folder, "plan-1", "*.alice.sig"))
		if err != nil || len(signed) != c.want || c.want == 0 && !strings.Contains(shown, "status 4") {
			t.Errorf("%q signs %v, want %d (%v):\n%s", c.answer, signed, c.want, err, shown)
		}
		if !strings.Contains(shown, "signer    alice@example-corp (approver), key") {
			t.Errorf("the screen does not say whose key signs:\n%s", shown)
		}
	}
}

// TestSignWhatTheRecordDenies guards a person who signs a bundle out of habit: that the
// record has them in no attendance list is said before they sign, and not to the first
// reader afterwards; any answer but SIGN signs nothing.
func TestSignWhatTheRecordDenies(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.CopyFS(filepath.Join(folder, "b"), os.DirFS("../../../examples/bundles/root-2026")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		who, answer string
		asked, want int
	}{{"zoe", "", 1, 0}, {"zoe", "sign", 1, 1}, {"alice", "", 0, 1}} {
		people := termtest.NewScript(80).On("Type SIGN to declare it nevertheless", termtest.Reply(c.answer))
		cmd := exec.CommandContext(t.Context(), "sh", "-c", "test -e k || ssh-keygen -q -t ed25519 -N '' -f k; ceremony sign b --key k --as "+c.who+"; echo status $?")
		cmd.Dir = folder
		shown, err := atTerminal(t, cmd, people)
		signed, globErr := filepath.Glob(filepath.Join(folder, "b", "signatures", "MANIFEST."+c.who+".sig"))
		if err != nil || globErr != nil || len(signed) != c.want || strings.Count(shown, "THE RECORD SAYS OTHERWISE: "+c.who) != c.asked {
			t.Errorf("%+v: %v, signed is %v:\n%s", c, err, signed, shown)
		}
	}
}
