// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package termtest is a terminal for tests, whose answers are made by functions.
package termtest

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"rootceremony/internal/term"
	"rootceremony/internal/unseen"
)

// Answer makes an answer from what was shown since the last one, prompt
// included, and from the prompt.
type Answer func(screenSinceLast, prompt string) string

// Reply always answers the same.
func Reply(text string) Answer {
	return func(string, string) string { return text }
}

// First answers with the first of the names that a prompt lists: "Who? (ann, ben): ".
func First(_, prompt string) string {
	_, names, _ := strings.Cut(prompt, "? (")
	name, _, _ := strings.Cut(names, ",")
	return strings.TrimRight(name, "): ")
}

// Script is a terminal whose answers are made by functions. It records what a
// person would have seen: all that was printed, and the answers, but never
// those to Secret.
type Script struct {
	width  int
	height int

	mu     sync.Mutex
	rules  []*rule
	record strings.Builder
	since  strings.Builder
}

var _ term.Terminal = (*Script)(nil)

type rule struct {
	match  string
	answer Answer
	err    error
	times  int // how often it may still be used; negative for always
	used   int
}

// NewScript returns a terminal of a width that has no answers yet.
func NewScript(width int) *Script { return &Script{width: width, height: tall} }

// tall is a terminal on which everything fits.
const tall = 1 << 20

// High gives the terminal a number of lines.
func (s *Script) High(lines int) *Script {
	s.height = lines
	return s
}

// On answers all prompts that contain a text. Rules are tried in the order in
// which they were added.
func (s *Script) On(match string, a Answer) *Script {
	return s.add(&rule{match: match, answer: a, times: -1})
}

// Once answers the first prompt that contains a text, and is then used up.
func (s *Script) Once(match string, a Answer) *Script {
	return s.add(&rule{match: match, answer: a, times: 1})
}

// Fail lets the first question whose prompt contains a text fail, for example
// with term.ErrInterrupted.
func (s *Script) Fail(match string, err error) *Script {
	return s.add(&rule{match: match, err: err, times: 1})
}

// Then adds the rules of another script, to be tried after those there are.
func (s *Script) Then(other *Script) *Script {
	other.mu.Lock()
	defer other.mu.Unlock()
	for _, r := range other.rules {
		s.add(r)
	}
	return s
}

func (s *Script) add(r *rule) *Script {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = append(s.rules, r)
	return s
}

// Print implements term.Terminal.
func (s *Script) Print(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.show(unseen.Show(text))
}

func (s *Script) show(text string) {
	s.record.WriteString(text)
	s.since.WriteString(text)
}

// Ask implements term.Terminal.
func (s *Script) Ask(prompt string) (string, error) {
	text, err := s.answer(prompt)
	if err != nil {
		return "", err
	}
	text = strings.TrimSpace(text)
	s.end(text)
	return text, nil
}

// Secret implements term.Terminal.
func (s *Script) Secret(prompt string) ([]byte, error) {
	text, err := s.answer(prompt)
	if err != nil {
		return nil, err
	}
	s.end("")
	return []byte(text), nil
}

// Word implements term.Terminal.
func (s *Script) Word(prompt string, words []string) (string, error) {
	text, err := s.answer(prompt)
	if err != nil {
		return "", err
	}
	text = strings.TrimSpace(text)
	shown := text
	for !slices.ContainsFunc(words, func(w string) bool { return len(w) >= len(shown) && strings.EqualFold(w[:len(shown)], shown) }) {
		shown = shown[:len(shown)-1]
	}
	s.end(shown)
	return text, nil
}

// answer shows the prompt and calls the first rule that fits. The function is
// called without the lock, so that it may look at the record.
func (s *Script) answer(prompt string) (string, error) {
	s.mu.Lock()
	s.show(unseen.Show(prompt))
	screen := s.since.String()
	s.since.Reset()
	r := s.take(prompt)
	s.mu.Unlock()
	switch {
	case r == nil:
		s.end("")
		return "", fmt.Errorf("the script has no answer to %q", prompt)
	case r.err != nil:
		s.end("")
		return "", r.err
	}
	return r.answer(screen, prompt), nil
}

func (s *Script) take(prompt string) *rule {
	for _, r := range s.rules {
		if r.times != 0 && strings.Contains(prompt, r.match) {
			r.used++
			r.times--
			return r
		}
	}
	return nil
}

// end records the answer and its line feed, which the next answer does not see.
func (s *Script) end(shown string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.record.WriteString(shown + "\n")
}

// Width implements term.Terminal.
func (s *Script) Width() int { return s.width }

// Height implements term.Terminal.
func (s *Script) Height() int { return s.height }

// Screen returns all that was shown so far, with the answers.
func (s *Script) Screen() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record.String()
}

// Unused returns the texts of the rules that no prompt has needed.
func (s *Script) Unused() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, r := range s.rules {
		if r.used == 0 {
			out = append(out, r.match)
		}
	}
	return out
}
