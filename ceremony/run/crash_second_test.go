// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
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

// second is a session that continues a ceremony of two days.
type second struct {
	name string
	set  func(o *Options, p, other *plan.Preview) // what people want of it
}

var seconds = []second{
	{"resume", func(*Options, *plan.Preview, *plan.Preview) {}},
	{"amend", func(o *Options, _, other *plan.Preview) { amend(o, other) }},
	{"redo", func(o *Options, _, _ *plan.Preview) { o.Redo = "1" }},
}

// TestCrashAgain guards the second day like the first: a power cut at any line
// of a session that resumes, amends or does a step again loses nothing.
func TestCrashAgain(t *testing.T) {
	t.Parallel()
	p, other := ceremonytest.Twice(t), ceremonytest.Amended(t, "for: 3y}", "for: 2y}")
	site, memory := fastSite()
	start := filepath.Join(t.TempDir(), "bundle")
	o := inMemory(runOptions(p, site, start), memory)
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	for i, s := range seconds {
		for at := i; ; at += stride() {
			name := fmt.Sprintf("%s %d", s.name, at)
			bundle := disk(t, start)
			o := inMemory(runOptions(p, site, bundle), memory)
			s.set(&o, p, other)
			o.People = Asked{Terminal: secondDay(p)}
			if !cutAt(t, &o, at) {
				break
			}
			bundle = disk(t, bundle)
			finishAgain(t, name, s, p, other, site, memory, bundle)
		}
	}
}

// secondDay are the people of the second day.
func secondDay(p *plan.Preview) *termtest.Script {
	return again(p, "destroy").On("Continue under amendment", termtest.Reply("amend"))
}

// cutAt resumes until the power goes before a line of the journal, and reports
// whether it went.
func cutAt(t *testing.T, o *Options, at int) (crashed bool) {
	t.Helper()
	seen := 0
	o.FileSystem = artifacttest.New(func(call artifacttest.Call) *artifacttest.Failure {
		if call.Op != artifacttest.Write || call.Name != "journal.jsonl" || crashed {
			return nil
		}
		if seen++; seen <= at {
			return nil
		}
		crashed = true
		panic(errPower)
	})
	if _, err := powerGoes(func() (*Result, error) { return Resume(context.Background(), *o) }); err != nil {
		t.Fatal(err)
	}
	return crashed
}

// finishAgain continues after the power cut, wanting the same unless it is in the
// record already, and verifies the bundle.
func finishAgain(t *testing.T, name string, s second, p, other *plan.Preview, site *plan.Site, memory *token.Memory, bundle string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(bundle, "MANIFEST")); err == nil {
		mustHold(t, name, bundle, len(p.Plan.Artifacts))
		return
	}
	o := inMemory(runOptions(p, site, bundle), memory)
	was, err := (&Options{Bundle: bundle}).bundlePlan()
	if err != nil {
		t.Fatal(err)
	}
	if s.name != "amend" || string(was.holds) == string(p.Canonical) {
		s.set(&o, p, other)
	}
	if len(recorded[event.CeremonyClosed](t, bundle)) > 0 || len(recorded[event.StepRedone](t, bundle)) > 0 {
		o.Redo = ""
	}
	o.People = Asked{Terminal: secondDay(p).On("Time now", termtest.Reply(plan.Stamp(p.Plan.Ceremony.Window.From.Add(9*time.Hour))))}
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	mustHold(t, name, bundle, len(p.Plan.Artifacts))
}

// mustHold is mustVerify for a bundle with sessions that were cut off.
func mustHold(t *testing.T, name, bundle string, artifacts int) {
	t.Helper()
	v, problems := verified(t, bundle, verify.Options{})
	if v == nil {
		t.Fatal(problems)
	}
	defer v.Close() // a sweep verifies hundreds
	if !v.OK() || v.Rebuilt != artifacts {
		t.Errorf("%s: %s, %d artifacts", name, problems, v.Rebuilt)
	}
}

// recorded gives the events of a type in a journal, verified or not.
func recorded[E event.Event](t *testing.T, bundle string) []E {
	t.Helper()
	var out []E
	for _, r := range journal(t, bundle) {
		if e, ok := r.Event.(E); ok {
			out = append(out, e)
		}
	}
	return out
}

// journal reads the journal of a bundle, as far as it goes.
func journal(t *testing.T, bundle string) []event.Record {
	t.Helper()
	records, _ := transcripts.ReadJournal(read(t, bundle, transcripts.JournalPath), plan.SHA256Hex(read(t, bundle, "plan/plan.json")))
	return records
}
