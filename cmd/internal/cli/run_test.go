// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rootceremony/internal/secret"
	"rootceremony/internal/term"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token/tokentest"
)

// room is what one run needs: a copy of an example, its plan, and a site file
// for two SoftHSM tokens.
type room struct {
	folder, file, plan, site, bundle string
}

func newRoom(t *testing.T) *room {
	t.Helper()
	return newRoomOf(t, "root-2026")
}

// newRoomOf is a room for one of the examples.
func newRoomOf(t *testing.T, example string) *room {
	t.Helper()
	return newRoomIn(t, t.TempDir(), example)
}

// newRoomIn is the same in a folder that is made if there is none.
func newRoomIn(t *testing.T, folder, example string) *room {
	t.Helper()
	if err := os.CopyFS(folder, os.DirFS("../../../examples/"+example)); err != nil {
		t.Fatal(err)
	}
	r := &room{
		folder: folder,
		file:   filepath.Join(folder, "ceremony.yaml"),
		plan:   filepath.Join(folder, "plan-1"),
		site:   filepath.Join(folder, "test-site.yaml"),
		bundle: filepath.Join(folder, "bundle"),
	}
	text := "version: 1\nsoftware-token: true\ntokens:\n"
	for name, label := range map[string]string{"root": "example-root", "issuing": "example-issuing"} {
		c := tokentest.NewSoftHSM(t, label)
		text += "  " + name + ": {module: " + c.Module + ", label: " + label + ", login: pin}\n"
	}
	if err := os.WriteFile(r.site, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, errs := command(t, nil, "plan", r.file, "--out", r.plan); status != exitDone {
		t.Fatalf("plan: exit status %d: %s", status, errs)
	}
	return r
}

// run carries the ceremony out with people who answer from a script.
func (r *room) run(t *testing.T, people *termtest.Script) (int, string) {
	t.Helper()
	return r.runWith(t, people, "--plan", r.plan)
}

func (r *room) runWith(t *testing.T, people *termtest.Script, flags ...string) (int, string) {
	t.Helper()
	people.On("-digest", r.laptop)
	return command(t, people, append([]string{"run", r.file, "--site", r.site, "--bundle", r.bundle}, flags...)...)
}

// laptop is a second machine that digests the artifacts, or a key that was copied.
func (r *room) laptop(_, prompt string) string {
	command := "cd artifacts && sha256sum * | LC_ALL=C sort -k 2 | sha256sum"
	if key, ok := strings.CutSuffix(strings.TrimSpace(prompt), " (key-digest, SHA-256 of its public key):"); ok { // as if a copy was read
		command = `jq -r 'select(.type=="key.proved" and .data.key=="` + key + `").data.spki_sha256' journal/journal.jsonl`
	}
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir = r.bundle
	out, err := cmd.Output()
	if err != nil {
		return err.Error()
	}
	return strings.Fields(string(out))[0]
}

// command runs one command line and returns its status and what it printed. With
// nil people, a question ends the test.
func command(t *testing.T, people *termtest.Script, args ...string) (int, string) {
	t.Helper()
	var output bytes.Buffer
	status := Run(t.Context(), args, Stdio{Out: &output, Err: &output, Now: afterAll, Terminal: func(context.Context) (Terminal, error) {
		if people == nil {
			t.Errorf("ceremony %s asked somebody", args[0])
			return nil, errors.New("nobody is here")
		}
		return scripted{people}, nil
	}})
	return status, output.String()
}

// afterAll is a moment after the windows of all examples.
func afterAll() time.Time { return time.Date(2027, 12, 3, 9, 0, 0, 0, time.UTC) }

// scripted is a scripted terminal that can be closed.
type scripted struct{ *termtest.Script }

// Close does nothing.
func (scripted) Close() error { return nil }

var (
	digestShown = regexp.MustCompile(`([0-9a-f]{4}\s+){15}[0-9a-f]{4}`)
	poolShown   = regexp.MustCompile(`\((\d) of ([^)]*)\)`)
)

// attentive are people who read the screen and do what it asks. Rules that are
// added before go first.
func attentive(people *termtest.Script) *termtest.Script {
	digest := ""
	digits := func(from int) termtest.Answer {
		return func(screen, _ string) string {
			if all := digestShown.FindAllString(screen, -1); len(all) > 0 {
				digest = strings.Join(strings.Fields(all[len(all)-1]), "")
			}
			return digest[from : from+4]
		}
	}
	return people.
		On("Who is here", func(_, prompt string) string {
			m := poolShown.FindStringSubmatch(prompt)
			return strings.Join(strings.Split(m[2], ", ")[:m[1][0]-'0'], " ")
		}).
		On("Time now", termtest.Reply("2026-12-01T09:00:00Z")).
		On("Name of the first clock", termtest.Reply("wall clock")).
		On("Name of the second clock", termtest.Reply("radio clock")).
		On("first four digits", digits(0)).
		On("next four digits", digits(4)).
		On("type done", termtest.Reply("done")).On("press Enter", termtest.Reply("")).
		On("How many events", termtest.Reply("none")).
		On("agree or ask", termtest.Reply("agree")).
		On("Did this happen", termtest.Reply("agree")).
		On("Who is at the keyboard", termtest.First).
		On("(text)", termtest.Reply("TEB-0042")).
		On("(number)", termtest.Reply("3")).
		On("(UTC, example ", termtest.Reply("2026-12-01T09:00:00Z")).
		On("PIN of token", termtest.Reply(tokentest.TestPIN))
}

// TestRun guards the whole way: plan, run on PKCS#11, verify with the digest
// that was on the screen, report; and that the PIN shows nowhere.
func TestRun(t *testing.T) {
	r := newRoom(t)
	people := attentive(termtest.NewScript(80).Once("(text)", termtest.Reply("the PIN is "+tokentest.TestPIN)))
	status, output := r.run(t, people)
	if status != exitDone {
		t.Fatalf("exit status %d: %s\n%s", status, output, people.Screen())
	}
	shown := digestShown.FindAllString(people.Screen(), -1)
	manifest := shown[len(shown)-1] // the last one, in groups, as people copy it
	for _, args := range [][]string{
		{"verify", r.bundle, "--manifest", manifest},
		{"report", r.bundle, "--manifest", manifest, "--out", filepath.Join(r.folder, "report.html")},
	} {
		if status, output := command(t, nil, args...); status != exitDone {
			t.Errorf("%s: exit status %d: %s", args[0], status, output)
		}
	}
	if status, _ := command(t, nil, "verify", r.bundle); status != exitFindings {
		t.Errorf("verify without an anchor: exit status %d, want %d", status, exitFindings)
	}
	if shown := strings.Replace(output+people.Screen(), "the PIN is "+tokentest.TestPIN, "", 1); strings.Contains(shown, tokentest.TestPIN) {
		t.Error("the PIN was shown")
	}
	if !strings.Contains(people.Screen(), "That contains the PIN of a token.") {
		t.Error("nobody was told that a PIN was typed as text")
	}
	noPINBelow(t, r.bundle)
	if status, output := r.run(t, attentive(termtest.NewScript(80))); status != exitFailed {
		t.Errorf("a second run into the same folder: exit status %d: %s", status, output)
	}
}

func noPINBelow(t *testing.T, folder string) {
	t.Helper()
	bundle := os.DirFS(folder)
	err := fs.WalkDir(bundle, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(bundle, name)
		if _, found := secret.NewPIN([]byte(tokentest.TestPIN)).Hide(data); found {
			t.Errorf("%s holds the PIN", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestRunEndings guards the exit statuses of a run that does not end well.
func TestRunEndings(t *testing.T) {
	for _, c := range []struct {
		name   string
		people *termtest.Script
		status int
		says   string
	}{
		{"stopped by two people", termtest.NewScript(80).On("type done", termtest.Reply("STOP")).On("second person", termtest.Reply("STOP")),
			exitStopped, "ceremony: hint: the record so far is kept in"},
		{"interrupted", termtest.NewScript(80).Fail("type done", term.ErrInterrupted), exitInterrupted, "ceremony: error: interrupted"},
		{"outside the window", termtest.NewScript(80).On("Time now", termtest.Reply("2026-12-03T09:00:00Z")),
			exitFailed, "outside the window"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRoom(t)
			status, output := r.run(t, attentive(c.people))
			if status != c.status || !strings.Contains(output, c.says) {
				t.Errorf("exit status %d, want %d and %q in:\n%s", status, c.status, c.says, output)
			}
		})
	}
}

// TestRunRefuses guards that nobody is asked and nothing is made while the file
// is at fault or is not the one that was approved.
func TestRunRefuses(t *testing.T) {
	for _, c := range []struct {
		name, file, old, new string
		status               int
	}{
		{"a typo in a profile", "profiles/root.yaml", "[cert-sign,", "[cert-sing,", exitFindings},
		{"a finding", "ceremony.yaml", "common-name: E1}", "common-name: R1}", exitFindings},
		{"a mistake in the site file", "test-site.yaml", "login: pin}", "login: pim}", exitFindings},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRoom(t)
			name := filepath.Join(r.folder, c.file)
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, bytes.Replace(data, []byte(c.old), []byte(c.new), 1), 0o600); err != nil {
				t.Fatal(err)
			}
			status, output := command(t, nil, "run", r.file, "--plan", r.plan, "--site", r.site, "--bundle", r.bundle)
			if status != c.status || !regexp.MustCompile(c.file+`:\d+:\d+: `).MatchString(output) {
				t.Errorf("exit status %d, want %d and a place in %s:\n%s", status, c.status, c.file, output)
			}
			if _, err := os.Lstat(r.bundle); !errors.Is(err, fs.ErrNotExist) {
				t.Error("there is a bundle")
			}
		})
	}
}

// TestRunOtherPlan guards that what runs is what was approved.
func TestRunOtherPlan(t *testing.T) {
	r := newRoom(t)
	data, err := os.ReadFile(r.file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(r.file, append(data, "# a comment more\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	status, output := r.run(t, attentive(termtest.NewScript(80)))
	if status != exitFailed || !strings.Contains(output, "is not the one in the plan folder") {
		t.Errorf("exit status %d: %s", status, output)
	}
}
