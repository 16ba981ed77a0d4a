// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/artifact/artifacttest"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// dropped are files that somebody puts into a bundle while nobody looks: under
// names that lie about what they are, and names that the ceremony will need.
var dropped = []string{
	"artifacts/rogue.der", "artifacts/rogue.pem", "artifacts/root-cert.txt", "artifacts/ca-cert.der", "artifacts/REHEARSAL-root-cert.pem",
	"artifacts/deep/root-cert.pem", "withheld/root-cert.der", "plan/rogue.pem", "plan/inputs/rogue.pem", "plan/approvals/plan.json.eve.sig",
	"plan/amendment-1/plan.json", "trust/policy.json", "trust/rogue.pem", "trust/seal.pem", "lint/ca-cert.before.json", "lint/rogue.json",
	"evidence/rogue.pem", "evidence/journal-torn-after-000012", "report/report.html", "report/report-2.html", "README-VERIFY.md", "transcript.json",
	"transcript.dsse.json", "MANIFEST", "journal/session-2.vkey", "journal/checkpoints/000500.note", "journal/journal-2.jsonl",
	"signatures/MANIFEST.eve.sig", "attestations/eve.json", "evidence-late/001.json", "extra", ".hidden",
	"a/b/c/d/e/f/g/h/i/j/k", strings.Repeat("long-name/", 15) + strings.Repeat("x", 40),
}

// interrupted is a bundle of the fast ceremony that a power cut ended after the
// root's certificate was signed and before the next one.
func interrupted(t *testing.T) (p *plan.Preview, site *plan.Site, memory *token.Memory, bundle string) {
	t.Helper()
	p = ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	site, memory = fastSite()
	first := filepath.Join(t.TempDir(), "bundle")
	if !cutOff(t, p, site, memory, first, 9, false) {
		t.Fatal("nothing was cut off")
	}
	bundle = disk(t, first)
	if _, err := os.Stat(filepath.Join(bundle, "artifacts/root-cert.pem")); err != nil {
		t.Fatal("the power went too early:", err)
	}
	return p, site, memory, bundle
}

// goOnWith resumes and gives what people saw.
func goOnWith(t *testing.T, p *plan.Preview, site *plan.Site, memory *token.Memory, bundle string, set func(*Options)) (string, error) {
	t.Helper()
	people := deciders(p, "adopt")
	o := inMemory(runOptions(p, site, bundle), persistent{memory})
	o.People = Asked{Terminal: people}
	if set != nil {
		set(&o)
	}
	_, err := Resume(context.Background(), o)
	return people.Screen(), err
}

// TestDropped guards a bundle against whoever puts files into it between a crash
// and the next session: each is moved to the evidence, shown and recorded as a
// deviation, and the ceremony ends with a bundle that verifies and delivers none.
func TestDropped(t *testing.T) {
	p, site, memory, bundle := interrupted(t)
	for _, name := range dropped {
		write(t, bundle, name, []byte("rogue "+name))
	}
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, []byte("theirs"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(outside, filepath.Join(bundle, "artifacts/hard-link.der")); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"artifacts/ca-cert.pem", "lint/ca-cert.after.json", "journal/checkpoints/000501.note", "empty/er"} {
		if err := os.MkdirAll(filepath.Join(bundle, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	screen, err := goOnWith(t, p, site, memory, bundle, nil)
	if err != nil {
		t.Fatal(err)
	}
	v, problems := verified(t, bundle, verify.Options{})
	if !v.OK() || v.Rebuilt != len(p.Plan.Artifacts) {
		t.Errorf("%s, %d artifacts", problems, v.Rebuilt)
	}
	if !slices.ContainsFunc(v.Notices, func(n string) bool { return strings.Contains(n, "evidence/left-over") }) {
		t.Errorf("verify does not say it: %q", v.Notices)
	}
	moved := map[string]event.FileWritten{}
	for _, e := range recorded[event.FileWritten](t, bundle) {
		moved[e.From] = e
	}
	for _, name := range append(dropped, "artifacts/hard-link.der") {
		e, ok := moved[name]
		if !ok || e.Kind != event.KindLeftOver || !strings.HasPrefix(e.Path, "evidence/left-over/1/") {
			t.Errorf("%s: %+v", name, e)
			continue
		}
		if got := string(read(t, bundle, e.Path)); got != "rogue "+name && got != "theirs" {
			t.Errorf("%s holds %q", e.Path, got)
		}
	}
	deviations := recorded[event.DeviationRecorded](t, bundle)
	if !slices.ContainsFunc(deviations, func(d event.DeviationRecorded) bool { return strings.Contains(d.Happened, "artifacts/rogue.der") }) {
		t.Errorf("no deviation: %+v", deviations)
	}
	if !slices.ContainsFunc(deviations, func(d event.DeviationRecorded) bool {
		return len(d.DecidedBy) == 2 && strings.Contains(d.Happened, fmt.Sprintf("no event accounted for %d files", len(dropped)+1))
	}) {
		t.Errorf("nobody decided to continue beside them: %+v", deviations)
	}
	if first, _, _ := strings.Cut(screen, "Who is here"); !strings.Contains(first, "No event accounts for") {
		t.Error("the first screen does not say it:\n" + first)
	}
	if !strings.Contains(screen, fmt.Sprintf("NO EVENT ACCOUNTS FOR %d", len(dropped)+1)) || !strings.Contains(screen, "artifacts/rogue.der") {
		t.Error("people did not see it:\n" + screen)
	}
	if data, err := os.ReadFile(outside); err != nil || string(data) != "theirs" {
		t.Errorf("outside: %q, %v", data, err)
	}
}

// TestTakenOut guards an auditor against a bundle from which somebody takes the seal key
// and the last checkpoint of a session that ended: the next one says so, and once.
func TestTakenOut(t *testing.T) {
	p := quickly(t, ceremonytest.TwiceText)
	o := fastRun(t, p)
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	taken := []string{"journal/session-1.vkey", fmt.Sprintf("journal/checkpoints/%06d.note", len(journal(t, o.Bundle)))}
	for _, name := range taken {
		if err := os.Remove(filepath.Join(o.Bundle, name)); err != nil {
			t.Fatal(err)
		}
	}
	at := p.Plan.Ceremony.Window.From
	people := termtest.NewScript(80).Once("first four digits", termtest.Reply("PAUSE")).On("ceremony paused", termtest.Reply("lunch")).Then(attendants(at.Add(2 * time.Hour)))
	goOn(t, o, people)
	if screen := people.Screen(); !strings.Contains(screen, "MISSING") || !strings.Contains(screen, taken[0]) || !strings.Contains(screen, taken[1]) {
		t.Errorf("people did not see it:\n%s", screen)
	}
	goOn(t, o, attendants(at.Add(3*time.Hour)))
	v, problems := verified(t, o.Bundle, verify.Options{})
	if !v.OK() || !slices.Contains(v.Notices, "session 1: its last checkpoint is missing; later ones cover it") {
		t.Errorf("%s\n%q", problems, v.Notices)
	}
	var said []string
	for _, d := range recorded[event.DeviationRecorded](t, o.Bundle) {
		if strings.HasPrefix(d.Happened, "missing: ") {
			said = append(said, d.Happened)
		}
	}
	if want := []string{"missing: " + strings.Join(taken, ", ")}; !slices.Equal(said, want) {
		t.Errorf("recorded as %q, want %q", said, want)
	}
}

// TestDeclinedIsAskedAgain guards people who decline to continue beside files of nobody
// against a second try that does not ask: the files were moved by then, and nobody agreed.
func TestDeclinedIsAskedAgain(t *testing.T) {
	p, site, memory, bundle := interrupted(t)
	write(t, bundle, "artifacts/rogue.der", []byte("rogue"))
	for range 2 {
		people := termtest.NewScript(80).On("Continue without them", termtest.Reply("stop")).Then(deciders(p, "adopt"))
		o := inMemory(runOptions(p, site, bundle), persistent{memory})
		o.People = Asked{Terminal: people}
		_, err := Resume(context.Background(), o)
		if !errors.Is(err, ErrStopped) {
			t.Fatalf("people declined, and it went on: %v", err)
		}
		if first, _, _ := strings.Cut(people.Screen(), "Who is here"); !strings.Contains(first, "artifacts/rogue.der") {
			t.Error("the first screen does not name the file:\n" + first)
		}
	}
	if _, err := goOnWith(t, p, site, memory, bundle, nil); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(recorded[event.DeviationRecorded](t, bundle), func(d event.DeviationRecorded) bool {
		return len(d.DecidedBy) == 2 && strings.Contains(d.Happened, "no event accounted for 1 file,")
	}) {
		t.Error("nobody decided to continue beside the file")
	}
}

// TestCutOffRecord guards the seals of a session against being taken for files that
// somebody dropped: they show that lines were cut off the record.
func TestCutOffRecord(t *testing.T) {
	p, site, memory, bundle := interrupted(t)
	notes, err := filepath.Glob(filepath.Join(bundle, "journal/checkpoints/*.note"))
	if err != nil || len(notes) == 0 {
		t.Fatal("no checkpoint", err)
	}
	lines := bytes.SplitAfter(read(t, bundle, transcripts.JournalPath), []byte("\n"))
	last := slices.IndexFunc(lines, func(l []byte) bool { return bytes.Contains(l, []byte(`"checkpoint.sealed"`)) })
	write(t, bundle, transcripts.JournalPath, bytes.Join(lines[:last-2], nil))
	var stop *Stopped
	if _, err := goOnWith(t, p, site, memory, bundle, nil); !errors.As(err, &stop) || !strings.Contains(err.Error(), "sealed lines that it does not have now: they were cut off") || !strings.Contains(stop.Hint(), "do not continue from this record") {
		t.Errorf("it went on, or is to: %v", err)
	}
}

// TestCopiedSeal guards a ceremony against being stopped by a copy of a seal of its
// own: under another name it is a file that somebody dropped.
func TestCopiedSeal(t *testing.T) {
	p, site, memory, bundle := interrupted(t)
	notes, err := filepath.Glob(filepath.Join(bundle, "journal/checkpoints/*.note"))
	if err != nil || len(notes) == 0 {
		t.Fatal("no checkpoint", err)
	}
	write(t, bundle, "journal/checkpoints/000900.note", mustRead(notes[0], ""))
	if _, err := goOnWith(t, p, site, memory, bundle, nil); err != nil {
		t.Fatal(err)
	}
	mustHold(t, "a copied seal", bundle, len(p.Plan.Artifacts))
}

// strangeThings lead out of a bundle, or wait for somebody at the other end.
var strangeThings = map[string]func(path, outside string) error{
	"link to a folder": func(path, outside string) error { return os.Symlink(outside, path) },
	"link to a file":   func(path, outside string) error { return os.Symlink(filepath.Join(outside, "file"), path) },
	"dangling link":    func(path, outside string) error { return os.Symlink(filepath.Join(outside, "new"), path) },
	"named pipe":       func(path, _ string) error { return syscall.Mkfifo(path, 0o600) },
}

// TestStrangeThings guards what lies beside a bundle: where it holds a link, a
// pipe or the like at any place, nothing is asked, read, waited for or written.
func TestStrangeThings(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no links and pipes")
	}
	p, site, memory, start := interrupted(t)
	for _, place := range []string{
		"evidence", "evidence/left-over", "artifacts/link", "withheld", "report", "trust", "signatures", "plan/amendment-1", "plan/approvals",
		"plan/approvals/plan.json.eve.sig", "plan/plan.json", "journal/journal.jsonl", "journal/session-2.vkey", "journal/checkpoints/000500.note",
		"MANIFEST", "transcript.json", "lint",
	} {
		for what, make := range strangeThings {
			bundle, outside := filepath.Join(t.TempDir(), "bundle"), t.TempDir()
			linked(t, start, bundle)
			write(t, outside, "file", []byte("theirs"))
			before := string(read(t, start, transcripts.JournalPath))
			path := filepath.Join(bundle, place)
			if err := errors.Join(os.RemoveAll(path), os.MkdirAll(filepath.Dir(path), 0o755), make(path, outside)); err != nil {
				t.Fatal(err)
			}
			screen, err := goOnWith(t, p, site, memory, bundle, nil)
			var refusal *Refusal
			if !errors.As(err, &refusal) || !errors.Is(transcripts.CheckTree(bundle), transcripts.ErrStrange) || !strings.Contains(err.Error(), place+": a ") || refusal.Hint == "" {
				t.Errorf("%s at %s: %v", what, place, err)
			}
			if screen != "" {
				t.Errorf("%s at %s: people were asked: %s", what, place, screen)
			}
			if left, err := os.ReadDir(outside); err != nil || len(left) != 1 || string(read(t, outside, "file")) != "theirs" {
				t.Errorf("%s at %s: outside lies %v, %v", what, place, left, err)
			}
			if string(read(t, start, transcripts.JournalPath)) != before {
				t.Fatalf("%s at %s: something was recorded", what, place)
			}
		}
	}
}

// TestDroppedWhileItGoesOn guards the manifest that people sign: what came into
// the bundle while the ceremony went on is not in it as a part of the ceremony.
func TestDroppedWhileItGoesOn(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o := fastRun(t, p)
	bundle := o.Bundle
	people := attendants(p.Plan.Ceremony.Window.From.Add(3600e9))
	o.People = Asked{Terminal: people}
	o.AfterSigning = func(string) error {
		for _, name := range []string{"artifacts/rogue.der", "trust/seal.pem", "README-VERIFY.md", "MANIFEST", ".rogue.partial0"} {
			write(t, bundle, name, []byte("rogue"))
		}
		return nil
	}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	v, problems := verified(t, bundle, verify.Options{})
	if !v.OK() {
		t.Error(problems)
	}
	if manifest := string(read(t, bundle, "MANIFEST")); strings.Contains(manifest, "(artifacts/rogue.der)") || !strings.Contains(manifest, "evidence/left-over/1/artifacts/rogue.der") {
		t.Error("MANIFEST: " + manifest)
	}
	if !strings.Contains(people.Screen(), "NO EVENT ACCOUNTS FOR 5") {
		t.Error("people did not see it:\n" + people.Screen())
	}
}

// TestCrashWhileSettingAside guards files that are moved against a power cut at
// every line and every move of the session that moves them.
func TestCrashWhileSettingAside(t *testing.T) {
	t.Parallel()
	p, site, memory, start := interrupted(t)
	for _, name := range []string{"artifacts/rogue.der", "MANIFEST", "journal/session-2.vkey", "plan/rogue"} {
		write(t, start, name, []byte("rogue"))
	}
	for _, op := range []artifacttest.Op{artifacttest.Publish, artifacttest.Write} {
		for at := range 6 {
			bundle := disk(t, start)
			seen := 0
			fault := artifacttest.New(func(c artifacttest.Call) *artifacttest.Failure {
				if c.Op == op && (op == artifacttest.Publish || c.Name == "journal.jsonl") {
					if seen++; seen == at+1 {
						panic(errPower)
					}
				}
				return nil
			})
			gone, err := powerGoes(func() (*Result, error) {
				_, err := goOnWith(t, p, site, memory, bundle, func(o *Options) { o.FileSystem = fault })
				return nil, err
			})
			if !gone {
				t.Fatalf("%s %d: the power did not go: %v", op, at, err)
			}
			bundle = disk(t, bundle)
			if _, err := goOnWith(t, p, site, memory, bundle, nil); err != nil {
				t.Fatalf("%s %d: %v", op, at, err)
			}
			mustHold(t, string(op), bundle, len(p.Plan.Artifacts))
		}
	}
}

// TestResumeBeforeAnythingWasDone guards people against going on with a ceremony
// of which not even all that it was made from is in the record.
func TestResumeBeforeAnythingWasDone(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	site, memory := fastSite()
	for at := range 6 {
		bundle := filepath.Join(t.TempDir(), "bundle")
		o := inMemory(runOptions(p, site, bundle), memory)
		seen := 0
		o.FileSystem = artifacttest.New(func(c artifacttest.Call) *artifacttest.Failure {
			if c.Op == artifacttest.Write && c.Name == "journal.jsonl" {
				if seen++; seen == at+1 {
					panic(errPower)
				}
			}
			return nil
		})
		if diesOrFails(t, p, o) {
			t.Fatal("the power did not go")
		}
		bundle = disk(t, bundle)
		before := string(read(t, bundle, transcripts.JournalPath))
		_, err := goOnWith(t, p, site, memory, bundle, nil)
		if err == nil || !strings.Contains(err.Error(), "nothing was done") {
			t.Errorf("after %d lines: %v", at, err)
		}
		if string(read(t, bundle, transcripts.JournalPath)) != before {
			t.Errorf("after %d lines: something was recorded", at)
		}
	}
}
