// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/artifact"
	"rootceremony/internal/term/termtest"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// unasked wants a refusal that says what is missing on one line and names a
// command that helps, before anybody was asked for anything.
func unasked(t *testing.T, what string, o Options, do func(Options) (*Result, error), reason, helps string) {
	t.Helper()
	nobody := termtest.NewScript(80)
	o.People = Asked{Terminal: nobody}
	_, err := do(o)
	var refusal *Refusal
	switch {
	case !errors.As(err, &refusal):
		t.Errorf("%s: it was not refused: %v", what, err)
	case !strings.Contains(refusal.Reason, reason) || strings.Contains(refusal.Reason, "\n"):
		t.Errorf("%s: %q, want %q on one line", what, refusal.Reason, reason)
	case !strings.Contains(refusal.Hint, helps):
		t.Errorf("%s: the hint %q does not say %q", what, refusal.Hint, helps)
	}
	if shown := nobody.Screen(); shown != "" {
		t.Errorf("%s: people were asked:\n%s", what, shown)
	}
}

// TestForesee guards that what needs no token is refused before the first
// question of run and rehearse, and that a refusal leaves nothing.
func TestForesee(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	site, memory := fastSite()
	dir := t.TempDir()
	o := inMemory(runOptions(p, site, filepath.Join(dir, "bundle")), memory)
	o.Typed = plan.Commands{File: "ceremony.yaml", Plan: "plan-1", Site: "site.yaml", Bundle: "my bundle"}
	run := func(o Options) (*Result, error) { return Execute(context.Background(), p, o) }
	for _, mode := range []event.Mode{event.Run, event.Rehearsal} {
		again := map[event.Mode]string{
			event.Run:       "\n  ceremony run ceremony.yaml --plan plan-1 --site site.yaml --bundle 'my bundle-2'",
			event.Rehearsal: "\n  ceremony rehearse ceremony.yaml --site site.yaml --bundle 'my bundle-2'",
		}[mode]
		o := o
		o.Mode = mode
		other, err := artifact.ClaimDirFS(artifact.OS{}, o.Bundle)
		if err != nil {
			t.Fatal(err)
		}
		unasked(t, "another begins there", o, run, "another process is using the bundle", again)
		log, err := other.CreateLog(transcripts.JournalPath)
		if err != nil {
			t.Fatal(err)
		}
		unasked(t, "another is at work there", o, run, "another process is using the bundle", again)
		if err := errors.Join(log.Close(), other.Release()); err != nil {
			t.Fatal(err)
		}
		if mode == event.Run {
			unasked(t, "it was begun", o, run, "holds an unfinished ceremony", "\n  ceremony resume 'my bundle' --site site.yaml")
		} else {
			unasked(t, "it was begun", o, run, "exists and is not empty", again)
		}
		if err := os.RemoveAll(o.Bundle); err != nil {
			t.Fatal(err)
		}
		o.Bundle = filepath.Join(dir, "none", "bundle")
		unasked(t, "a folder that is nowhere", o, run, "none", strings.Replace(again, "'my bundle-2'", "NEW-BUNDLE", 1))
		o.Bundle = dir + "/bundle"
		second := *site
		second.JournalMirror = filepath.Join(dir, "none", "mirror")
		o.Site = &second
		unasked(t, "no second medium", o, run, "the second medium", "journal-mirror")
		if _, err := os.Lstat(o.Bundle); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a refusal left a folder: %v", err)
		}
	}
}

// TestForeseeApproval guards that a plan without its approvals is refused before
// the first question, with what is missing, and that the time of day is left to
// the people in the room.
func TestForeseeApproval(t *testing.T) {
	dir := t.TempDir()
	policy := approvers(t, dir)
	site, memory := fastSite()
	p := ceremonytest.Amended(t, "approval: none, ", "")
	o := inMemory(runOptions(p, site, filepath.Join(dir, "bundle")), memory)
	run := func(o Options) (*Result, error) { return Execute(context.Background(), p, o) }
	unasked(t, "no policy", o, run, "no trust policy was given", "\n  ceremony run FILE --plan PLAN --site SITE --policy POLICY --policy-digest POLICY-DIGEST --bundle ")
	approve(t, dir, &o, p, policy, "ann")
	o.Typed = plan.Commands{Plan: "a plan", Policy: "policy.json", PolicyDigest: "00ff"}
	for name, now := range map[string]time.Time{"in time": {}, "a clock that is wrong": time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)} {
		if !now.IsZero() {
			o.Clock = newHostClock(now)
		}
		unasked(t, name, o, run, "the plan is not approved: one more approval of ben or cat (", "\n  ceremony approve 'a plan'/*.json --policy policy.json --policy-digest 00ff")
	}
	approve(t, dir, &o, p, policy, "ben")
	if err := os.WriteFile(filepath.Join(dir, "site.json"), []byte(`{"of": "another day"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	unasked(t, "another site file", o, run, "the site file differs from site.json in the plan folder", "\n  ceremony plan FILE --out 'a plan-2'")
	if err := os.Remove(filepath.Join(dir, "site.json")); err != nil {
		t.Fatal(err)
	}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatalf("a host clock that is wrong stops a ceremony whose people know the time: %v", err)
	}
}

// TestForeseeResume is the same for resume, redo and amend.
func TestForeseeResume(t *testing.T) {
	p := ceremonytest.Twice(t)
	site, memory := fastSite()
	o := inMemory(runOptions(p, site, filepath.Join(t.TempDir(), "bundle")), memory)
	o.Typed = plan.Commands{Site: "site.yaml", Bundle: "bundle"}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	resume := func(o Options) (*Result, error) { return Resume(context.Background(), o) }
	kinds := map[string]func(*Options){
		"resume": func(*Options) {}, "redo": func(o *Options) { o.Redo = "2" },
		"amend": func(o *Options) {
			amend(o, ceremonytest.Amended(t, "{not-before: signing-day, for: 3y}", "{not-before: signing-day, for: 2y}"))
		},
	}
	before, err := os.ReadFile(filepath.Join(o.Bundle, transcripts.JournalPath))
	if err != nil {
		t.Fatal(err)
	}
	for name, set := range kinds {
		o := o
		set(&o)
		log, err := artifact.OpenLog(filepath.Join(o.Bundle, transcripts.JournalPath))
		if err != nil {
			t.Fatal(err)
		}
		unasked(t, name+" while another process is at work", o, resume, "another process is using the bundle", "wait until it ends")
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
		o.Site = &plan.Site{Version: 1, SoftwareToken: true, Tokens: append(site.Tokens, site.Tokens...)}
		unasked(t, name+" at another site", o, resume, "the site file differs from the one", "use the one that matches ")
	}
	o.Redo = "99"
	unasked(t, "a step that is not there", o, resume, "the plan has no step", "the script")
	o.Redo = "section-1"
	unasked(t, "a section", o, resume, "it is a section", "name one of its steps")
	o.Redo = ""
	after, err := os.ReadFile(filepath.Join(o.Bundle, transcripts.JournalPath))
	if err != nil || string(after) != string(before) {
		t.Errorf("a refusal is in the journal: %v", err)
	}
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	for name, set := range kinds {
		o := o
		set(&o)
		unasked(t, name+" when it is closed", o, resume, "the ceremony is closed", "\n  ceremony verify bundle --manifest DIGEST")
	}
}
