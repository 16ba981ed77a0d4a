// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package history

import (
	"cmp"

	"rootceremony/transcripts/event"
)

// Operation is one call of a token, from its intention to its end.
type Operation struct {
	Number    int
	Intended  Entry[event.OperationIntended]  // without a line where nothing announced the call
	Finished  *Entry[event.OperationFinished] // nil where it failed, or has no end
	Failed    *Entry[event.OperationFailed]   // nil where it finished, or has no end
	Confirmed *event.Record                   // of a signature: the last confirmation of its bytes before it
	Serial    *Entry[event.SerialDrawn]       // of a signature: the last serial number drawn before it
	Artifact  *Artifact                       // of a signature that makes one: the attempt
}

// Open reports whether nothing is known of how a call ended.
func (o *Operation) Open() bool { return o.Finished == nil && o.Failed == nil }

// last is the line of the result of the call; of its intent where there is none.
func (o *Operation) last() event.Record {
	switch {
	case o.Finished != nil:
		return o.Finished.Record
	case o.Failed != nil:
		return o.Failed.Record
	}
	return o.Intended.Record
}

// SignsArtifact reports whether the call signs an artifact of the plan.
func (o *Operation) SignsArtifact() bool {
	return o.Intended.Event.What == event.WhatSign && o.Intended.Event.Artifact != ""
}

// unknown reports whether the call signs an artifact and failed so that nobody
// knows whether a signature exists.
func (o *Operation) unknown() bool {
	return o.SignsArtifact() && o.Failed != nil && o.Failed.Event.Effect == event.EffectUnknown
}

// SPKI is the SHA-256 of the public key that the call was to use.
func (o *Operation) SPKI() string {
	if o.Intended.Event.Key == nil {
		return ""
	}
	return o.Intended.Event.Key.SPKISHA256
}

// Operation gives a call by its number, or nil.
func (h *History) Operation(number int) *Operation { return h.index.operations[number] }

// LastOperation is the number of the last call that was intended.
func (h *History) LastOperation() int {
	if len(h.Operations) == 0 {
		return 0
	}
	return h.Operations[len(h.Operations)-1].Number
}

// Open lists the calls without an end.
func (h *History) Open() []*Operation {
	var open []*Operation
	for _, o := range h.Operations {
		if o.Open() {
			open = append(open, o)
		}
	}
	return open
}

// Finished counts the calls that finished, by what they do.
func (h *History) Finished() map[string]int {
	n := map[string]int{}
	for _, o := range h.Ended {
		if o.Finished != nil {
			n[o.Finished.Event.What]++
		}
	}
	return n
}

// Failed counts the calls that failed.
func (h *History) Failed() int {
	n := 0
	for _, o := range h.Ended {
		if o.Failed != nil {
			n++
		}
	}
	return n
}

// Mistyped counts the PINs that a token did not take: people mistype, and nothing failed.
func (h *History) Mistyped() (n int) {
	for _, p := range h.Passages {
		for _, r := range p.Records {
			if e, is := r.Event.(event.PINRefused); is && e.Outcome == event.PINWrong {
				n++
			}
		}
	}
	return n
}

// Failures counts all that did not work: calls that failed, logins that were cancelled or
// met a locked PIN, and steps that failed without any of them.
func (h *History) Failures() int {
	n := h.Failed()
	for _, p := range h.Passages {
		said := false
		for _, r := range p.Records {
			switch e := r.Event.(type) {
			case event.PINRefused:
				if e.Outcome != event.PINWrong {
					n++
				}
				said = true
			case event.OperationFailed:
				said = true
			}
		}
		if p.Step != nil && p.Step.Outcome() == event.StepFailed && !said {
			n++
		}
	}
	return n
}

// addOperation follows the calls, and what they show of keys.
func (h *History) addOperation(r event.Record) {
	switch e := r.Event.(type) {
	case event.OperationIntended:
		o := &Operation{Number: e.Operation, Intended: Entry[event.OperationIntended]{r, e}}
		h.Operations = append(h.Operations, o)
		h.index.operations[e.Operation] = o
		if e.What == event.WhatSign {
			o.Confirmed = h.index.confirmed[event.Confirmed{Artifact: e.Artifact, TBSSHA256: e.TBSSHA256}]
			o.Serial = h.index.serials[e.Artifact]
		}
		if o.SignsArtifact() {
			o.Artifact = h.artifact(e.Artifact)
		}
	case event.OperationFinished:
		o := h.end(e.Operation)
		o.Finished = &Entry[event.OperationFinished]{r, e}
		h.finish(o, e)
	case event.OperationFailed:
		o := h.end(e.Operation)
		o.Failed = &Entry[event.OperationFailed]{r, e}
		if o.unknown() {
			o.Artifact.Possible, o.Artifact.Last = o, o
		}
	case event.KeyProved:
		p := Entry[event.KeyProved]{r, e}
		h.Proofs = append(h.Proofs, p)
		if k := h.index.keys[e.SPKISHA256]; k != nil {
			k.Proved = append(k.Proved, e)
		}
	}
}

// end gives the call that came to an end. One that nothing announced replaces
// itself.
func (h *History) end(number int) *Operation {
	o := h.index.operations[number]
	if o == nil {
		o = &Operation{Number: number}
	}
	h.Ended = append(h.Ended, o)
	return o
}

// finish notes what a call gave.
func (h *History) finish(o *Operation, e event.OperationFinished) {
	used := h.index.keys[o.SPKI()]
	switch e.What {
	case event.WhatGenerate, event.WhatFind:
		h.read(o, e)
	case event.WhatSign:
		if used != nil {
			used.Signed++
		}
		if o.Artifact != nil {
			o.Artifact.Signed, o.Artifact.Last, o.Artifact.Possible = o, o, nil
		}
	case event.WhatDestroy:
		if used != nil {
			used.Destroyed = o.Finished.Seq
		}
	}
}

// Key is a key pair that was made or found on a token.
type Key struct {
	event.Key // as it was first read, or was read when people had chosen it
	Token     string
	Generated bool                            // in this ceremony; else it was found
	Chosen    bool                            // people said which private key it is
	Destroyed int                             // line since which it is no more; 0 where it is there
	Parked    bool                            // it belongs to an attempt that was repeated
	ParkedIn  int                             // line that says so
	Settled   *Entry[event.DeviationRecorded] // by which people had the step of the key repeated
	First     event.Record
	Read      *Operation // that made or found it the last time
	Signed    int        // how often it signed
	Proved    []event.KeyProved
}

// Key gives a key by the SHA-256 of its public key, or nil.
func (h *History) Key(spki string) *Key { return h.index.keys[spki] }

// KeyNamed finds a key by its name in the plan, once it was proved, or by the SHA-256 of
// its public key; nil where there is none.
func (h *History) KeyNamed(name string) *Key {
	if proved := h.Proof(name); proved != "" {
		name = proved
	}
	return h.Key(name)
}

// Proof is the SHA-256 of the public key by which a key of the plan was last shown
// to be on its token.
func (h *History) Proof(key string) string {
	digest := ""
	for _, p := range h.Proofs {
		if p.Event.Key == key {
			digest = p.Event.SPKISHA256
		}
	}
	return digest
}

// read notes a key that was made or found.
func (h *History) read(o *Operation, e event.OperationFinished) {
	if e.Key == nil {
		return
	}
	k := h.index.keys[e.Key.SPKISHA256]
	if k == nil {
		k = &Key{Key: *e.Key, Token: e.Token, Generated: e.What == event.WhatGenerate, First: o.Finished.Record}
		if asked := o.Intended.Event.Key; asked != nil {
			k.Label, k.Algorithm = cmp.Or(k.Label, asked.Label), cmp.Or(k.Algorithm, asked.Algorithm)
		}
		h.Keys = append(h.Keys, k)
		h.index.keys[k.SPKISHA256] = k
	}
	if chosen := h.Chosen(k.SPKISHA256); chosen != nil && !k.Generated {
		k.Key, k.Chosen = *e.Key, true
	}
	k.Read = o
}
