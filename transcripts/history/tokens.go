// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package history

import "rootceremony/transcripts/event"

// TokenUse is an event by which a token was opened, refused a PIN, was taken over
// by a fresh process, or was closed.
type TokenUse struct {
	event.Record
	Token  string
	Opened event.TokenOpened // the last time, up to here
}

// addToken follows the tokens.
func (h *History) addToken(r event.Record) {
	var token string
	switch e := r.Event.(type) {
	case event.TokenOpened:
		token = e.Token
		h.index.opened[token] = e
	case event.PINRefused:
		token = e.Token
	case event.TokenRestarted:
		token = e.Token
	case event.TokenClosed:
		token = e.Token
	default:
		return
	}
	h.Tokens = append(h.Tokens, TokenUse{r, token, h.index.opened[token]})
}

// TokensOpened lists every opening of a token.
func (h *History) TokensOpened() []Entry[event.TokenOpened] {
	var all []Entry[event.TokenOpened]
	for _, u := range h.Tokens {
		if e, ok := u.Event.(event.TokenOpened); ok {
			all = append(all, Entry[event.TokenOpened]{u.Record, e})
		}
	}
	return all
}

// WrongPINs counts the wrong PINs that a token was given since it last accepted
// one, in earlier sessions, too: its own count continues when the program ends.
func (h *History) WrongPINs(token string) int {
	wrong := 0
	for _, u := range h.Tokens {
		if u.Token != token {
			continue
		}
		switch e := u.Event.(type) {
		case event.TokenOpened:
			wrong = 0
		case event.PINRefused:
			if e.Outcome == event.PINWrong {
				wrong++
			}
		}
	}
	return wrong
}
