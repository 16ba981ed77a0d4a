// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"strings"
	"sync"
	"time"

	"rootceremony/internal/secret"
	"rootceremony/transcripts"
)

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
	r.say("      That holds the PIN of a token. It is not recorded; type something else,\n      and have the PIN changed.")
	if r.journal == nil {
		return nil
	}
	return r.note(transcripts.DeviationRecorded{
		Expected: "a PIN is typed only where the screen does not show it", Happened: "a PIN was typed as " + what,
		Decision: "it was not recorded, and the question was asked again; the PIN is to be changed", DecidedBy: []string{},
	}, transcripts.Observed)
}

// roomTime asks two people for the time until no clock is named by a PIN.
func (r *room) roomTime(host time.Time) (room time.Time, refs, by []string, err error) {
	for {
		room, refs, by, err = r.o.People.RoomTime(host, r.work.Plan.Ceremony.Window, r.present)
		if err != nil || !r.holdsPIN(refs...) {
			return room, refs, by, err
		}
		if err := r.pinTyped("the name of a clock"); err != nil {
			return room, nil, nil, err
		}
	}
}

// printed records the lines that the module of a token prints. It takes the PIN
// out of them before they come here; that it had to is said and recorded once.
// The module speaks between calls too; a journal that refuses has recorded why,
// and the next event of the ceremony will meet that.
func (ts *tokens) printed(name string) func(line string) {
	var once sync.Once
	return func(line string) {
		_, _ = ts.journal.Append(transcripts.ModuleOutput{Token: name, Line: line}, "", transcripts.Reported)
		if !strings.Contains(line, secret.Redacted) {
			return
		}
		once.Do(func() {
			ts.say("\n      THE MODULE OF TOKEN %s PRINTED ITS PIN. It is not recorded; have the PIN\n      changed, and tell the maker.", name)
			_, _ = ts.journal.Append(transcripts.DeviationRecorded{
				Expected: "a module prints no PIN", Happened: "the module of token " + name + " printed its PIN",
				Decision: "the line was recorded without it; the PIN is to be changed", DecidedBy: []string{},
			}, "", transcripts.Observed)
		})
	}
}
