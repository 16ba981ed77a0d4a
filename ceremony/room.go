// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rootceremony/transcripts"
)

// The words that may be typed at any question, beside STOP.
const (
	wordNote      = "NOTE"
	wordLeave     = "LEAVE"
	wordArrive    = "ARRIVE"
	wordPause     = "PAUSE"
	wordClock     = "CLOCK"
	wordDeviation = "DEVIATION"
	wordHelp      = "HELP"
)

// roomWord is a word that somebody typed instead of an answer.
type roomWord string

var roomWords = []roomWord{wordNote, wordLeave, wordArrive, wordPause, wordClock, wordDeviation, wordHelp}

// Error implements error.
func (w roomWord) Error() string { return string(w) + " was typed where it changes nothing" }

// wordsHelp is what HELP shows.
const wordsHelp = `      These words may be typed at any question, which is then asked again:
      NOTE       somebody has something written down
      DEVIATION  something did not go as it should; what was decided
      LEAVE      somebody leaves the room
      ARRIVE     somebody comes in, or comes back
      CLOCK      the time is read again on two clocks
      PAUSE      the ceremony is put off: tokens are closed, the head is read
      STOP       the ceremony is stopped at once, when a second person agrees
`

// asking puts a question, and again after every word of the room. The question
// is to work out anew whom it asks: people may have changed.
func (r *runner) asking(question func() error) error {
	err := question()
	for {
		var word roomWord
		if !errors.As(err, &word) {
			return err
		}
		if err = r.interrupt(word); err == nil {
			err = r.quorum()
		}
		if err == nil {
			err = question()
		}
	}
}

// interrupt does what a word of the room stands for.
func (r *runner) interrupt(word roomWord) error {
	if word == wordHelp {
		r.o.People.Say(wordsHelp)
		return nil
	}
	if r.j == nil {
		r.say("      There is no record yet; %s works once it has begun.", string(word))
		return nil
	}
	switch word {
	case wordNote:
		return r.addNote()
	case wordLeave:
		return r.leave()
	case wordArrive:
		return r.arrive()
	case wordClock:
		return r.correctClock()
	case wordDeviation:
		return r.addDeviation()
	case wordPause:
		reason, err := r.text("Why is the ceremony put off")
		if err != nil {
			return err
		}
		return &pause{reason: reason}
	}
	return word
}

// text asks for a line of free text.
func (r *runner) text(question string) (string, error) {
	return r.typed(question, func() (string, error) { return r.o.People.Text(question) })
}

// whoIsHere lists the people in the room, each once.
func (r *runner) whoIsHere() []string {
	here := names(r.present)
	slices.Sort(here)
	return slices.Compact(here)
}

// addNote writes down what somebody says; it is shown before it is recorded.
func (r *runner) addNote() error {
	who, err := r.o.People.Choice("Whose note is it", r.whoIsHere())
	if err != nil {
		return err
	}
	text, err := r.text("The note")
	if err != nil {
		return err
	}
	word, err := r.o.People.Decide(r.named([]string{who})[0], "Record this note", "record", "discard")
	if err != nil || word != "record" {
		return err
	}
	return r.note(transcripts.NoteAdded{Text: text}, r.o.People.How(), who)
}

// addDeviation writes down what did not go as it should, and what was decided.
func (r *runner) addDeviation() error {
	e, err := r.deviation("What was expected", "What happened", "What was decided")
	if err != nil {
		return err
	}
	agreed, by, err := r.decide("record", "discard", "Record this deviation")
	if err != nil || !agreed {
		return err
	}
	e.DecidedBy = by
	return r.note(e, r.o.People.How(), by...)
}

// deviation asks for the three texts of a deviation.
func (r *runner) deviation(expected, happened, decision string) (e transcripts.DeviationRecorded, err error) {
	if e.Expected, err = r.text(expected); err != nil {
		return e, err
	}
	if e.Happened, err = r.text(happened); err != nil {
		return e, err
	}
	e.Decision, err = r.text(decision)
	return e, err
}

// leave takes a person out of the room.
func (r *runner) leave() error {
	who, err := r.o.People.Choice("Who leaves", r.whoIsHere())
	if err != nil {
		return err
	}
	by := twoOf(r.present)
	r.present = slices.DeleteFunc(r.present, func(p Person) bool { return p.Name == who })
	return r.note(transcripts.ParticipantLeft{Person: who}, r.o.People.How(), by...)
}

// arrive lets in a person whom the plan names.
func (r *runner) arrive() error {
	here := r.whoIsHere()
	var pool []string
	for _, role := range r.p.Plan.People {
		for _, name := range role.Of {
			if !slices.Contains(here, name) && !slices.Contains(pool, name) {
				pool = append(pool, name)
			}
		}
	}
	if len(pool) == 0 {
		r.say("      Everybody whom the plan names is here.")
		return nil
	}
	who, err := r.o.People.Choice("Who arrives", pool)
	if err != nil {
		return err
	}
	role := find(r.p.Plan.People, func(p *Role) bool { return slices.Contains(p.Of, who) }).Role // one person holds one role
	r.present = append(r.present, Person{Name: who, Role: role})
	return r.note(transcripts.ParticipantArrived{Person: who, Role: role}, r.o.People.How(), by(r.present, who)...)
}

// by names who stands for an arrival: the administrator and a witness, or
// whoever of them is there.
func by(present []Person, who string) []string {
	if two := twoOf(present); len(two) > 0 {
		return two
	}
	return []string{who}
}

// quorum counts the people again. While a role is short, nothing can be done
// but let somebody in or put the ceremony off.
func (r *runner) quorum() error {
	if r.j == nil {
		return nil
	}
	var short []string
	for _, role := range r.p.Plan.People {
		if n := len(r.withRole(role.Role)); n < role.Need {
			short = append(short, fmt.Sprintf("%d of %d as %s", n, role.Need, role.Role))
		}
	}
	if len(short) == 0 {
		return nil
	}
	r.say("      Nothing goes on: there are only %s.", strings.Join(short, ", "))
	_, err := r.o.People.Choice("Type ARRIVE when somebody comes in, or PAUSE to put the ceremony off", nil)
	return err
}

// correctClock has the time read again and sets the ceremony clock to it.
func (r *runner) correctClock() error {
	win := r.p.Plan.Ceremony.Window
	host := r.o.Clock.Now().Truncate(time.Second)
	room, refs, by, err := r.roomTime(host)
	if err != nil {
		return err
	}
	if room.Before(win.From) || room.After(win.To) {
		r.say("      %s is outside the window %s to %s; the clock stays as it was.", stamp(room), stamp(win.From), stamp(win.To))
		return nil
	}
	r.clock.set(room)
	return r.note(clockAttested(room, host, refs), r.o.People.How(), by...)
}
