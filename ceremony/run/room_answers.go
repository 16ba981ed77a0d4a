// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
)

// field asks for something that people write down.
func (r *room) field(what string, f plan.Field) (string, error) {
	return r.typed(what, func() (string, error) { return r.o.People.Field(f, r.clock.Now()) })
}

// typed asks for free text until it holds no PIN. That one was typed is
// recorded, without it: it was on the screen, and perhaps on video.
func (r *room) typed(what string, ask func() (string, error)) (string, error) {
	for {
		var text string
		err := r.asking(func() (err error) {
			text, err = ask()
			return err
		})
		if err != nil {
			return "", err
		}
		if !r.holdsPIN(text) {
			return text, nil
		}
		if err := r.pinTyped(what); err != nil {
			return "", err
		}
	}
}

// holdsPIN reports whether one of several texts holds the PIN of an open token.
func (r *room) holdsPIN(texts ...string) bool {
	for _, text := range texts {
		if _, found := r.hide(text); found {
			return true
		}
	}
	return false
}

// pinTyped says and records that a PIN was typed where it shows.
func (r *room) pinTyped(what string) error {
	r.say("      That contains the PIN of a token. It is not recorded; type something else,\n      and have the PIN changed.")
	if r.journal == nil {
		return nil
	}
	return r.note(event.PINTyped(what), event.Observed)
}

// mustAgree asks for a word to continue; everything else stops the ceremony, for a
// reason by which the hint is chosen.
func (r *room) mustAgree(word, question string, otherwise problem) (by []string, err error) {
	yes, by, err := r.decide(word, wordStop, question)
	if err == nil && !yes {
		err = &decline{problem: otherwise}
	}
	return by, err
}

// decide asks the administrator and a witness for the same one of two words.
func (r *room) decide(yes, no, question string) (bool, []string, error) {
	return r.decideBy(r.o.People, yes, no, question)
}

// decideBy is decide with people who may type unseen.
func (r *room) decideBy(people People, yes, no, question string) (bool, []string, error) {
	for {
		var words, who []string
		err := r.asking(func() error {
			words, who = nil, nil
			for _, role := range []string{plan.RoleAdministrator, plan.RoleWitness} {
				p := r.withRole(role)[0]
				w, err := people.Decide(p, question, yes, no)
				if err != nil {
					return err
				}
				words, who = append(words, w), append(who, p.Name)
			}
			return nil
		})
		if err != nil {
			return false, nil, err
		}
		if words[0] == words[1] {
			return words[0] == yes, who, nil
		}
		r.say("Both must type the same word.")
	}
}

// digits asks a person of a role until the digits are right; wrong ones are
// recorded.
func (r *room) digits(role, which, want, artifact string) (p Person, err error) {
	for {
		var typed string
		err := r.asking(func() (err error) {
			p = r.withRole(role)[0]
			typed, err = r.o.People.Digits(p, which, want)
			return err
		})
		if err != nil || strings.EqualFold(typed, want) {
			return p, err
		}
		typed, hidden := r.hide(typed)
		if hidden {
			if err := r.pinTyped("the digits of a digest"); err != nil {
				return p, err
			}
		}
		r.say("      %q: not the %s. Read again, or type STOP", typed, which)
		e := event.ConfirmationRefused{Artifact: artifact, Entered: typed, Reason: event.OtherDigits}
		if err := r.note(e, r.o.People.How(), p.Name); err != nil {
			return p, err
		}
	}
}
