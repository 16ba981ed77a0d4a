// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"errors"
	"fmt"
	"strings"

	"rootceremony/transcripts/event"
)

// The words that may be typed at any question, beside STOP.
const (
	wordNote      = "NOTE"
	wordLeave     = "LEAVE"
	wordArrive    = "ARRIVE"
	wordPause     = "PAUSE"
	wordClock     = "CLOCK"
	wordDeviation = "DEVIATION"
	wordKeyboard  = "KEYBOARD"
	wordShow      = "SHOW"
	wordHelp      = "HELP"
)

// roomWord is a word that somebody typed instead of an answer.
type roomWord string

var roomWords = []roomWord{wordNote, wordLeave, wordArrive, wordPause, wordClock, wordDeviation, wordKeyboard, wordShow, wordHelp}

// Error implements error.
func (w roomWord) Error() string { return string(w) + " has no effect here" }

// wordsHelp is what HELP shows; pauseHelp is left out where nothing can be paused.
const wordsHelp = `      These words may be typed at any question, which is then asked again:
      NOTE       add a note to the record
      DEVIATION  record a deviation, and what was decided
      LEAVE      somebody leaves the room
      ARRIVE     somebody enters, or comes back
      KEYBOARD   somebody else types from now on
      CLOCK      read the time again on two clocks
      SHOW       before a signature: show all that will be signed
%s      STOP       stop the ceremony at once, if a second person agrees
      HELP       show this list
`
const pauseHelp = "      PAUSE      pause the ceremony: tokens are closed, the head is read aloud\n"

// room is who is there: it asks people, in the roles that a question is for, and
// obeys the words that they may type instead of an answer.
type room struct {
	*session
	state    *state
	hide     func(text string) (clean string, found bool) // takes the PINs of open tokens out of a text
	present  []Person
	keyboard string    // who types
	agreed   agreement // when a ceremony goes on
	saying   bool      // people write something down that is not recorded yet
	// object shows all of what is about to be signed; nil where nothing is.
	object func() (string, error)
	under  string // the digest whose digits are typed, as it is shown under that
}

// asking puts a question, and again after every word of the room, when enough
// people are there. The question is to work out anew whom it asks: people may
// have changed.
func (r *room) asking(question func() error) error {
	return r.serving(r.quorum, question)
}

// askingAnyway is asking also where too few people are there: it is how people
// come, go, and put the ceremony off.
func (r *room) askingAnyway(question func() error) error {
	return r.serving(func() error { return nil }, question)
}

// serving puts a question, and again after every word of the room and what is to
// follow that.
func (r *room) serving(then, question func() error) error {
	err := question()
	for {
		var word roomWord
		if !errors.As(err, &word) {
			return err
		}
		if err = r.interrupt(word); err == nil {
			err = then()
		}
		if err == nil {
			err = question()
		}
	}
}

// interrupt does what a word of the room means.
func (r *room) interrupt(word roomWord) error {
	if word == wordHelp {
		pause := pauseHelp
		if r.o.Mode == event.Rehearsal {
			pause = ""
		}
		r.o.People.Say(fmt.Sprintf(wordsHelp, pause))
		return nil
	}
	if word == wordShow {
		return r.showObject()
	}
	if r.journal == nil {
		r.say("      There is no record yet; %s works once there is one.", string(word))
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
	case wordKeyboard:
		return r.takeKeyboard()
	case wordDeviation:
		return r.addDeviation()
	case wordPause:
		if r.o.Mode == event.Rehearsal {
			r.say("      A rehearsal cannot be resumed, so it cannot be paused. Type STOP to end it.")
			return nil
		}
		if r.saying && len(r.short()) == 0 {
			r.say("      First record or discard the open note or deviation; then type %s again.", wordPause)
			return nil
		}
		var reason string
		err := r.askingAnyway(func() (err error) {
			reason, err = r.text("Why is the ceremony paused")
			return err
		})
		if err != nil {
			return err
		}
		return &pause{reason: reason}
	}
	return word
}

// showObject shows all of what is about to be signed. It is no answer, so nothing is
// recorded.
func (r *room) showObject() error {
	if r.object == nil {
		r.say("      SHOW works where a signature is confirmed.")
		return nil
	}
	text, err := r.object()
	if err != nil {
		return err
	}
	return r.show(text)
}

// show shows a text a screen at a time. After a word of the room, it is that screen again.
func (r *room) show(text string) error {
	pages := r.o.People.Pages(text)
	for i := range pages {
		if err := r.asking(func() error { return r.o.People.Page(pages, i) }); err != nil {
			return err
		}
	}
	return nil
}

// text asks for a line of free text.
func (r *room) text(question string) (string, error) {
	return r.typed(question, func() (string, error) { return r.o.People.Text(question) })
}

// quorum counts the people again. While a role is short, nothing can be done
// but let somebody in or put the ceremony off.
func (r *room) quorum() error {
	if r.journal == nil {
		return nil
	}
	short := r.short()
	if len(short) == 0 {
		return nil
	}
	r.say("      The ceremony waits: only %s.", strings.Join(short, ", "))
	otherwise := "PAUSE to pause the ceremony"
	if r.o.Mode == event.Rehearsal {
		otherwise = "STOP to end the rehearsal"
	}
	_, err := r.o.People.Choice("Type ARRIVE when somebody enters, or "+otherwise, nil)
	return err
}

// short says of which roles too few people are here.
func (r *room) short() []string {
	var short []string
	for _, role := range r.state.Plan.People {
		if n := len(r.withRole(role.Role)); n < role.Need {
			short = append(short, fmt.Sprintf("%d of %d as %s", n, role.Need, role.Role))
		}
	}
	return short
}
