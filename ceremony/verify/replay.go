// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// Replay is what was done of a plan: a history, with its keys by the names that the
// plan gives them. What an attempt made that is repeated is no part of it.
type Replay struct {
	*history.History
	Keys       map[string]event.Key // by key id: generated or adopted
	LeftBehind map[string]event.Key // by key id: a call failed after it made the key
	Proved     map[string]bool      // key ids
	Proofs     map[string]int       // operation that signed the proof of a key, by key id
	// Doubtful are the calls that were to sign the proof of a key, by key id, and of
	// which it is not known what they signed; no later call made the proof.
	Doubtful map[string]*history.Operation
}

// Replay reads from the journal what was done so far.
func (re *Verifier) Replay() *Replay { return NewReplay(re.Builder.Plan, re.Verdict.History) }

// NewReplay names the keys of a history after those of a plan.
func NewReplay(p *plan.Plan, h *history.History) *Replay {
	re := &Replay{History: h, Keys: map[string]event.Key{}, LeftBehind: map[string]event.Key{}, Proved: map[string]bool{}, Proofs: map[string]int{}, Doubtful: map[string]*history.Operation{}}
	names := namesOf(p, h)
	for _, o := range h.Ended {
		switch {
		case o.Finished != nil:
			re.finished(o, names)
		case o.Intended.Event.Purpose == event.PurposeProof && o.Failed.Event.Effect != event.EffectNone:
			if id := o.Intended.Event.For; !names.redone(id, o.Failed.Seq) {
				re.Doubtful[id] = o
			}
		case o.Failed.Event.What == event.WhatGenerate && o.Failed.Event.Key != nil:
			k := *o.Failed.Event.Key
			if id := names.of(&k); id != "" && !names.redone(id, o.Failed.Seq) {
				re.LeftBehind[id] = k
			}
		}
	}
	for _, proof := range h.Proofs {
		re.Proved[proof.Event.Key] = !names.redone(proof.Event.Key, proof.Seq) && proof.Seq > h.MovedAt(proof.Event.Token)
	}
	return re
}

// finished notes a key that a token gave, or the proof of one.
func (p *Replay) finished(o *history.Operation, names names) {
	in, e := o.Intended.Event, o.Finished.Event
	switch e.What {
	case event.WhatGenerate, event.WhatFind:
		id := names.of(e.Key)
		if id == "" || names.redone(id, o.Finished.Seq) {
			return
		}
		p.Keys[id] = *e.Key
	case event.WhatDestroy:
		for id, k := range p.Keys {
			if k.SPKISHA256 == o.SPKI() {
				delete(p.Keys, id)
				delete(p.Doubtful, id)
			}
		}
	case event.WhatSign:
		if in.Purpose == event.PurposeProof && !names.redone(in.For, o.Finished.Seq) && o.Finished.Seq > p.MovedAt(in.Token) {
			p.Proofs[in.For] = e.Operation
			delete(p.Doubtful, in.For)
		}
	}
}

// Done reports whether a step is done, and not to be repeated.
func (p *Replay) Done(step string) bool { return p.DoneAt(step) > 0 }

// names are what a plan calls the keys of a history.
type names struct {
	plan   *plan.Plan
	labels map[string]string // key id by label on a token
	redo   map[string]int    // by key id: line since which the step of the key is repeated
}

func namesOf(p *plan.Plan, h *history.History) names {
	n := names{plan: p, labels: map[string]string{}, redo: map[string]int{}}
	for _, k := range p.Keys {
		for _, rehearsal := range []bool{false, true} {
			for attempt := range 2 + h.TimesRedone(p.GeneratingStep(&k)) {
				n.labels[k.Label(rehearsal, attempt)] = k.ID
			}
		}
	}
	for _, st := range p.Steps {
		for _, k := range st.Keys {
			n.redo[k] = max(n.redo[k], h.RedoneAt(st.ID))
		}
	}
	return n
}

// redone reports whether a line is about a key of an attempt that was repeated.
func (n names) redone(key string, line int) bool { return line < n.redo[key] }

// of names the key of the plan that a token found or made: by its label, or by its
// public key where it existed before and may have any label.
func (n names) of(k *event.Key) string {
	if k == nil {
		return ""
	}
	known := plan.Find(n.plan.Keys, func(p *plan.Key) bool { return k.SPKISHA256 != "" && p.SPKISHA256 == k.SPKISHA256 })
	if known != nil {
		return known.ID
	}
	return n.labels[k.Label]
}
