// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package history

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"rootceremony/transcripts/event"
)

// Signature is an entry of the ledger: a signature that a key made, or may have
// made. It counts as issued until something else is shown.
type Signature struct {
	*Operation
	Standing  string                          // one of the constants event.Signature*
	Key       string                          // of a proof: the key of the plan that it proves
	Deviation *Entry[event.DeviationRecorded] // by which people settled it
	Lacks     string                          // why nobody owns it; empty where somebody does
	Due       []Due
}

// What says what was signed.
func (s *Signature) What() string {
	if s.Artifact != nil {
		return s.Artifact.Name()
	}
	return s.Intended.Event.PurposeText()
}

// Time is since when the signature exists, or may: its result, or, where there is
// none, its intent.
func (s *Signature) Time() time.Time { return s.last().Time }

// Line is that of its result; of the intent where there is none.
func (s *Signature) Line() int { return s.last().Seq }

// Made says whether the token gave a signature; otherwise its outcome is unknown.
func (s *Signature) Made() bool { return s.Finished != nil || s.invalid() }

// Owner says who answers for the signature: an artifact or a key with its step, or
// the deviation that settled it. It is empty where nobody does.
func (s *Signature) Owner() string {
	switch {
	case s.Lacks != "":
		return ""
	case s.Deviation != nil:
		return fmt.Sprintf("deviation in line %d, decided by %s", s.Deviation.Seq, strings.Join(s.Deviation.Event.DecidedBy, ", "))
	case s.Artifact != nil:
		return fmt.Sprintf("artifact %s of step %s", s.Artifact.Name(), s.Intended.Step)
	case s.Key != "":
		return fmt.Sprintf("key %s of step %s", s.Key, s.Intended.Step)
	}
	return "step " + s.Intended.Step
}

// String names an entry that nobody owns, and what it lacks.
func (s *Signature) String() string {
	return fmt.Sprintf("the signature of operation %d (%s, line %d) has no owner: %s", s.Number, s.What(), s.Line(), s.Lacks)
}

// Ledger lists every signature that was made in the ceremony or may have been, in
// the order in which they were intended.
func (h *History) Ledger() []Signature {
	same := map[signedBytes]*Operation{} // the last signature over the same bytes
	for _, o := range h.Operations {
		if o.Finished != nil && o.Intended.Event.What == event.WhatSign {
			same[o.bytes()] = o
		}
	}
	proved := map[int]string{}
	for _, p := range h.Proofs {
		proved[p.Event.Operation] = p.Event.Key
	}
	var ledger []Signature
	for _, o := range h.Operations {
		if o.maySign() {
			ledger = append(ledger, h.entry(o, same[o.bytes()], proved))
		}
	}
	return ledger
}

// Unowned lists the entries of the ledger that nobody owns.
func (h *History) Unowned() []Signature {
	return slices.DeleteFunc(h.Ledger(), func(s Signature) bool { return s.Lacks == "" })
}

// Standings counts the entries of the ledger by what became of them.
func (h *History) Standings() map[string]int {
	n := map[string]int{}
	for _, s := range h.Ledger() {
		n[s.Standing]++
	}
	return n
}

// signedBytes are those that one key signs for one purpose.
type signedBytes struct {
	artifact *Artifact
	spki     string
	sha256   string
}

func (o *Operation) bytes() signedBytes {
	return signedBytes{o.Artifact, o.SPKI(), o.Intended.Event.TBSSHA256}
}

// maySign reports whether a signature exists by this call, or may.
func (o *Operation) maySign() bool {
	return o.Intended.Event.What == event.WhatSign && (o.Failed == nil || o.Failed.Event.Effect != event.EffectNone)
}

// invalid reports whether the token gave a signature that does not verify.
func (o *Operation) invalid() bool { return o.Failed != nil && o.Failed.Event.Signature != "" }

// entry says what became of a signature. again is the last one over the same bytes, or
// nil.
func (h *History) entry(o, again *Operation, proved map[int]string) Signature {
	s := Signature{Operation: o, Standing: event.SignatureOpen}
	switch purpose := o.Intended.Event.Purpose; {
	case o.invalid():
		s.Standing = event.SignatureInvalid
	case o.Artifact != nil:
		h.ofArtifact(&s, again)
	case purpose == event.PurposeProof:
		s.ofProof(h.index.keys[o.SPKI()], again, proved)
	case purpose == event.PurposeStandIn && o.Finished != nil:
		s.Standing = event.SignatureStandIn
	default:
		s.Lacks = unknownOutcome
	}
	return s
}

func (h *History) ofArtifact(s *Signature, again *Operation) {
	a := s.Artifact
	switch {
	case a.Settled != nil:
		s.Standing, s.Deviation = event.SignatureSettled, a.Settled
	case a.Lacks() != "":
		s.Lacks = a.Lacks()
	case a.Signed == s.Operation:
		s.Standing = event.SignatureDelivered
		return
	case a.Signed == again:
		s.Standing = event.SignatureRepeated
		return
	default:
		s.Lacks = "other bytes were signed for " + a.Name() + ", and its step was not repeated"
	}
	s.Due = h.dueOfCertificate(s)
}

func (s *Signature) ofProof(k *Key, again *Operation, proved map[int]string) {
	s.Key = s.Intended.Event.For
	switch {
	case k != nil && k.Settled != nil:
		s.Standing, s.Deviation, s.Due = event.SignatureSettled, k.Settled, []Due{k.due()}
	case proved[s.Number] != "":
		s.Standing = event.SignatureProof
	case again != nil && proved[again.Number] != "":
		s.Standing = event.SignatureRepeated
	case k != nil && k.Destroyed > 0:
		s.Standing, s.Due = event.SignatureSettled, []Due{k.due()}
	case s.Finished == nil:
		s.Lacks = unknownOutcome
	default:
		s.Lacks = "no event records that it proves key " + s.Key
	}
}

// Orphan says why a key that this ceremony made has no use and no end, or nothing:
// it was neither proved nor certified, and nobody had it destroyed or parked.
func (h *History) Orphan(k *Key) string {
	certified := func(a *Artifact) bool { return a.Summary().SPKISHA256 == k.SPKISHA256 }
	counts := func(o *Operation) bool {
		return o.Intended.Event.Purpose == event.PurposeStandIn && o.SPKI() == k.SPKISHA256
	}
	if !k.Generated || k.Destroyed > 0 || k.Settled != nil || len(k.Proved) > 0 || slices.ContainsFunc(h.Artifacts, certified) || slices.ContainsFunc(h.Operations, counts) {
		return ""
	}
	return fmt.Sprintf("key %s (SHA-256 of its public key %s) was generated in line %d, but neither proved, certified, destroyed nor parked",
		cmp.Or(k.Label, k.ID), k.SPKISHA256, k.First.Seq)
}

// Orphans says of each orphan key what it lacks.
func (h *History) Orphans() []string {
	var orphans []string
	for _, k := range h.Keys {
		if why := h.Orphan(k); why != "" {
			orphans = append(orphans, why)
		}
	}
	return orphans
}
