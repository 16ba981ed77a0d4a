// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rootceremony/internal/term/termtest"
)

// shell gives a line to a POSIX shell.
func shell(t *testing.T, line string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "sh", "-c", line)
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

// shownCommand is a command that is whole on a line, as it is copied.
var shownCommand = regexp.MustCompile(`(?m)^(?:next|then| )\s+(ceremony .*)$`)

// broken is where a command goes on in the next line, which a long path begins.
var broken = regexp.MustCompile(` \\\n *`)

// quoted is a word of a shell.
func quoted(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

// follower copies commands from the screen, and replaces words in capitals.
type follower struct {
	*approvedRoom
	words []string // pairs of a word and what people put there
}

// shows wants the first command on a screen to begin so, and gives it.
func (f *follower) shows(t *testing.T, output string, n int, begins string) string {
	t.Helper()
	all := shownCommand.FindAllStringSubmatch(broken.ReplaceAllString(output, " "), -1)
	if len(all) <= n || !strings.HasPrefix(all[n][1], "ceremony "+begins+" ") {
		t.Fatalf("command %d of this screen is not %q: %q\n%s", n, begins, all, output)
	}
	return all[n][1]
}

// follow types a command that was shown; people may be nil.
func (f *follower) follow(t *testing.T, line string, want int, people *termtest.Script) string {
	t.Helper()
	for i := 0; i < len(f.words); i += 2 {
		line = strings.ReplaceAll(line, f.words[i], f.words[i+1])
	}
	args := typed(t, line)
	if people != nil {
		people = attentive(people.On("-digest", f.laptop))
	}
	status, output := command(t, people, args...)
	if people != nil {
		output += people.Screen()
	}
	if status != want {
		t.Fatalf("%s: exit status %d, want %d:\n%s", line, status, want, output)
	}
	return output
}

// stopping are people who stop at the first thing to be done in a step.
func stopping() *termtest.Script {
	return termtest.NewScript(80).Once("bag-a (text)", termtest.Reply("STOP")).On("second person", termtest.Reply("STOP"))
}

// TestFollowHints types what screens and hints say, unchanged, from a
// plan that nobody approved to a bundle that is valid: each command helps in the
// state in which it is shown. The folder has a name that a shell takes apart.
func TestFollowHints(t *testing.T) {
	f := &follower{approvedRoom: newApprovedRoomIn(t, filepath.Join(t.TempDir(), "it's my root"))}
	f.words = []string{"POLICY-DIGEST", f.digest}
	var line string
	run := []string{"run", f.file, "--site", f.site, "--bundle", f.bundle}
	_, out := command(t, nil, run...)
	out = f.follow(t, f.shows(t, out, 0, "plan"), exitDone, nil)
	for i, next := range []string{"rehearse", "verify", "approve", "run"} {
		line = f.shows(t, out, i, next)
	}
	f.plan = filepath.Join(f.folder, "plan-2")

	run = append(run, "--plan", f.plan)
	_, out = command(t, nil, run...)
	hinted := strings.Replace(f.shows(t, out, 0, "run"), "POLICY-DIGEST", f.digest, 1)
	if line = strings.Replace(line, "POLICY-DIGEST", f.digest, 1); line != hinted {
		t.Errorf("after the plan the screen says %s, and later %s", line, hinted)
	}
	out = f.follow(t, line, exitFailed, nil)
	check := f.shows(t, out, 1, "approve")
	for _, who := range []string{"alice", "bob"} {
		out = f.follow(t, strings.Replace(f.shows(t, out, 0, "approve"), "KEY", quoted(f.key(who)), 1), exitDone, nil)
	}
	f.shows(t, out, 0, "run")
	out = f.follow(t, check, exitDone, nil)
	line = f.shows(t, out, 0, "run") // with the digest of the policy, which was typed

	out = f.follow(t, line, exitStopped, stopping())
	resume := f.shows(t, out, 0, "resume")
	_, out = command(t, nil, "sign", f.bundle, "--as", "alice", "--key", f.key("alice"), "--manifest", f.digest)
	f.shows(t, out, 0, "resume") // there is nothing to sign yet
	_, out = command(t, nil, typed(t, line)...)
	if again := f.shows(t, out, 0, "resume"); again != resume {
		t.Errorf("a second run says %q, the stop %q", again, resume)
	}
	out = f.follow(t, resume, exitDone, termtest.NewScript(80).Once("bag-a (text)", termtest.Reply("PAUSE")).On("ceremony paused", termtest.Reply("night")))
	people := termtest.NewScript(80)
	out = f.follow(t, f.shows(t, out, 0, "resume"), exitDone, people)
	f.signs(t, out, people)
	_, out = command(t, nil, typed(t, resume)...)
	f.follow(t, strings.Replace(f.shows(t, out, 0, "verify"), "DIGEST", "'"+manifestShown(people)+"'", 1), exitDone, nil)
}

// signs follows the end of a ceremony: the manifest is signed before verify is
// asked for its verdict.
func (f *follower) signs(t *testing.T, out string, people *termtest.Script) {
	t.Helper()
	sign, verify := f.shows(t, out, 0, "sign"), f.shows(t, out, 1, "verify")
	manifest := "'" + manifestShown(people) + "'"
	fill := func(line, who string) string {
		return strings.NewReplacer("NAME", who, "KEY", quoted(f.key(who)), "--manifest DIGEST", "--manifest "+manifest).Replace(line)
	}
	verify = strings.Replace(fill(verify, ""), "POLICY-DIGEST", f.digest, 1)
	out = f.follow(t, verify, exitFindings, nil)
	f.follow(t, fill(f.shows(t, out, 0, "sign"), "alice"), exitDone, nil) // the policy of the bundle
	f.follow(t, fill(sign, "bob"), exitDone, nil)
	if out = f.follow(t, verify, exitDone, nil); !strings.Contains(out, "\nVALID\n") {
		t.Errorf("the manifest is signed:\n%s", out)
	}
	for range 2 { // the folder of a year is beside the one before
		f.follow(t, f.shows(t, out, 0, "init")+" --day 2027-10-15", exitDone, nil)
		out = f.follow(t, verify, exitDone, nil)
	}
	if _, err := os.Stat(filepath.Join(f.folder, "..", "year-3", "ceremony.yaml")); err != nil {
		t.Error(err)
	}
}

// manifestShown is the last digest on a screen, as people copy it.
func manifestShown(people *termtest.Script) string {
	all := digestShown.FindAllString(people.Screen(), -1)
	return strings.Join(strings.Fields(all[len(all)-1]), " ")
}

// TestFollowRehearsal does the same for a rehearsal.
func TestFollowRehearsal(t *testing.T) {
	r := newRoom(t)
	if err := os.Mkdir(r.bundle, 0o700); err != nil {
		t.Fatal(err)
	}
	status, out := command(t, attentive(stopping()), "rehearse", r.file, "--bundle", r.bundle, "--interactive")
	if status != exitStopped {
		t.Fatalf("exit status %d: %s", status, out)
	}
	f := &follower{approvedRoom: &approvedRoom{room: r}, words: []string{}}
	stopped := r.bundle
	_, closed := command(t, nil, "verify", stopped)
	for _, screen := range []string{out, closed} {
		if line := f.shows(t, screen, 0, "rehearse"); strings.Contains(line, r.file) {
			r.bundle = stopped + "-2" // where the laptop looks
			out = f.follow(t, line, exitDone, attentive(termtest.NewScript(80)))
		}
	}
	if out := f.follow(t, f.shows(t, out, 0, "verify"), exitDone, nil); !strings.Contains(out, "\nVALID\n") {
		t.Errorf("a rehearsal:\n%s", out)
	} else {
		f.shows(t, out, 0, "run")
	}
	_, again := command(t, nil, "resume", stopped, "--site", r.site)
	f.shows(t, again, 0, "rehearse")
}
