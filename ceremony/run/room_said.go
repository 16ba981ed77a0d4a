// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"errors"
	"slices"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts"
)

// What people say and do between the steps. Every question here is put again
// after a word of the room: what somebody began to say is not lost because
// somebody else came in.

// whoIsHere lists the people in the room, each once.
func (r *room) whoIsHere() []string {
	here := names(r.present)
	slices.Sort(here)
	return slices.Compact(here)
}

// chosen asks for one of several people, who may have changed when it asks
// again; when none is left, it gives nobody. Too few people are no reason not to
// ask who comes or goes.
func (r *room) chosen(question string, of func() []string) (who string, err error) {
	err = r.serving(func() error { return nil }, func() (err error) {
		if who = ""; len(of()) == 0 {
			return nil
		}
		who, err = r.o.People.Choice(question, of())
		return err
	})
	return who, err
}

// moved is chosen for who comes or goes: when that happened while it was asked,
// nobody is left to be named.
func (r *room) moved(word roomWord, question string, of func() []string) (string, error) {
	first := of()
	return r.chosen(question, func() []string {
		if !slices.Equal(first, of()) {
			r.say("      That was done meanwhile; type %s again for somebody else.", string(word))
			return nil
		}
		return first
	})
}

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
	text := said() + " (neither recorded nor discarded when the ceremony stopped)"
	if noteErr := r.note(transcripts.NoteAdded{Text: text}, transcripts.Observed); noteErr != nil {
		return errors.Join(err, noteErr)
	}
	return err
}

// addNote writes down what somebody says; it is shown before it is recorded.
func (r *room) addNote() error {
	var text string
	return r.saidUntil(func() (err error) {
		who, err := r.chosen("Whose note is it", r.whoIsHere)
		if err != nil || who == "" {
			return err
		}
		if text, err = r.text("The note"); err != nil {
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
	return r.note(transcripts.NoteAdded{Text: text}, r.o.People.How(), by)
}

// addDeviation writes down what did not go as it should, and what was decided.
func (r *room) addDeviation() error {
	var e transcripts.DeviationRecorded
	return r.saidUntil(func() error {
		if err := r.deviation(&e, "What was expected", "What happened", "What was decided"); err != nil {
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
		return "Deviation. Expected: " + e.Expected + ". Happened: " + e.Happened + ". Decided: " + e.Decision
	})
}

// deviation asks for the three texts of a deviation.
func (r *room) deviation(e *transcripts.DeviationRecorded, expected, happened, decision string) (err error) {
	for _, q := range []struct {
		text     *string
		question string
	}{{&e.Expected, expected}, {&e.Happened, happened}, {&e.Decision, decision}} {
		if *q.text, err = r.text(q.question); err != nil {
			return err
		}
	}
	return nil
}

// leave takes a person out of the room.
func (r *room) leave() error {
	who, err := r.moved(wordLeave, "Who leaves", r.whoIsHere)
	if err != nil || who == "" {
		return err
	}
	by := twoOf(r.present)
	r.present = slices.DeleteFunc(r.present, func(p Person) bool { return p.Name == who })
	return r.note(transcripts.ParticipantLeft{Person: who}, r.o.People.How(), by...)
}

// away lists the people whom the plan names and who are not in the room.
func (r *room) away() []string {
	here := r.whoIsHere()
	var pool []string
	for _, role := range r.work.Plan.People {
		for _, name := range role.Of {
			if !slices.Contains(here, name) && !slices.Contains(pool, name) {
				pool = append(pool, name)
			}
		}
	}
	return pool
}

// arrive lets in a person whom the plan names.
func (r *room) arrive() error {
	if len(r.away()) == 0 {
		r.say("      Everybody whom the plan names is here.")
		return nil
	}
	who, err := r.moved(wordArrive, "Who arrives", r.away)
	if err != nil || who == "" {
		return err
	}
	role := plan.Find(r.work.Plan.People, func(p *plan.Role) bool { return slices.Contains(p.Of, who) }).Role // one person holds one role
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
