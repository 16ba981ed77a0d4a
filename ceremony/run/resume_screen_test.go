// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/internal/term/termtest"
	"rootceremony/transcripts/event"
)

// TestResumeScreen guards people who come back after a crash: before any question they
// see on one screen where it stopped, what is done, what is next and what they have to
// decide, and two of them agree to it once.
func TestResumeScreen(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	site, memory := fastSite()
	bundle := filepath.Join(t.TempDir(), "bundle")
	if !cutOff(t, p, site, memory, bundle, 8, true) {
		t.Fatal("it was not cut off")
	}
	bundle = disk(t, bundle)
	people := termtest.NewScript(80).On("agree or ask", termtest.Reply("agree")).Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Hour)))
	o := inMemory(runOptions(p, site, bundle), memory)
	o.People = Asked{Terminal: people}
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(people.Screen(), "Who is here")
	text := strings.Join(strings.Fields(first), " ")
	for _, want := range []string{"cut off in step 3 (Sign certificate root-cert), by a crash", "done 2 of 5 steps; keys: root, ca", "next step 3 (Sign certificate root-cert)",
		"decide Outcome of C_Sign for root-cert unknown, a signature may exist: the same bytes are signed again."} {
		if !strings.Contains(text, want) {
			t.Errorf("the first screen does not say %q:\n%s", want, first)
		}
	}
	if n := strings.Count(first, "\n"); n > 20 {
		t.Errorf("the first screen has %d lines", n)
	}
	if n := strings.Count(people.Screen(), "agree or ask"); n != 2 {
		t.Errorf("%d people agreed, want 2", n)
	}
	mustHold(t, "resumed", bundle, len(p.Plan.Artifacts))
	if !strings.Contains(string(read(t, bundle, "report/report.html")), "after an interruption") {
		t.Error("the report does not say that a session was cut off")
	}
	again := 0
	for _, d := range events[event.DeviationRecorded](t, bundle) {
		if d.Decision == "the same bytes are signed again" && len(d.DecidedBy) == 2 {
			again++
		}
	}
	if again != 1 {
		t.Errorf("%d decisions to sign again are recorded, want 1", again)
	}
}

// TestHeadAfterStop guards a record that lies overnight after people stopped it: the
// screen shows its head, which covers all of it and which resume accepts.
func TestHeadAfterStop(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o := fastRun(t, p)
	day := p.Plan.Ceremony.Window.From.Add(time.Hour)
	people := termtest.NewScript(80).Once("first four digits", termtest.Reply("STOP")).On("second person", termtest.Reply("STOP")).Then(attendants(day))
	o.People = Asked{Terminal: people}
	if _, err := Execute(context.Background(), p, o); !errors.Is(err, ErrStopped) {
		t.Fatal(err)
	}
	all := regexp.MustCompile(`(?s)Head of the record over (\d+) events\. Write it.*?resumes\.\n(.*)$`).FindStringSubmatch(people.Screen())
	if all == nil {
		t.Fatalf("no head:\n%s", people.Screen())
	}
	resumed := termtest.NewScript(80).On("How many events", termtest.Reply(all[1])).
		On("sixteen words", termtest.Reply(strings.Join(strings.Fields(all[2]), " "))).Then(attendants(day))
	o.People = Asked{Terminal: resumed}
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	if n := all[1]; !strings.Contains(strings.Join(strings.Fields(resumed.Screen()), " "), "the last head that the screen showed is over "+n+" of the "+n+" events") {
		t.Errorf("the screen names another head than that over %s events:\n%s", n, resumed.Screen())
	}
	if d := events[event.DeviationRecorded](t, o.Bundle); len(d) > 0 {
		t.Errorf("deviations %v", d)
	}
	if strings.Contains(string(read(t, o.Bundle, "report/report.html")), "after an interruption") {
		t.Error("the report takes a stop for an interruption")
	}
	out, err := byHand(t, o.Bundle)
	for _, s := range events[event.SessionStarted](t, o.Bundle) {
		seal := ""
		for _, d := range events[event.DigestRead](t, o.Bundle) {
			if d.What == event.WhatSeal && strings.Contains(out, d.SHA256+fmt.Sprintf("  seal key of session %d", s.Session)) {
				seal = d.SHA256
			}
		}
		if err != nil || seal == "" {
			t.Errorf("README-VERIFY does not name the seal key of session %d that was read aloud (%v):\n%s", s.Session, err, out)
		}
	}
}

// TestRehearseOnAnyDay guards people who rehearse before the window begins.
func TestRehearseOnAnyDay(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o := runOptions(p, nil, filepath.Join(t.TempDir(), "bundle"))
	o.Mode, o.Approved = event.Rehearsal, nil
	people := attendants(p.Plan.Ceremony.Window.From.Add(-100 * time.Hour))
	o.People = Asked{Terminal: people}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, o.Bundle, len(p.Plan.Artifacts))
	if !strings.Contains(people.Screen(), "A rehearsal may be on any day") {
		t.Error("nobody was told that the clock was set")
	}
}

// TestBeginLate guards a ceremony that is opened after its window ended: within the
// bound that the plan names, two people extend it.
func TestBeginLate(t *testing.T) {
	p := ceremonytest.Amended(t, append([]string{"  - pause: Put everything into the safe.", "  - do: Put everything into the safe."}, longer...)...)
	o := fastRun(t, p)
	o.People = Asked{Terminal: extending().Then(attendants(p.Plan.Ceremony.Window.From.Add(13 * time.Hour)))}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	mustHold(t, "begun late", o.Bundle, len(p.Plan.Artifacts))
	extended(t, o.Bundle, p.Plan.Ceremony.Window)
}

// TestHintsInOnePlace guards that what helps is said in one table: nothing else in this
// package writes the hint of a refusal, and every problem has a row.
func TestHintsInOnePlace(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := gotoken.NewFileSet()
	for _, name := range names {
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok || name == "hints.go" {
				return true
			}
			if of, ok := lit.Type.(*ast.Ident); ok && of.Name == "Refusal" {
				t.Errorf("%s: a hint beside the table in hints_table.go", files.Position(lit.Pos()))
			}
			return true
		})
	}
	for what, row := range helps {
		for _, stage := range []stage{stageNothing, stageUnusable, stageBegun, stageRehearsal} {
			s := situation{problem: what, stage: stage, typed: "typed", step: "3", what: "root"}
			if row.ways == nil || s.hint() == "" {
				t.Errorf("%s: nothing helps", what)
			}
		}
	}
}
