// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/internal/term/termtest"
)

// talkers type words of the room at every question, each before the answer.
type talkers struct {
	*termtest.Script
	words []string
	left  []string // to be typed at this question
	asked string
	at    []string // the questions at which all was typed
}

// duringWords are what the words themselves ask.
var duringWords = []string{"note", "What was", "What happened", "Who leaves", "Who arrives", "keyboard", "clock", "Time now", "ARRIVE", "Why is", "second person", "Whose", "record or discard"}

func (s *talkers) Ask(prompt string) (string, error) {
	return s.talk(prompt, s.Script.Ask)
}

// Word is for questions that take a few words, those of the room among them.
func (s *talkers) Word(prompt string, words []string) (string, error) {
	return s.talk(prompt, func(prompt string) (string, error) { return s.Script.Word(prompt, words) })
}

// talk types all words at a question, and then its answer.
func (s *talkers) talk(prompt string, ask func(string) (string, error)) (string, error) {
	for _, text := range duringWords {
		if strings.Contains(prompt, text) {
			return ask(prompt)
		}
	}
	if s.asked != prompt {
		s.asked, s.left = prompt, s.words
	}
	if len(s.left) == 0 {
		s.at, s.asked = append(s.at, prompt), ""
		return ask(prompt)
	}
	word := s.left[0]
	s.left = s.left[1:]
	s.Print(prompt + word + "\n")
	return word, nil
}

// TestWordsEverywhere guards a ceremony against its own words: whatever is typed at
// whichever question, the record that it leaves verifies.
func TestWordsEverywhere(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o := fastRun(t, p)
	day := p.Plan.Ceremony.Window.From.Add(time.Hour)
	people := &talkers{Script: termtest.NewScript(80).On("Whose", termtest.First).On("record or discard", termtest.Reply("record")).
		On("The note", termtest.Reply("a text")).On("What", termtest.Reply("a text")).On("Who leaves", termtest.Reply("bob")).On("ARRIVE", termtest.Reply("ARRIVE")).On("Who arrives", termtest.First).
		Then(attendants(day)), words: []string{"NOTE", "DEVIATION", "KEYBOARD", "CLOCK", "LEAVE", "HELP", "SHOW"}}
	o.People = Asked{Terminal: people}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatalf("%v\n%s", err, people.Screen())
	}
	mustHold(t, "words at every question", o.Bundle, len(p.Plan.Artifacts))
	if len(people.at) < 15 {
		t.Errorf("words were typed at %d questions: %q", len(people.at), people.at)
	}
}

// TestPauseEverywhere guards a day that ends early: wherever people pause, the ceremony
// resumes.
func TestPauseEverywhere(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	day := p.Plan.Ceremony.Window.From.Add(time.Hour)
	heads := 0
	for _, at := range []string{"clock (text)", "done to generate", "Write it on the script, at this step", "first four digits", "next four digits"} {
		o := fastRun(t, p)
		people := termtest.NewScript(80).On("Why is", termtest.Reply("night falls"))
		if at == "Write it on the script, at this step" {
			people.On("type done", func(screen, _ string) string {
				if strings.Contains(screen, at) {
					heads++
					return "PAUSE"
				}
				return "done"
			})
		} else {
			people.Once(at, termtest.Reply("PAUSE"))
		}
		o.People = Asked{Terminal: people.Then(attendants(day))}
		if res, err := Execute(context.Background(), p, o); err != nil || res.Pause == "" {
			t.Fatalf("%s: %v", at, err)
		}
		o.People = Asked{Terminal: attendants(day.Add(time.Hour))}
		if _, err := Resume(context.Background(), o); err != nil {
			t.Errorf("%s: %v", at, err)
			continue
		}
		mustHold(t, "paused at "+at, o.Bundle, len(p.Plan.Artifacts))
	}
	if heads != 1 {
		t.Errorf("paused at %d heads of a step, want 1", heads)
	}
}
