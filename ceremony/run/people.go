// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"fmt"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
)

// stopWord pauses the ceremony when typed at any question.
const stopWord = "STOP"

// People answer questions and confirm signatures.
type People interface {
	// How says how an answer is known: stated, or simulated.
	How() event.How
	Say(text string)
	// Pages cuts a text into screens, and Page shows one and waits until it is read.
	Pages(text string) []string
	Page(pages []string, i int) error
	// Clock asks for the name of a clock in the room, another than those named before.
	Clock(before []string) (string, error)
	// RoomTime asks two people for the time on those clocks.
	RoomTime(host time.Time, window plan.Window) (time.Time, error)
	// Present asks who of a role is in the room, beside those named before.
	Present(role plan.Role, before []string) ([]string, error)
	// Field asks for something that people write down, and when they do.
	Field(f plan.Field, now time.Time) (string, error)
	// Done asks whether what was to be done is done, and what was typed is right where
	// something was.
	Done(who []Person, typed bool) error
	// Ready asks whether something may be done now, such as "generate key root".
	Ready(who []Person, what string) error
	// Decide asks one person for one of two words.
	Decide(p Person, question, yes, no string) (string, error)
	// Text asks for a line of free text.
	Text(question string) (string, error)
	// Choice asks for one of several names.
	Choice(question string, of []string) (string, error)
	// Head asks for the last head of the record that is on paper; last is what
	// the record says it is. Size 0 says that none is.
	Head(last HeadOnPaper) (HeadOnPaper, error)
	// Digits asks one person for the digits of a digest, want.
	Digits(p Person, which, want string) (string, error)
	// Stop asks a second person whether the ceremony is to stop; ErrStopped says
	// that it is.
	Stop() error
	// Unseen gives the same people with what they type not shown: next to a PIN
	// prompt, a PIN may be typed at any question.
	Unseen() People
}

// HeadOnPaper is a head of the record as people wrote it down: how many events
// it covers, and its words.
type HeadOnPaper struct {
	Size  int
	Words string
}

// Person is somebody in the room, by the role that counts.
type Person struct{ Name, Role string }

func (p Person) String() string { return fmt.Sprintf("%s (%s)", p.Name, p.Role) }

// Simulated answers in place of people; every answer is journaled as such.
type Simulated struct {
	Out func(string) // gets what would be on the screen; nil for silence
}

// How implements [People].
func (s Simulated) How() event.How { return event.Simulated }

// Say implements [People].
func (s Simulated) Say(text string) {
	if s.Out != nil {
		s.Out(text)
	}
}

// Pages implements [People].
func (s Simulated) Pages(text string) []string { return []string{text} }

// Page implements [People].
func (s Simulated) Page(pages []string, i int) error {
	s.Say(pages[i])
	return nil
}

// Clock says where the time of an unattended rehearsal comes from.
func (s Simulated) Clock(before []string) (string, error) { return simulatedClocks[len(before)], nil }

// RoomTime puts the ceremony an hour into its window, or into the middle of a
// shorter one: a rehearsal may happen on any day.
func (s Simulated) RoomTime(_ time.Time, w plan.Window) (time.Time, error) {
	return rehearsalStart(w), nil
}

// rehearsalStart is an hour into the window, or the middle of a shorter one.
func rehearsalStart(w plan.Window) time.Time {
	return w.From.Add(min(time.Hour, w.To.Sub(w.From)/2))
}

var simulatedClocks = []string{"simulated clock A", "simulated clock B, set forward in each step by what it takes"}

// Present implements [People]: as many as are needed, in the order of the pool.
func (s Simulated) Present(role plan.Role, _ []string) ([]string, error) {
	return role.Of[:role.Need], nil
}

// Field implements [People].
func (s Simulated) Field(f plan.Field, _ time.Time) (string, error) { return f.Rehearsed(), nil }

// Done implements [People].
func (s Simulated) Done([]Person, bool) error { return nil }

// Ready implements [People].
func (s Simulated) Ready([]Person, string) error { return nil }

// Decide implements [People]: with the first word.
func (s Simulated) Decide(_ Person, _, yes, _ string) (string, error) { return yes, nil }

// Text implements [People].
func (s Simulated) Text(question string) (string, error) { return "rehearsed: " + question, nil }

// Choice implements [People]: with the first name.
func (s Simulated) Choice(_ string, of []string) (string, error) { return of[0], nil }

// Head implements [People]: with what the record says.
func (s Simulated) Head(last HeadOnPaper) (HeadOnPaper, error) { return last, nil }

// Digits implements [People].
func (s Simulated) Digits(_ Person, _, want string) (string, error) { return want, nil }

// Stop implements [People].
func (s Simulated) Stop() error { return ErrStopped }

// Unseen implements [People].
func (s Simulated) Unseen() People { return s }
