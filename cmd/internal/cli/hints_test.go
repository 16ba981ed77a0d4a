// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/artifact"
	"rootceremony/internal/artifact/artifacttest"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token/tokentest"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// accidentRoom is a room with the fast ceremony on one token behind a module that
// misbehaves on request.
type accidentRoom struct {
	*room
	stdio   Stdio
	flags   []string // of a plan that a policy wants approved
	bundles []string // the first, and those that hints name
}

func newAccidentRoom(t *testing.T, changes ...string) *accidentRoom {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(filepath.Join(folder, "profiles"), os.DirFS("../../../examples/root-2026/profiles")); err != nil {
		t.Fatal(err)
	}
	replaceIn(t, filepath.Join(folder, "profiles/root.yaml"), "ocsp: delegated", "ocsp: none")
	replaceIn(t, filepath.Join(folder, "profiles/tls-issuing.yaml"), "ocsp: [issuer], ", "")
	r := &accidentRoom{room: &room{folder: folder, file: filepath.Join(folder, "ceremony.yaml"), plan: filepath.Join(folder, "plan-1"),
		site: filepath.Join(folder, "site.yaml"), bundle: filepath.Join(folder, "bundle")}}
	r.bundles = []string{r.bundle}
	module := tokentest.BuildFaultModule(t)
	c := tokentest.NewSoftHSM(t, "hint")
	text := "version: 1\nsoftware-token: true\ntokens:\n  root: {module: " + module + ", label: " + c.Label + ", login: pin}\n"
	if err := os.WriteFile(r.site, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(r.file, []byte(strings.NewReplacer(changes...).Replace(ceremonytest.Fast)), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, errs := command(t, nil, "plan", r.file, "--site", r.site, "--out", r.plan); status != exitDone {
		t.Fatalf("plan: exit status %d: %s", status, errs)
	}
	return r
}

func replaceIn(t *testing.T, name, old, new string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, bytes.Replace(data, []byte(old), []byte(new), 1), 0o600); err != nil {
		t.Fatal(err)
	}
}

// do runs one command with people who read the screen, and gives what they saw.
func (r *accidentRoom) do(t *testing.T, people *termtest.Script, args ...string) (status int, shown string) {
	t.Helper()
	var output bytes.Buffer
	s := r.stdio
	s.Out, s.Err = &output, &output
	s.Terminal = func(context.Context) (Terminal, error) { return scripted{people}, nil }
	defer func() {
		if err := recover(); err != nil && err != errKilled {
			panic(err)
		} else if err != nil {
			status, shown = exitFailed, people.Screen()
			s.FileSystem.(*artifacttest.FS).Kill()
		}
	}()
	status = Run(t.Context(), args, s)
	return status, people.Screen() + output.String()
}

// run begins the ceremony.
func (r *accidentRoom) run(t *testing.T, people *termtest.Script) (int, string) {
	t.Helper()
	args := append([]string{"run", r.file, "--plan", r.plan, "--site", r.site, "--bundle", r.bundle}, r.flags...)
	return r.do(t, attentive(people), args...)
}

// approved has the plan approved by a policy of one person.
func (r *accidentRoom) approved(t *testing.T) {
	t.Helper()
	replaceIn(t, r.file, "approval: none, ", "")
	r.plan += "-approved"
	key, policy := filepath.Join(r.folder, "key-alice"), filepath.Join(r.folder, "policy.json")
	if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "alice", "-f", key).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen: %v\n%s", err, out)
	}
	must := func(args ...string) {
		if status, output := command(t, nil, args...); status != exitDone {
			t.Fatalf("ceremony %s: exit status %d: %s", strings.Join(args, " "), status, output)
		}
	}
	must("plan", r.file, "--site", r.site, "--out", r.plan)
	must("policy", "init", "--org", "example", "--need", "1", "--out", policy, "--key", "alice="+key+".pub")
	files, err := filepath.Glob(filepath.Join(r.plan, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	must(append([]string{"approve", "--policy", policy, "--key", key}, files...)...)
	data, err := os.ReadFile(policy)
	if err != nil {
		t.Fatal(err)
	}
	r.flags = []string{"--policy", policy, "--policy-digest", artifact.Sum(data).SHA256Hex()}
}

// otherWay is where a hint goes on with another way, after a command.
var otherWay = regexp.MustCompile(`(?m)^  .*\nor `)

// firstWay gives the commands that a hint shows first, which are typed in turn.
func firstWay(output string) []string {
	at := strings.LastIndex(output, "ceremony: hint: ")
	if at < 0 {
		return nil
	}
	first := output[at:]
	if next := otherWay.FindStringIndex(first); next != nil {
		first = first[:next[1]]
	}
	var lines []string
	for _, m := range shownCommand.FindAllStringSubmatch(first, -1) {
		lines = append(lines, m[1])
	}
	return lines
}

// deciding are people who answer what the program asks about an accident.
func deciding(people *termtest.Script) *termtest.Script {
	return attentive(people.
		On("agree or ask", termtest.Reply("agree")).
		On("What was expected", termtest.Reply("it works")).On("What happened instead", termtest.Reply("it did not")).
		On("Why the step is repeated", termtest.Reply("it is mended")).On("again or stop", termtest.Reply("again")).
		On("destroy or park", termtest.Reply("destroy")).
		On("Why is the ceremony abandoned", termtest.Reply("it cannot be mended")).On("abandon or stop", termtest.Reply("abandon")).
		On("amend or stop", termtest.Reply("amend")).On("Why the window is extended", termtest.Reply("the device was late")))
}

// follow types what the screen says, word for word: at most three commands, and never
// the same hint twice. Between the hints people do what no command does.
func (r *accidentRoom) follow(t *testing.T, a *accident, status int, output string) {
	t.Helper()
	seen, commands := []string{}, 0
	before := readJournal(t, r.bundle)
	for status != exitDone {
		way := firstWay(output)
		hint := strings.Join(way, "\n")
		if len(way) == 0 || slices.Contains(seen, hint) {
			t.Fatalf("the hint is missing or was shown before: %q\n%s", way, output)
		}
		seen = append(seen, hint)
		if a.mend != nil {
			a.mend(t, r, len(seen))
		}
		for _, line := range way {
			if commands++; commands > 3 {
				t.Fatalf("more than three commands: %q", seen)
			}
			people := termtest.NewScript(80)
			if a.then != nil {
				a.then(people)
			}
			for i := 0; i < len(a.words); i += 2 {
				line = strings.ReplaceAll(line, a.words[i], a.words[i+1])
			}
			args := typed(t, line)
			if bundle := slices.Index(args, "--bundle"); bundle > 0 && args[bundle+1] != r.bundle {
				r.bundles = append(r.bundles, args[bundle+1])
			}
			if status, output = r.do(t, deciding(people), args...); status != exitDone {
				break
			}
		}
	}
	t.Logf("followed %d: %q", commands, seen)
	if after := readJournal(t, r.bundle); !bytes.HasPrefix(after, before[:bytes.LastIndexByte(before, '\n')+1]) {
		t.Error("the record lost lines")
	}
}

func readJournal(t *testing.T, bundle string) []byte {
	t.Helper()
	lines, err := os.ReadFile(filepath.Join(bundle, transcripts.JournalPath))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return lines
}

// verify wants bundles that verify, and are complete or say what they lack, and that
// nothing was signed again unless two people decided it.
func (r *accidentRoom) verify(t *testing.T, complete bool) {
	t.Helper()
	whole := 0
	for _, bundle := range r.bundles {
		if !bytes.Contains(readJournal(t, bundle), []byte(`"plan.approval"`)) {
			continue // nothing was done in it
		}
		v, err := verify.Bundle(t.Context(), bundle, verify.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		for _, p := range v.Problems {
			t.Errorf("%s: problem: %v", bundle, p)
		}
		if len(v.Incomplete) == 0 {
			whole++
		} else if v.Outcome != event.OutcomeAbandoned && !strings.Contains(bundle, "copied") {
			t.Errorf("%s was left open: %v", bundle, v.Incomplete)
		}
		for _, again := range signedAgain(v.Records) {
			t.Errorf("%s: %s", bundle, again)
		}
	}
	if complete != (whole == 1) {
		t.Errorf("%d of the bundles %q are complete", whole, r.bundles)
	}
}

// signedAgain lists the signatures that followed another for the same thing, without
// a decision of two people in between.
func signedAgain(records []event.Record) []string {
	var wrong []string
	last, decided := map[string]int{}, 0
	h := history.Of(records)
	for _, r := range records {
		switch e := r.Event.(type) {
		case event.DeviationRecorded:
			if len(e.DecidedBy) > 1 {
				decided = r.Seq
			}
		case event.OperationIntended:
			o := h.Operation(e.Operation)
			if e.What != event.WhatSign || o.Failed != nil && o.Failed.Event.Effect == event.EffectNone {
				continue
			}
			of := e.Artifact + e.PurposeText()
			if at := last[of]; at > decided {
				wrong = append(wrong, fmt.Sprintf("%s is signed in line %d and in line %d, and nobody decided it", of, at, r.Seq))
			}
			last[of] = r.Seq
		}
	}
	return wrong
}
