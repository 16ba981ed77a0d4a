// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"
	"slices"

	"rootceremony/transcripts/event"
)

// tokenState is what is known of a token in a session.
type tokenState struct {
	open      bool
	counted   bool   // since it was opened
	last      string // When of the last census, if nothing was made or destroyed since
	vague     bool   // a call may have changed the objects, and nobody knows
	restarted int    // line since which this process uses it
	refused   bool   // a login of a new process, while it was open
}

func (g *grammar) token(name string) *tokenState {
	t := g.tokens[name]
	if t == nil {
		t = &tokenState{}
		g.tokens[name] = t
	}
	return t
}

// tokenEvent follows the tokens.
func (g *grammar) tokenEvent(r *event.Record) {
	switch e := r.Event.(type) {
	case event.TokenOpened:
		g.openToken(r, e)
	case event.PINRefused:
		g.refusePIN(r, e)
		if r.How == event.Observed && (e.Outcome != event.PINCancelled || e.Person != "") {
			g.bad(r, "only the token can know that the PIN was not accepted")
		}
	case event.TokenClosed:
		g.closeToken(r, e)
	case event.TokenCensus:
		g.census(r, e)
	case event.TokenRestarted:
		g.needToken(r, e.Token)
		if e.Reason != event.ReasonFresh {
			g.bad(r, "the reason is %q, and not %q", e.Reason, event.ReasonFresh)
		}
		g.token(e.Token).restarted, g.token(e.Token).refused = r.Seq, false
	}
	g.takesOver(r)
}

// takesOver demands that a new process, which takes over to find keys again, does that next.
func (g *grammar) takesOver(r *event.Record) {
	after := g.fresh
	switch e := r.Event.(type) {
	case event.TokenRestarted:
		g.fresh = e.Token
	case event.SessionStarted, event.KeyProved:
		g.fresh = ""
		return
	case event.OperationIntended:
		g.fresh = ""
		if e.What == event.WhatFind && e.Token == after {
			return
		}
	case event.StepFinished:
		if e.Outcome != event.StepDone {
			return
		}
	default:
		return
	}
	if after != "" {
		g.bad(r, "another process took over token %q to find its keys again, and does not", after)
	}
}

// refusePIN follows a login that was not accepted while its token is open: that of a new
// process, or the one that a key wants before a signature. A call in which one is refused
// fails.
func (g *grammar) refusePIN(r *event.Record, e event.PINRefused) {
	if e.Person != "" {
		g.inRoom(r, e.Person)
	}
	intent, called := g.operations.called(e.Token)
	if !called {
		g.token(e.Token).refused = g.token(e.Token).open
		return
	}
	g.operations.refused[intent.Operation] = true
	if k := intent.Key; intent.What == event.WhatSign && k != nil && reads(g.operations.keys[k.SPKISHA256], "CKA_ALWAYS_AUTHENTICATE", "false") {
		g.bad(r, "key %q wants no login before a signature, as the module says of it", k.Label)
	}
}

func (g *grammar) openToken(r *event.Record, e event.TokenOpened) {
	if g.token(e.Token).restarted > 0 {
		g.bad(r, "token %q was opened before in this session", e.Token)
	}
	if e.Software && !g.opened.SoftwareTokens {
		g.bad(r, "token %q is a software token, but ceremony.opened says that there is none", e.Token)
	}
	if g.root {
		g.bad(r, "token %q was opened as root, but no deviation before it says who accepted that", e.Token)
	}
	if was, before := g.devices[e.Token]; before && e.Elsewhere(was) {
		g.moveToken(r, e, was)
	}
	g.devices[e.Token] = e
	g.tokens[e.Token] = &tokenState{open: true, restarted: r.Seq}
	delete(g.unclosed, e.Token)
}

// moveToken takes over that a token is another device: nothing is known of its objects,
// and no key was proved there.
func (g *grammar) moveToken(r *event.Record, e, was event.TokenOpened) {
	if e.Software && !was.Software {
		g.bad(r, "token %q was hardware before, and is a software token", e.Token)
	}
	delete(g.held, e.Token)
	g.moved[e.Token] = g.session
	for spki := range g.operations.proved {
		if g.operations.on[spki] == e.Token {
			delete(g.operations.proved, spki)
		}
	}
}

func (g *grammar) closeToken(r *event.Record, e event.TokenClosed) {
	g.needToken(r, e.Token)
	t := g.token(e.Token)
	t.open = false
	t.refused = false
	if e.Error != "" && g.unclosed[e.Token] != e.Error {
		g.bad(r, "token %q was not closed properly, but no deviation before it says so", e.Token)
	}
	if e.Error == "" && g.unclosed[e.Token] != "" {
		g.bad(r, "a deviation says that token %q was not closed properly", e.Token)
	}
	if t.last != event.CensusPause && t.last != event.CensusClosing {
		g.uncounted = append(g.uncounted, uncounted{r, e.Token})
	}
}

// uncounted is a token that was closed without a census. Only who abandons a
// ceremony may do without one.
type uncounted struct {
	*event.Record
	token string
}

// census compares the objects of a token with those before, and what changed since. Other
// objects than the keys of the ceremony may come and go: that is only said.
func (g *grammar) census(r *event.Record, e event.TokenCensus) {
	g.needToken(r, e.Token)
	t := g.token(e.Token)
	if first := e.When == event.CensusOpened; first == t.counted {
		g.bad(r, "it counts the objects of token %q as %q, but they were counted since it was opened: %t", e.Token, e.When, t.counted)
	}
	if t.counted && (t.last == event.CensusPause || t.last == event.CensusClosing) {
		g.bad(r, "the objects of token %q were counted already before it is closed", e.Token)
	}
	objects := sortedObjects(e.Objects)
	was, known := g.held[e.Token]
	switch {
	case !known || t.vague || slices.Equal(objects, was):
	case t.counted && !slices.Equal(g.ours(objects), g.ours(was)):
		g.bad(r, "the keys on token %q are not those of the census before with what changed since", e.Token)
	default:
		g.notices = append(g.notices, fmt.Sprintf("%s: the objects on token %q are not those of the census before with what changed since", lineName(r.Seq), e.Token))
	}
	g.held[e.Token] = objects
	t.counted, t.last, t.vague = true, e.When, false
}

// ours gives the objects that have the id of a key of the ceremony.
func (g *grammar) ours(objects []event.Object) []event.Object {
	return slices.DeleteFunc(slices.Clone(objects), func(o event.Object) bool {
		for _, k := range g.operations.keys {
			if k.ID == o.ID {
				return false
			}
		}
		return true
	})
}

// changed takes over what a call changed on a token; vague says that nobody knows.
func (g *grammar) changed(r *event.Record, token, what string, c *event.CensusChange, vague bool) {
	t := g.token(token)
	t.vague = t.vague || vague
	if what == event.WhatGenerate || what == event.WhatDestroy {
		t.last = ""
	}
	if c == nil {
		return
	}
	objects, missing := c.On(g.held[token])
	for range missing {
		g.bad(r, "it removed an object from token %q that was not there", token)
	}
	g.held[token] = sortedObjects(objects)
}

func sortedObjects(objects []event.Object) []event.Object {
	objects = slices.Clone(objects)
	slices.SortFunc(objects, event.Object.Compare)
	return objects
}

func (g *grammar) needToken(r *event.Record, name string) {
	if !g.token(name).open {
		g.bad(r, "token %q is not open", name)
	}
}

// provedAs checks what is said of the process and the key that a proof is about.
func (g *grammar) provedAs(r *event.Record, e event.KeyProved) {
	k := g.operations.keys[e.SPKISHA256]
	if e.ID != k.ID {
		g.bad(r, "the id of key %q is %s, and not %s", e.Key, k.ID, e.ID)
	}
	if e.Fresh && g.token(e.Token).restarted < g.operations.at[e.SPKISHA256] {
		g.bad(r, "the process that found key %q made it, or no process of token %q did", e.Key, e.Token)
	}
	if o := &g.operations; e.Operation != 0 && o.sessions[e.Operation] == r.Session && o.found[e.SPKISHA256] < g.token(e.Token).restarted {
		g.bad(r, "another process took over token %q after key %q was found for this proof", e.Token, e.Key)
	}
	if found := e.How == event.ProvedFound; found != (e.Operation == 0) {
		g.bad(r, "proved as %q by operation %d", e.How, e.Operation)
	}
	if e.Operation != 0 && g.operations.sessions[e.Operation] < g.moved[e.Token] {
		g.bad(r, "token %q is another device since it signed in operation %d", e.Token, e.Operation)
	}
	g.needToken(r, e.Token)
}

// countedAs checks that the tokens that were closed in a session were counted for the
// reason that it ends. An abandoned ceremony may do without.
func (g *grammar) countedAs(r *event.Record, when string) {
	for name, t := range g.tokens {
		without := g.abandoned && t.last == event.CensusOpened
		if !t.open && !without && t.last != "" && t.last != when {
			g.bad(r, "the objects of token %q were last counted as %q, want %q", name, t.last, when)
		}
	}
}
