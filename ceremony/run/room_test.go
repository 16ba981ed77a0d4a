// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// notebook is what people wrote down: the last head of the record.
type notebook struct{ size, words string }

var headOnScreen = regexp.MustCompile(`(?s)Head of the record over (\d+) events.*?:\n(.*?)\n\s+[a-z]+ \(`)

// write lets people write down each head they see, and copy it when asked.
func (p *notebook) write(people *termtest.Script) *termtest.Script {
	return termtest.NewScript(80).
		On("type done", func(screen, _ string) string {
			if m := headOnScreen.FindStringSubmatch(screen); m != nil {
				p.size, p.words = m[1], strings.Join(strings.Fields(m[2]), " ")
			}
			return "done"
		}).
		On("How many events", func(string, string) string { return p.size }).
		On("Its sixteen words", func(string, string) string { return p.words }).
		Then(people)
}

// inMemory is a site with one token that outlives every session.
func inMemory(o Options, memory token.Token) Options {
	o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) { return persistent{memory}, nil }
	return o
}

// fastRun are the options of a run of a fast ceremony, in a new bundle, on a token of
// its own in memory.
func fastRun(t *testing.T, p *plan.Preview) Options {
	t.Helper()
	site, memory := fastSite()
	return inMemory(runOptions(p, site, filepath.Join(t.TempDir(), "bundle")), memory)
}

// events gives the events of a type in a bundle that verifies, and demands that
// it does.
func events[E event.Event](t *testing.T, bundle string) []E {
	t.Helper()
	v, problems := verified(t, bundle, verify.Options{})
	if v == nil {
		t.Fatal(problems)
	}
	for _, p := range v.Problems {
		t.Errorf("%v", p)
	}
	var out []E
	for _, r := range v.Records {
		if e, ok := r.Event.(E); ok {
			out = append(out, e)
		}
	}
	return out
}

// TestPause guards a ceremony of two days: the tokens are closed overnight, the
// head on paper is compared, and the bundle is whole.
func TestPause(t *testing.T) {
	p := ceremonytest.Twice(t)
	o := fastRun(t, p)
	bundle := o.Bundle
	day := p.Plan.Ceremony.Window.From
	sheet := &notebook{}
	o.People = Asked{Terminal: sheet.write(attendants(day.Add(time.Hour)))}
	res, err := Execute(context.Background(), p, o)
	if err != nil || res.Pause != "Put everything into the safe." {
		t.Fatalf("result %+v, error %v", res, err)
	}
	before := sheet.size
	closed := events[event.TokenClosed](t, bundle)
	if len(closed) != 1 || sheet.words == "" {
		t.Errorf("%d tokens closed, paper says %q", len(closed), sheet.words)
	}
	o.People = Asked{Terminal: sheet.write(attendants(day.Add(5 * time.Hour)))}
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, bundle, len(p.Plan.Artifacts))
	if d := events[event.DeviationRecorded](t, bundle); len(d) > 0 {
		t.Errorf("deviations: %v", d)
	}
	heads := slices.DeleteFunc(events[event.DigestRead](t, bundle), func(e event.DigestRead) bool { return e.What != event.WhatHead })
	if n := len(heads); n < 3 || fmt.Sprint(heads[n-2].Size) != before {
		t.Errorf("heads %v, paper of the first day says %s", heads, before)
	}
}

// TestHeadOnPaper guards against a record that was changed overnight: people
// are told, and nothing continues.
func TestHeadOnPaper(t *testing.T) {
	p := ceremonytest.Twice(t)
	o := fastRun(t, p)
	bundle := o.Bundle
	sheet := &notebook{}
	o.People = Asked{Terminal: sheet.write(attendants(p.Plan.Ceremony.Window.From.Add(time.Hour)))}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	sheet.size = "9"
	people := termtest.NewScript(80).
		Once("How many events", termtest.Reply("9")).Once("How many events", termtest.Reply("9999")).Once("How many events", termtest.Reply("STOP")).
		On("second person", termtest.Reply("STOP")).Then(sheet.write(attendants(p.Plan.Ceremony.Window.From.Add(2 * time.Hour))))
	o.People = Asked{Terminal: people}
	if _, err := Resume(context.Background(), o); !errors.Is(err, ErrStopped) {
		t.Fatalf("error %v", err)
	}
	for _, want := range []string{"the record has different words for that number of events", "the record has fewer events than the head on paper"} {
		if !strings.Contains(people.Screen(), want) {
			t.Errorf("the screen does not say %q", want)
		}
	}
	if len(events[event.TokenOpened](t, bundle)) != 1 {
		t.Error("a token was opened in the second session")
	}
}

// TestRoomWords guards what people may do at any question: each leaves its
// event, and while the only witness is away nothing continues.
func TestRoomWords(t *testing.T) {
	p := ceremonytest.Twice(t)
	o := fastRun(t, p)
	bundle := o.Bundle
	words := []string{"HELP", "NOTE", "DEVIATION", "LEAVE", "CLOCK"}
	people := termtest.NewScript(80)
	for _, w := range words {
		people.Once("clock (text)", termtest.Reply(w))
	}
	people.
		Once("Type ARRIVE when", termtest.Reply("yes")). // is no way on
		Once("Type ARRIVE when", termtest.Reply("ARRIVE")).
		On("Whose note is it? (alice, bob)", termtest.Reply("bob")).On("The note", termtest.Reply("The lamp flickers.")).
		On("Record this note", termtest.Reply("RECORD")).
		On("What was expected", termtest.Reply("light")).On("What happened", termtest.Reply("a flicker")).On("What was decided", termtest.Reply("go on")).
		On("Record this deviation", termtest.Reply("record")).
		On("Who leaves? (alice, bob)", termtest.Reply("bob")).
		On("Who arrives? (bob, carol)", termtest.Reply("carol")).
		Once("clock (text)", termtest.Reply("09:50")).Once("it is done, or BACK", termtest.Reply("BACK")).
		Once("clock (text)", termtest.Reply("09:05")).
		Once("first four digits", termtest.Reply("PAUSE")).On("Why is the ceremony paused", termtest.Reply("lunch")).
		Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Hour)))
	o.People = Asked{Terminal: people}
	res, err := Execute(context.Background(), p, o)
	if err != nil {
		t.Fatalf("%v\n%s", err, people.Screen())
	}
	if res.Pause == "" { // the planned one comes first
		t.Fatalf("%+v", res)
	}
	o.People = Asked{Terminal: people}
	if res, err = Resume(context.Background(), o); err != nil || res.Pause != "lunch" {
		t.Fatalf("%+v, %v", res, err)
	}
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, bundle, len(p.Plan.Artifacts), "not compared, because nothing was signed after it: lint/root-cert.before.json")
	if f := events[event.StepRecorded](t, bundle); len(f) == 0 || f[0].Fields["clock"] != "09:05" {
		t.Errorf("recorded: %v", f)
	}
	if n := events[event.NoteAdded](t, bundle); len(n) != 2 || n[0].Text != "The lamp flickers." || !strings.HasSuffix(n[1].Text, `clock was typed as "09:50", and then as "09:05".`) {
		t.Errorf("notes %v", n)
	}
	if l := events[event.ParticipantLeft](t, bundle); len(l) != 1 || l[0].Person != "bob" {
		t.Errorf("left: %v", l)
	}
	if d := events[event.DeviationRecorded](t, bundle); len(d) < 1 || d[0].Happened != "a flicker" {
		t.Errorf("deviations %v", d)
	}
	if c := events[event.ClockAttested](t, bundle); len(c) != 4 {
		t.Errorf("the clock was attested %d times, want once a session and one correction", len(c))
	}
}
