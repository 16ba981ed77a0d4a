// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"rootceremony/transcripts"
)

// hider is a token that knows its PIN and takes it out of a text.
type hider interface {
	HidePIN(text string) (string, bool)
}

// guarded takes the PINs of all open tokens out of a text that somebody typed.
func (r *runner) guarded(text string) (clean string, found bool) {
	for _, t := range r.tokens {
		if h, ok := t.(hider); ok {
			hidden, hit := h.HidePIN(text)
			text, found = hidden, found || hit
		}
	}
	return text, found
}

// typed asks for free text until it holds no PIN. That one was typed is
// recorded, without it: it was on the screen, and perhaps on video.
func (r *runner) typed(what string, ask func() (string, error)) (string, error) {
	for {
		var text string
		err := r.asking(func() (err error) {
			text, err = ask()
			return err
		})
		if err != nil {
			return "", err
		}
		if _, found := r.guarded(text); !found {
			return text, nil
		}
		r.say("      That holds the PIN of a token. It is not recorded; type something else,\n      and have the PIN changed.")
		if r.j == nil {
			continue
		}
		e := transcripts.DeviationRecorded{
			Expected: "a PIN is typed only where the screen does not show it", Happened: "a PIN was typed as " + what,
			Decision: "it was not recorded, and the question was asked again; the PIN is to be changed", DecidedBy: []string{},
		}
		if err := r.note(e, transcripts.Observed); err != nil {
			return "", err
		}
	}
}
