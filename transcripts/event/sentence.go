// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import "fmt"

// Sentence is an event as people read it.
type Sentence struct {
	Text     string
	Value    string // the digest or value that belongs to it, at its end
	Severity Severity
}

// Severity says whether an event went as planned.
type Severity int

// The severities.
const (
	Ordinary  Severity = iota
	Deviation          // people departed from the plan, or changed it
	Failure            // something failed or was refused
)

// Count tells how many there are of something: 1 file, 2 files.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func say(text, value string) Sentence { return Sentence{Text: text, Value: value} }

func (s Sentence) as(severity Severity) Sentence {
	s.Severity = severity
	return s
}
