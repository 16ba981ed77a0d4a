// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rootceremony/ceremony/plan"
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
	wordBack      = "BACK"
	wordHelp      = "HELP"
)

// roomWord is a word that somebody typed instead of an answer.
type roomWord string

var roomWords = []roomWord{wordNote, wordLeave, wordArrive, wordPause, wordClock, wordDeviation, wordKeyboard, wordShow, wordBack, wordHelp}

// Error implements error.
func (w roomWord) Error() string { return string(w) + " has no effect here" }

// Answers that people type at the questions right before a PIN is asked for.
const (
	answerDone  = "done"
	answerTry   = "try"
	answerAgree = "agree"
)

// Word gives the word of the room, STOP, or the answer to another question that was typed,
// in any case, and whether it was one. What was typed may be a PIN, of which no copy is
// made.
func Word(typed []byte) (word string, found bool) {
	for _, w := range append(roomWords, stopWord, answerDone, answerTry, answerAgree) {
		if bytes.EqualFold(bytes.TrimSpace(typed), []byte(w)) {
			return string(w), true
		}
	}
	return "", false
}

// wordsHelp is what HELP shows; pauseHelp is left out where nothing can be paused.
const wordsHelp = `      These words may be typed at any question, which is then asked again, with
      what it asks about:
      NOTE       add a note to the record
      DEVIATION  record a deviation, and what was decided
      LEAVE      somebody leaves the room
      ARRIVE     somebody enters, or comes back
      KEYBOARD   somebody else types from now on
      CLOCK      read the time again on two clocks
      SHOW       before a signature: show all that will be signed;
                 elsewhere: the plan's title, its digest and words
      BACK       type the answer before again, in this step: both are recorded;
                 or give up a word such as LEAVE
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
	at     asked  // what is asked now
	below  string // what is shown again below the answer to a word of the room
}

// asked is what is said of a question beside its words.
type asked struct {
	about string // what it asks about; else what was said since the last answer
	back  bool   // BACK puts the question before it again
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
// follow that, with what it asks about: the word took it off the screen.
func (r *room) serving(then, question func() error) error {
	err, asked := question(), true
	for {
		var word roomWord
		switch {
		case err == nil:
			r.lately.forget()
			return nil
		case !errors.As(err, &word), word == wordBack && asked && r.at.back:
			return err
		}
		about := cmp.Or(r.at.about, r.lately.lines(mostAgain))
		err = r.aside(about, func() error {
			err := r.interrupt(word)
			if err == nil {
				err = then()
			}
			return err
		})
		if asked = err == nil; asked {
			if about != "" {
				r.o.People.Say(about + "\n")
			}
			err = question()
		}
	}
}

// mostAgain are the lines that are shown again with a question: a digest with its words
// and what is to be done with it. A screen has 24.
const mostAgain = 16

// aside does something in the middle of a question, which has questions of its own.
func (r *room) aside(about string, do func() error) error {
	at, said, below := r.at, r.lately.forget(), r.below
	r.at, r.below = asked{}, about
	defer func() {
		r.at, r.below = at, below
		r.lately.forget()
		r.lately.add(said)
	}()
	return do()
}

// about says what several questions are about, and puts them.
func (r *room) about(text string, questions func() error) error {
	r.say("%s", text)
	return r.reminding(text, questions)
}

// reminding is about where the text was said.
func (r *room) reminding(text string, questions func() error) error {
	before := r.at
	defer func() { r.at = before }()
	r.at.about = strings.Trim(text, "\n")
	return questions()
}

// inTurn puts questions one after the other. BACK at one of them puts the one before it
// again; at the first it is for what is around them, if that has one.
func (r *room) inTurn(questions ...func() error) error {
	before := r.at
	defer func() { r.at = before }()
	for i := 0; i < len(questions); {
		r.at.back = before.back || i > 0
		err := questions[i]()
		switch {
		case err == nil:
			i++
		case isBack(err) && i > 0:
			i--
		default:
			return err
		}
	}
	return nil
}

// orBack puts questions that BACK gives up.
func (r *room) orBack(questions func() error) (back bool, err error) {
	before := r.at
	defer func() { r.at = before }()
	r.at.back = true
	if err = questions(); isBack(err) {
		return true, nil
	}
	return false, err
}

func isBack(err error) bool {
	var word roomWord
	return errors.As(err, &word) && word == wordBack
}

// interrupt does what a word of the room means.
func (r *room) interrupt(word roomWord) error {
	if word == wordHelp {
		pause := pauseHelp
		if r.o.Mode == event.Rehearsal {
			pause = ""
		}
		return r.tell(fmt.Sprintf(wordsHelp, pause))
	}
	if word == wordShow {
		return r.showObject()
	}
	if word == wordBack {
		text := "Nothing before this question can be typed again."
		if r.journal != nil {
			text += " CLOCK reads the time again, LEAVE and ARRIVE correct who is here, and NOTE puts anything else right."
		}
		r.say("%s", plan.Indent(text, 6))
		return nil
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
		return r.paused()
	}
	return word
}

// paused asks why the ceremony is to be paused, and ends the session.
func (r *room) paused() error {
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

// showObject shows all of what is about to be signed, or else of which plan this is. It
// is no answer, so nothing is recorded.
func (r *room) showObject() error {
	if r.object == nil {
		p := r.state.Plan
		return r.tell(fmt.Sprintf("%s\n      SHA-256 of the plan in force:\n%s\n%s\n", plan.Indent(p.Ceremony.ID+": "+p.Ceremony.Title, 6),
			plan.Groups(hex.EncodeToString(r.state.Digest[:])), wordLines(r.state.Digest[:])))
	}
	text, err := r.object()
	if err != nil {
		return err
	}
	return r.show(text)
}

// tell says the answer to a word of the room. Where the question that is shown again below
// it would take it off the screen, that waits until people have read.
func (r *room) tell(text string) error {
	if r.below == "" || len(r.o.People.Pages(text+r.below)) == 1 {
		r.o.People.Say(text)
		return nil
	}
	return r.asking(func() error { return r.o.People.Page([]string{text, r.below}, 0) })
}

// show shows a text a screen at a time. After a word of the room, it is that screen again.
func (r *room) show(text string) error {
	r.lately.forget() // a page fills the screen
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
	return r.waits("only " + strings.Join(short, ", "))
}

// waits asks for somebody to enter, which a word of the room says.
func (r *room) waits(why string) error {
	r.say("      The ceremony waits: %s.", why)
	otherwise := "PAUSE to pause the ceremony"
	if r.o.Mode == event.Rehearsal {
		otherwise = "STOP to end the rehearsal"
	}
	_, err := r.o.People.Choice("Type ARRIVE when somebody enters, or "+otherwise, nil)
	return err
}

// await waits for people of the plan who have to be in the room, because of what they know.
func (r *room) await(people []string, because string) error {
	if r.o.People.How() == event.Simulated {
		return nil // nobody comes
	}
	return r.askingAnyway(func() error {
		for _, who := range people {
			if !slices.Contains(names(r.present), who) && r.state.Plan.Names(who) {
				return r.waits(who + " " + because + ", and is not in the room")
			}
		}
		return nil
	})
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
