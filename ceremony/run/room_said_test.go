// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/internal/term/termtest"
	"rootceremony/transcripts/event"
)

// words answers a question with one word of the room after the other.
func words(people *termtest.Script, question string, typed ...string) {
	for _, w := range typed {
		people.Once(question, termtest.Reply(w))
	}
}

// TestNothingSaidIsLost guards what somebody says while others come and go: a
// note, a deviation, a name and a clock are asked for again after each word.
func TestNothingSaidIsLost(t *testing.T) {
	p := ceremonytest.Twice(t)
	o := fastRun(t, p)
	bundle := o.Bundle
	people := termtest.NewScript(80)
	words(people, "clock (text)", "NOTE", "DEVIATION", "CLOCK")
	words(people, "Whose note is it", "HELP", "alice", "bob")
	words(people, "The note", "BACK")
	words(people, "Record this note", "HELP", "PAUSE", "NOTE", "discard", "LEAVE", "no answer", "record")
	words(people, "Whose note is it", "alice")
	words(people, "The note", "The lamp flickers.", "Never mind.")
	words(people, "Who leaves? (alice, bob)", "HELP", "bob")
	words(people, "Type ARRIVE when", "ARRIVE")
	words(people, "Who arrives? (bob, carol)", "HELP", "carol")
	words(people, "What was expected", "HELP", "light")
	words(people, "What happened", "PAUSE", "a flash")
	words(people, "What was decided", "BACK")
	words(people, "What happened", "a flicker")
	words(people, "What was decided", "go on")
	words(people, "Record this deviation", "HELP", "record", "record")
	words(people, "Name of the second clock", "radio clock", "HELP", "radio clock")
	people.Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Hour)))
	o.People = Asked{Terminal: people}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatalf("%v\n%s", err, people.Screen())
	}
	if n := events[event.NoteAdded](t, bundle); len(n) != 1 || n[0].Text != "The lamp flickers. (said by bob, who left before it was recorded)" {
		t.Errorf("notes %q", n)
	}
	if d := events[event.DeviationRecorded](t, bundle); len(d) != 1 || d[0].Happened != "a flicker" {
		t.Errorf("deviations %v", d)
	}
	if c := events[event.ClockAttested](t, bundle); len(c) != 2 {
		t.Errorf("the clock was attested %d times, want at the opening and once more", len(c))
	}
	if left := people.Unused(); len(left) > 0 && left[0] == "Record this note" {
		t.Errorf("never asked again: %q", left)
	}
	if !strings.Contains(people.Screen(), "First record or discard") {
		t.Error("PAUSE did not wait for what was being written down")
	}
}

// TestStopKeepsWhatWasSaid guards a note that nobody recorded or discarded when
// the ceremony was stopped.
func TestStopKeepsWhatWasSaid(t *testing.T) {
	for word, question := range map[string]string{"NOTE": "Record this note", "DEVIATION": "Record this deviation"} {
		t.Run(word, func(t *testing.T) {
			p := ceremonytest.Twice(t)
			o := fastRun(t, p)
			bundle := o.Bundle
			people := termtest.NewScript(80).Once("clock (text)", termtest.Reply(word)).On("Whose note", termtest.Reply("bob")).
				On("The note", termtest.Reply("smoke")).On("What was expected", termtest.Reply("air")).
				On("What happened", termtest.Reply("smoke")).On("What was decided", termtest.Reply("to leave")).
				On(question, termtest.Reply("STOP")).On("A second person types STOP", termtest.Reply("STOP"))
			o.People = Asked{Terminal: people.Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Hour)))}
			if _, err := Execute(context.Background(), p, o); !errors.Is(err, ErrStopped) {
				t.Fatal(err)
			}
			n := events[event.NoteAdded](t, bundle)
			if len(n) != 1 || !strings.Contains(n[0].Text, "smoke") || !strings.Contains(n[0].Text, "neither recorded nor discarded") {
				t.Errorf("notes %q", n)
			}
		})
	}
}
