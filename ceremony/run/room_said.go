// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"errors"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
)

// What people say and do between the steps. Every question here is put again
// after a word of the room: what somebody began to say is not lost because
// somebody else came in.

// saidUntil has people say something until they recorded or discarded it. When
// the ceremony stops before, what they said so far is kept as a note that says
// so: said gives it, or nothing.
func (r *room) saidUntil(say func() error, said func() string) error {
	before := r.saying
	r.saying = true
	err := say()
	r.saying = before
	if err == nil || said() == "" {
		return err
	}
	text := said() + event.NotesUnfinished
	if noteErr := r.note(event.NoteAdded{Text: text}, event.Observed); noteErr != nil {
		return errors.Join(err, noteErr)
	}
	return err
}

// addNote writes down what somebody says; it is shown before it is recorded.
func (r *room) addNote() error {
	var text string
	return r.saidUntil(func() (err error) {
		var who string
		back, err := r.orBack(func() error {
			return r.inTurn(func() (err error) {
				who, err = r.chosen("Whose note is it", r.whoIsHere)
				return err
			}, func() (err error) {
				if who != "" {
					text, err = r.text("The note")
				}
				return err
			})
		})
		if err != nil || back || who == "" {
			return err
		}
		return r.recordNote(who, text)
	}, func() string { return text })
}

// recordNote asks whose note it is whether it is recorded; when they have left
// by then, somebody who is there.
func (r *room) recordNote(who, text string) error {
	var word, by string
	err := r.asking(func() (err error) {
		if by = who; len(r.named([]string{who})) == 0 {
			by = r.withRole(plan.RoleAdministrator)[0].Name
		}
		word, err = r.o.People.Decide(r.named([]string{by})[0], "Record this note", "record", "discard")
		return err
	})
	if err != nil || word != "record" {
		return err
	}
	if by != who {
		text += " (said by " + who + ", who left before it was recorded)"
	}
	return r.note(event.NoteAdded{Text: text}, r.o.People.How(), by)
}

// addDeviation writes down what did not go as it should, and what was decided.
func (r *room) addDeviation() error {
	var e event.DeviationRecorded
	return r.saidUntil(func() error {
		back, err := r.orBack(func() error { return r.deviation(&e, "What was expected", "What happened", "What was decided") })
		if err != nil || back {
			return err
		}
		agreed, by, err := r.decide("record", "discard", "Record this deviation")
		if err != nil || !agreed {
			return err
		}
		e.DecidedBy = by
		return r.note(e, r.o.People.How(), by...)
	}, func() string {
		if e.Expected == "" {
			return ""
		}
		return e.Sentence().Text
	})
}

// deviation asks for the three texts of a deviation.
func (r *room) deviation(e *event.DeviationRecorded, expected, happened, decision string) error {
	var questions []func() error
	for _, q := range []struct {
		text     *string
		question string
	}{{&e.Expected, expected}, {&e.Happened, happened}, {&e.Decision, decision}} {
		questions = append(questions, func() error {
			text, err := r.text(q.question)
			if err == nil {
				*q.text = text
			}
			return err
		})
	}
	return r.inTurn(questions...)
}
