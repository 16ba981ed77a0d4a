// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// keyChecker compares every signature with what the module last reported of its key: a
// key that departs from the template of its token signs only after people accepted
// just that.
type keyChecker struct {
	*Verifier
	departs map[*history.Operation][]string // by what last reported a key
}

func (re *Verifier) newKeyChecker() *keyChecker {
	return &keyChecker{Verifier: re, departs: map[*history.Operation][]string{}}
}

func (c *keyChecker) line(before *history.History, r event.Record) {
	switch e := r.Event.(type) {
	case event.OperationIntended:
		c.intended(before, r, e)
		c.signs(before, r, e)
	case event.OperationFinished:
		c.finished(before, r, e)
	case event.OperationFailed:
		c.failed(before, r, e)
	case event.KeyProved:
		c.proved(before, r, e)
	case event.DeviationRecorded:
		c.accepted(before, r, e)
	case event.TokenOpened:
		c.opened(before, r, e)
	case event.PINRefused:
		c.ofPlan(r, e.Token)
		c.asked(r, e)
	case event.ModuleOutput:
		c.ofPlan(r, e.Token)
	}
}

// signs checks that a key that departs from its template was accepted before it signs.
func (c *keyChecker) signs(before *history.History, r event.Record, e event.OperationIntended) {
	if e.What != event.WhatSign || e.Key == nil || c.Verdict.unread {
		return
	}
	k := before.Key(e.Key.SPKISHA256)
	if k == nil {
		return // the grammar of the journal refuses it
	}
	if d := c.departures(before, k.Read); len(d) > 0 && !before.Accepted(e.Key.SPKISHA256, d) {
		c.Verdict.problem(line(r.Seq), "key %q signed although nobody accepted its deviations: %s", e.Key.Label, strings.Join(d, "; "))
	}
}

// accepted checks that people accepted a key that is there and departs from its template, in
// just these ways, and once: whoever reads the verdict looks at such a key first.
func (c *keyChecker) accepted(before *history.History, r event.Record, e event.DeviationRecorded) {
	if e.KeySHA256 == "" || c.Verdict.unread {
		return
	}
	k := before.Key(e.KeySHA256)
	if k == nil || c.at(r.Seq).names.of(&k.Key) == "" || !slices.Equal(e.Departures, c.departures(before, k.Read)) {
		c.Verdict.problem(line(r.Seq), "a key is accepted as one that differs from what was requested, and no key of the plan was read before that does so")
	} else if before.Accepted(e.KeySHA256, e.Departures) {
		c.Verdict.problem(line(r.Seq), "key %q was accepted before as it is", k.Label)
	}
}

// NameOf says how the private key of a key that exists is called on its token: as people
// chose it, or as the site file says. Under a name with which it proved to be another key
// nobody looks for it again.
func NameOf(site *plan.Site, h *history.History, k *plan.Key) token.KeyName {
	if c := h.Chosen(k.SPKISHA256); c != nil {
		return token.KeyName{Label: c.Label, ID: c.ID, Facts: c.Facts}
	}
	if site == nil || h.Disproved(k.SPKISHA256) > 0 {
		return token.KeyName{}
	}
	return site.KeyName(k)
}

// departures derives from the recorded attributes of a key in which ways it is
// not what was asked for, once for each time that it was read.
func (c *keyChecker) departures(before *history.History, read *history.Operation) []string {
	d, known := c.departs[read]
	if !known {
		d = c.derive(before, read)
		c.departs[read] = d
	}
	return d
}

func (re *Verifier) derive(before *history.History, read *history.Operation) []string {
	e := read.Finished.Event
	template, err := re.Verdict.sites.TemplateOf(before, e.Token, e.Key.SPKISHA256, read.Finished.Seq)
	if err != nil {
		return []string{err.Error()}
	}
	made := true
	if k := re.at(read.Finished.Seq).key(e.Key); k != nil {
		made = k.Made(re.Builder.Rehearsal) && !before.Restored(e.Key.SPKISHA256)
	}
	return PairOf(e.Key).Departures(template, made)
}

// PairOf is a key pair as the record has it.
func PairOf(k *event.Key) *token.Pair {
	p := &token.Pair{Label: k.Label, Algorithm: algorithm.Key(k.Algorithm)}
	p.ID, _ = hex.DecodeString(k.ID)                    // the schema of the journal
	p.SPKI, _ = base64.StdEncoding.DecodeString(k.SPKI) // holds both
	if algorithm, err := algorithm.KeyOf(p.SPKI); err == nil {
		p.Algorithm = algorithm // what it is, not what it is called
	}
	for _, a := range k.Attributes {
		p.Attributes = append(p.Attributes, token.Attribute{Half: a.Half, Name: a.Name, State: token.State(a.State), Value: a.Value})
	}
	return p
}
