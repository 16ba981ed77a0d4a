// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package history

import (
	"slices"

	"rootceremony/transcripts/event"
)

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
		if was, before := h.index.opened[token]; before && e.Elsewhere(was) {
			h.index.moved[token] = r.Seq
		}
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

// OpenedAs is the device that a token was when it was last opened.
func (h *History) OpenedAs(token string) (event.TokenOpened, bool) {
	e, ok := h.index.opened[token]
	return e, ok
}

// MovedAt is the line since which a token is another device than before, or 0.
func (h *History) MovedAt(token string) int { return h.index.moved[token] }

// Restored reports whether a key that was made on a token was put on another device
// since: its module reports it as one that was not made there.
func (h *History) Restored(spki string) bool {
	k := h.Key(spki)
	return k != nil && h.MovedAt(k.Token) > k.First.Seq
}

// ModuleAt is the SHA-256 that a module had when it was last loaded from a path.
func (h *History) ModuleAt(path string) string {
	for _, u := range slices.Backward(h.Tokens) {
		if e, ok := u.Event.(event.TokenOpened); ok && e.Module != nil && e.Module.Path == path && e.Module.SHA256 != "" {
			return e.Module.SHA256
		}
	}
	return ""
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
		case event.TokenOpened, event.TokenRestarted:
			wrong = 0
		case event.PINRefused:
			if e.Outcome == event.PINWrong {
				wrong++
			}
		}
	}
	return wrong
}
