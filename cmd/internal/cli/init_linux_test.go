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
// columns: what "init" asks for and writes plans, rehearses and runs on the tokens that it
// makes, approved by people, whose approval the next ceremony wants again.
func TestNewCeremonyPage(t *testing.T) {
	if token.HasSoftHSM() != nil || !token.BuiltIn {
		t.Skip("SoftHSM2 is not installed, or this build has no PKCS#11")
	}
	t.Parallel()
	now := func(string, string) string { return time.Now().UTC().Format(time.RFC3339) }
	none := func(screen, _ string) string {
		for question, answer := range map[string]string{"Who approves": "alice=alice.pub, bob=bob.pub", "of auditors": "dana=dana.pub", "issuing CA?": "add ca-1-cert"} {
			if strings.Contains(screen, question) {
				return answer
			}
		}
		return ""
	}
	people := termtest.NewScript(80).
		On("[none]: ", none).On("Type APPROVE", termtest.Reply("approve")).
		On("[private]: ", termtest.Reply("")).Once("[Example Trust]: ", termtest.Reply("back")).
		On("Time now", now).On("PIN of token", termtest.Reply(token.TrialPIN))
	people = attentive(people).On("]: ", termtest.Reply(""))
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-eu", "-c", pageScript(t, "new-ceremony.md", 15)+
		"cd ..\nceremony init year-3 --next year-2/bundle\ncd year-3\nceremony plan ceremony.yaml --out plan-1 --site site.yaml\n"+
		"if ceremony run ceremony.yaml --plan plan-1 --site site.yaml --policy ../my-root/policy.json --policy-digest $ANCHOR --bundle bundle; then exit 9; fi\n")
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "TERM=xterm")
	shown, err := atTerminal(t, cmd, people)
	if err != nil {
		t.Fatalf("%v\n%s", err, shown)
	}
	if strings.Count(shown, "\nVALID\n") != 3 || strings.Count(shown, "plan OK") != 3 {
		t.Errorf("three verdicts do not say VALID, or three plans are not OK:\n%s", shown[max(0, len(shown)-2000):])
	}
	if end := shown[strings.LastIndex(shown, "plan OK"):]; !strings.Contains(end, "the plan is not approved: 2 approvals of alice and bob") {
		t.Errorf("nobody approved the third plan, and the screen says\n%s", end)
	}
	for line := range strings.Lines(shown[:strings.Index(shown, "\nnext ")]) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > 80 {
			t.Errorf("a line of %d columns: %s", n, line)
		}
	}
}

// Before anything is written people see what was decided, and may say no. The words that
// are no answer are taken in any case.
func TestInitNothingWritten(t *testing.T) {
	t.Parallel()
	for answer, people := range map[string]*termtest.Script{
		"no":   termtest.NewScript(80).On("[private]: ", termtest.Reply("lab")).On("[yes]: ", termtest.Reply("no")),
		"stop": termtest.NewScript(80).Once("[private]: ", termtest.Reply("help")).On("[private]: ", termtest.Reply("stop")),
	} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, "ceremony", "init", "new")
		cmd.Dir = t.TempDir()
		cmd.Env = append(os.Environ(), "TERM=xterm")
		shown, err := atTerminal(t, cmd, people.On("]: ", termtest.Reply("")))
		left, errLeft := os.ReadDir(cmd.Dir)
		if cmd.ProcessState.ExitCode() != exitStopped || len(left) > 0 || errLeft != nil || !strings.Contains(shown, "nothing was written") {
			t.Errorf("%s: %v, %v is left, %v:\n%s", answer, err, left, errLeft, shown)
		}
		before, _, asked := strings.Cut(shown, "Write the files?")
		if asked != (answer == "no") || asked && !strings.Contains(before, "\ndecided\n") {
			t.Errorf("%s: what was decided is not shown before the last question:\n%s", answer, shown)
		}
		if n := strings.Count(shown, "What is it for?"); answer == "stop" && n != 2 {
			t.Errorf("HELP: the question is shown %d times", n)
		}
	}
}
