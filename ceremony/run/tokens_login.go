// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/secret"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// Login is how the opening of a token speaks with the ceremony.
type Login struct {
	// Log gets what the module prints.
	Log func(line string)
	// LastTry has two people decide before a PIN is asked for that may be the last;
	// its error ends the opening.
	LastTry func(info token.Info) error
	// Last reports whether the next PIN may be the last that is tried.
	Last func(info token.Info) bool
	// Refused records that the token did not accept a PIN, and asks who entered it
	// where people did.
	Refused func(outcome string, people bool) error
	// Again says whether people enter the PIN at the pad of the token again; nil: they do
	// not.
	Again func(outcome string) (bool, error)
	// LoggingIn is called when the token is given a PIN, or logs in without one.
	LoggingIn func()
	// Stop is called when somebody types STOP instead of a PIN. Without an error
	// the PIN is asked for again.
	Stop func() error
}

func (ts *tokens) login(name string) Login {
	return Login{
		Log:     ts.printed(name),
		LastTry: func(info token.Info) error { return ts.lastTry(name, info) },
		Last:    func(info token.Info) bool { return ts.tries(name).last(info) != "" },
		Refused: func(outcome string, people bool) error { return ts.pinRefused(name, outcome, people) },
		Again:   func(outcome string) (bool, error) { return ts.padAgain(name, outcome) },
		Stop: func() error {
			err := ts.o.People.Unseen().Stop()
			if errors.Is(err, ErrStopped) {
				return errors.Join(err, ts.note(event.PINRefused{Token: name, Outcome: event.PINCancelled}, event.Observed))
			}
			return err
		},
	}
}

// lastTry announces how many tries of a PIN are left after wrong ones, and the last one,
// which wants a second person. What is typed is not shown.
func (ts *tokens) lastTry(name string, info token.Info) error {
	t := ts.tries(name)
	said := t.last(info)
	for _, l := range t.announced(info) {
		ts.say("%s", plan.Indent(l, 6))
	}
	if said == "" {
		return nil
	}
	ts.say("      Two people decide. What is typed here is not shown.")
	agreed, by, err := ts.room.decideBy(ts.o.People.Unseen(), answerTry, wordStop, "Try another PIN on token "+name+" anyway")
	if err != nil {
		return err
	}
	if !agreed {
		return fmt.Errorf("no further PIN is tried on token %s: %w", name, &decline{problem: pinDeclined})
	}
	return ts.note(event.DeviationRecorded{Expected: "the PIN of token " + name + " is known", Happened: "wrong PINs were entered: " + said,
		Decision: "another PIN is tried", DecidedBy: by}, ts.o.People.How(), by...)
}

// pinRefused records that a token did not accept a PIN, and who entered it.
// People who hurry type the PIN again here: what is typed is not shown.
func (ts *tokens) pinRefused(name, outcome string, people bool) error {
	ts.say("      Token %s did not accept the PIN: %s.", name, outcome)
	var who string
	err := ts.room.asking(func() (err error) {
		if people {
			who, err = ts.o.People.Unseen().Choice("Who entered it (what is typed is not shown)", ts.room.whoIsHere())
		}
		return err
	})
	noted := ts.note(event.PINRefused{Token: name, Outcome: outcome, Person: who}, event.Reported)
	return errors.Join(err, noted)
}

// padAgain has people decide whether the PIN is entered at the pad again. Who hurries may
// type it here: what is typed is not shown.
func (ts *tokens) padAgain(name, outcome string) (bool, error) {
	if ts.o.People.How() == event.Simulated {
		return false, nil // nobody is there to ask
	}
	var word string
	err := ts.room.asking(func() (err error) {
		question := fmt.Sprintf("The PIN pad of token %s: %s. Enter the PIN there again (what is typed here is not shown)", name, outcome)
		word, err = ts.o.People.Unseen().Choice(question, []string{wordAgain, wordStop})
		return err
	})
	return word == wordAgain, err
}

// wordAgain is typed to enter a PIN at a pad again.
const wordAgain = "again"

const runsAsRoot = `
      THIS PROGRAM AND THE PKCS#11 MODULES RUN AS ROOT. A module could answer
      for you at this terminal, or read every PIN. Stop, and run the program as
      a user that owns nothing else.`

// asRoot has people decide, once in each session and before the first PIN is typed,
// whether hardware is used although the program runs as root. Software tokens are for
// trials, which every page says.
func (ts *tokens) asRoot() error {
	if ts.rootSaid || ts.o.Host == nil || !ts.o.Host.Root || ts.o.Site == nil || ts.o.Site.SoftwareToken {
		return nil
	}
	ts.say(runsAsRoot)
	by, err := ts.room.mustAgree("accept", "Use hardware tokens as root anyway, as a deviation", rootDeclined)
	if err != nil {
		return err
	}
	reason, err := ts.room.text("Why the program has to run as root")
	if err != nil {
		return err
	}
	ts.rootSaid = true
	return ts.note(event.DeviationRecorded{
		Exception: event.ExceptionAsRoot, Expected: "hardware tokens are used by a program that does not run as root", Happened: "it runs as root",
		Decision: "the people in the room continue: " + reason, DecidedBy: by,
	}, ts.o.People.How(), by...)
}

// hider is a token that knows its PIN and takes it out of a text.
type hider interface {
	HidePIN(text string) (string, bool)
}

// hide takes the PINs of all open tokens out of a text that somebody typed.
func (ts *tokens) hide(text string) (clean string, found bool) {
	for _, t := range ts.byName {
		if h, ok := t.(hider); ok {
			hidden, hit := h.HidePIN(text)
			text, found = hidden, found || hit
		}
	}
	return text, found
}

// printed records the lines that the module of a token prints. It takes the PIN
// out of them before they come here; that it had to is said and recorded once.
// The module speaks between calls too; a journal that refuses has recorded why,
// and the next event of the ceremony will meet that.
func (ts *tokens) printed(name string) func(line string) {
	var once sync.Once
	return func(line string) {
		_, _ = ts.journal.Append(event.ModuleOutput{Token: name, Line: line}, "", event.Reported)
		if !strings.Contains(line, secret.Redacted) {
			return
		}
		once.Do(func() {
			ts.say("\n      THE MODULE OF TOKEN %s PRINTED ITS PIN. It is not recorded; have the PIN\n      changed, and tell the vendor.", name)
			_, _ = ts.journal.Append(event.PINPrinted(name), "", event.Observed)
		})
	}
}
