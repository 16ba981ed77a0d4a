// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rootceremony/internal/artifact/artifacttest"
	"rootceremony/internal/term"
	"rootceremony/internal/term/termtest"
)

// accident is a failure in the room, and what people do about it besides typing what
// the screen says.
type accident struct {
	name     string
	changes  []string                                     // of the ceremony file
	arrange  func(t *testing.T, r *accidentRoom)          // what will fail
	people   func(people *termtest.Script)                // in the session that fails
	mend     func(t *testing.T, r *accidentRoom, nth int) // before the commands of a hint are typed
	then     func(people *termtest.Script)                // in the sessions after that
	words    []string                                     // what people put in the place of words in capitals
	killed   bool                                         // the process ends without a word
	complete bool                                         // in the end; else abandoned
}

// fault lets the module misbehave, in one process or in all.
func fault(what string, once bool) func(*testing.T, *accidentRoom) {
	return func(t *testing.T, r *accidentRoom) {
		t.Setenv("FAULT", what)
		if once {
			t.Setenv("FAULT_ONCE", filepath.Join(r.folder, "once"))
		}
	}
}

// full is a disk without room for a number of calls, from the nth for a file on.
func full(op artifacttest.Op, name string, nth, times int) func(*testing.T, *accidentRoom) {
	return failing(syscall.ENOSPC, op, name, nth, times)
}

// failing is a medium that refuses them.
func failing(why error, op artifacttest.Op, name string, nth, times int) func(*testing.T, *accidentRoom) {
	return func(_ *testing.T, r *accidentRoom) {
		n := 0
		r.stdio.FileSystem = artifacttest.New(func(c artifacttest.Call) *artifacttest.Failure {
			if c.Op != op || !strings.Contains(c.Name, name) {
				return nil
			}
			if n++; n < nth || n >= nth+times {
				return nil
			}
			return &artifacttest.Failure{Err: why}
		})
	}
}

// errKilled ends a process where no error would.
var errKilled = errors.New("killed")

// killed ends the process at a line of the record.
func killed(line int) func(*testing.T, *accidentRoom) {
	return func(_ *testing.T, r *accidentRoom) {
		n := 0
		r.stdio.FileSystem = artifacttest.New(func(c artifacttest.Call) *artifacttest.Failure {
			if c.Op == artifacttest.Write && c.Name == "journal.jsonl" {
				if n++; n == line {
					panic(errKilled)
				}
			}
			return nil
		})
	}
}

// withholding lets the last check of a certificate fail, the first time that it is made.
func withholding(_ *testing.T, r *accidentRoom) {
	done := false
	r.stdio.AfterSigning = func(id string) error {
		if id != "ca-cert" || done {
			return nil
		}
		done = true
		return errors.New("the second parser sees another subject")
	}
}

// edit changes the ceremony file before the first hint is followed.
func edit(pairs ...string) func(*testing.T, *accidentRoom, int) {
	return func(t *testing.T, r *accidentRoom, nth int) {
		if nth == 1 {
			replaceIn(t, r.file, pairs[0], pairs[1])
		}
	}
}

func says(prompt, answer string) func(*termtest.Script) {
	return func(people *termtest.Script) { people.On(prompt, termtest.Reply(answer)) }
}

// stops has two people stop at a question.
func stops(prompt string) func(*termtest.Script) {
	return func(people *termtest.Script) {
		people.Once(prompt, termtest.Reply("STOP")).On("second person", termtest.Reply("STOP"))
	}
}

const (
	windowOf = "to: 2026-12-01T20:00:00Z}"
	longer   = "to: 2026-12-01T20:00:00Z, extend: 4h}"
	later    = "to: 2026-12-03T20:00:00Z}"
	lateTime = "2026-12-01T21:00:00Z"
	overTime = "2026-12-03T09:00:00Z"
)

func accidents() []accident {
	return []accident{
		{name: "withheld", arrange: withholding, complete: true},
		{name: "people stop", people: stops("first four digits"), complete: true},
		{name: "wrong digits", people: func(people *termtest.Script) {
			people.Once("next four digits", termtest.Reply("zzzz"))
			stops("next four digits")(people)
		}, complete: true},
		{name: "template refused for ever", arrange: fault("gen:before:1:err=d1", false), mend: func(t *testing.T, _ *accidentRoom, _ int) { t.Setenv("FAULT", "") }, complete: true},
		{name: "key differs", arrange: func(t *testing.T, _ *accidentRoom) { t.Setenv("FAULT_EXTRACTABLE", "1") }, people: says("accept or stop", "stop"),
			mend: func(t *testing.T, _ *accidentRoom, _ int) { t.Setenv("FAULT_EXTRACTABLE", "") }, complete: true},
		{name: "token removed", arrange: fault("sign:before:3:err=32", true), complete: true},
		{name: "token removed after signing", arrange: fault("sign:after:4:err=32", true), complete: true},
		{name: "module crashes in a proof", arrange: fault("sign:after:2:segv", true), complete: true},
		{name: "module crashes in a signature", arrange: fault("sign:before:4:abort", true), complete: true},
		{name: "module crashes in every signature", arrange: fault("sign:before:1:abort", false), complete: false},
		{name: "module crashes at every login", arrange: fault("login:before:1:abort", false), complete: false},
		{name: "module crashes when a key is made", arrange: fault("gen:after:2:abort", true), complete: true},
		{name: "template perhaps refused", arrange: fault("gen:before:1:err=5", false), mend: func(t *testing.T, _ *accidentRoom, _ int) { t.Setenv("FAULT", "") }, complete: true},
		{name: "device fails when a key is made", arrange: fault("gen:after:1:err=30", true), complete: true},
		{name: "wrong signature", arrange: fault("sign:after:2:flip", true), complete: true},
		{name: "disk full once", arrange: full(artifacttest.Publish, "root-cert", 1, 1), complete: true},
		{name: "disk full in the record", arrange: full(artifacttest.Write, "journal.jsonl", 70, 1), complete: true},
		{name: "disk full for ever", arrange: full(artifacttest.Publish, "ca-cert", 1, 1000), words: []string{"COPY", "copied"}, complete: true},
		{name: "killed", arrange: killed(90), killed: true, complete: true},
		{name: "killed before anything was done", arrange: killed(3), killed: true, complete: true},
		{name: "interrupted", people: func(people *termtest.Script) { people.Fail("first four digits", term.ErrInterrupted) }, complete: true},
		{name: "window over", changes: []string{"a", "a"}, people: says("Time now", overTime), mend: edit(windowOf, later), then: says("Time now", overTime), complete: true},
		{name: "window not extended", changes: []string{windowOf, longer}, people: func(people *termtest.Script) {
			says("Time now", lateTime)(people)
			says("extend or stop", "stop")(people)
		}, then: says("Time now", lateTime), complete: true},
		{name: "window over on the second day", people: stops("first four digits"), mend: func(t *testing.T, r *accidentRoom, nth int) {
			if nth == 2 {
				edit(windowOf, later)(t, r, 1)
			}
		}, then: says("Time now", overTime), complete: true},
		{name: "window over with a policy", arrange: func(t *testing.T, r *accidentRoom) { r.approved(t) }, people: says("Time now", overTime),
			mend: edit(windowOf, later), then: says("Time now", overTime), words: []string{" --key KEY", " --key 'KEY-ALICE'"}, complete: true},
		{name: "withheld with a policy", arrange: func(t *testing.T, r *accidentRoom) { r.approved(t); withholding(t, r) }, complete: true},
		{name: "PIN locked", arrange: fault("login:before:1:err=a4", true), complete: true},
		{name: "medium turns read-only", arrange: failing(syscall.EROFS, artifacttest.Publish, "root-cert", 1, 1), complete: true},
		{name: "medium turns read-only in the record", arrange: failing(syscall.EROFS, artifacttest.Write, "journal.jsonl", 70, 1), complete: true},
	}
}

// TestFollowHintsLiterally guards people after a failure, who type what the screen
// says: each command helps in the state in which it is shown, nothing is lost, nothing
// is signed again that nobody asked for, and the bundle verifies.
func TestFollowHintsLiterally(t *testing.T) {
	for _, a := range accidents() {
		t.Run(a.name, func(t *testing.T) {
			r := newAccidentRoom(t, a.changes...)
			if a.arrange != nil {
				a.arrange(t, r)
			}
			a.words = append(a.words, "'CEREMONY'", quoted(r.file), "'KEY-ALICE'", quoted(filepath.Join(r.folder, "key-alice")))
			for i, w := range a.words {
				if w == "copied" {
					a.words[i] = quoted(filepath.Join(r.folder, "copied"))
					a.mend = r.copying
				}
			}
			people := termtest.NewScript(80)
			if a.people != nil {
				a.people(people)
			}
			status, output := r.run(t, people)
			if a.killed { // no screen says what to do: people type the same command again
				status, output = r.run(t, termtest.NewScript(80))
			}
			if status == exitDone {
				t.Fatalf("nothing failed:\n%s", output)
			}
			r.follow(t, &a, status, output)
			r.verify(t, a.complete)
		})
	}
}

// copying copies the bundle to a medium with room when the second hint says so.
func (r *accidentRoom) copying(t *testing.T, _ *accidentRoom, nth int) {
	t.Helper()
	if nth < 2 {
		return
	}
	to := filepath.Join(r.folder, "copied")
	if err := os.CopyFS(to, os.DirFS(r.bundle)); err != nil {
		t.Fatal(err)
	}
	r.stdio.FileSystem = nil
	r.bundle, r.bundles = to, []string{to}
}
