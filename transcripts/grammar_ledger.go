// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"slices"

	"rootceremony/transcripts/event"
)

// signatureState is a signature that was intended, and the attempt at an artifact
// that it was for.
type signatureState struct {
	event.OperationIntended
	attempt *artifactState // nil where it makes no artifact
}

// signatureOf notes a signature that is intended.
func (g *grammar) signatureOf(e event.OperationIntended) {
	s := &signatureState{OperationIntended: e}
	if e.Artifact != "" {
		s.attempt = g.artifact(e.Artifact)
	}
	g.signatures = append(g.signatures, s)
}

// closeLedger compares what became of the signatures with what the last word counts. In a
// complete ceremony each has an owner, and each key that was made has a use or an
// end.
func (g *grammar) closeLedger(r *event.Record, e event.CeremonyClosed) {
	counts := map[string]int{}
	for _, s := range g.signatures {
		standing := g.standing(s)
		counts[standing]++
		if standing == event.SignatureOpen && e.Outcome == event.OutcomeComplete {
			g.bad(r, "outcome complete, but nothing accounts for the signature of operation %d", s.Operation)
		}
	}
	for _, standing := range event.SignatureStandings {
		if e.Signatures[standing] != counts[standing] {
			g.bad(r, "%d signatures %q, but the journal has %d", e.Signatures[standing], standing, counts[standing])
		}
	}
	for _, spki := range g.operations.made {
		if e.Outcome == event.OutcomeComplete && !g.used(spki) {
			g.bad(r, "outcome complete, but the key %s was neither proved, certified, destroyed nor parked", spki)
		}
	}
}

// standing says what became of a signature; nothing where none can exist.
func (g *grammar) standing(s *signatureState) string {
	o := &g.operations
	_, finished := o.finished[s.Operation]
	failed, hasFailed := o.failed[s.Operation]
	switch {
	case hasFailed && failed.Effect == event.EffectNone:
		return ""
	case hasFailed && failed.Signature != "":
		return event.SignatureInvalid
	case s.attempt != nil:
		return s.attempt.standing(s)
	case s.Purpose == event.PurposeStandIn && finished:
		return event.SignatureStandIn
	case s.Purpose != event.PurposeProof || s.Key == nil:
		return event.SignatureOpen
	}
	switch spki := s.Key.SPKISHA256; {
	case slices.Contains(o.given, spki):
		return event.SignatureSettled
	case o.proofs[s.Operation]:
		return event.SignatureProof
	case slices.ContainsFunc(g.signatures, func(other *signatureState) bool { return o.proofs[other.Operation] && other.over(s) }):
		return event.SignatureRepeated
	case g.gone(spki):
		return event.SignatureSettled
	}
	return event.SignatureOpen
}

// over reports whether two signatures are by one key over the same bytes.
func (s *signatureState) over(other *signatureState) bool {
	return s.TBSSHA256 == other.TBSSHA256 && s.Key != nil && other.Key != nil && s.Key.SPKISHA256 == other.Key.SPKISHA256
}

// standing says what became of a signature for an artifact.
func (s *artifactState) standing(c *signatureState) string {
	switch {
	case s.settled:
		return event.SignatureSettled
	case s.last == nil || len(s.encodings) < 2 || s.lacks() != "":
		return event.SignatureOpen
	case s.last.Operation == c.Operation:
		return event.SignatureDelivered
	case s.last.over(c):
		return event.SignatureRepeated
	}
	return event.SignatureOpen
}

// gone reports whether an operation destroyed a key.
func (g *grammar) gone(spki string) bool {
	for n, intent := range g.operations.intents {
		_, finished := g.operations.finished[n]
		if finished && intent.What == event.WhatDestroy && intent.Key != nil && intent.Key.SPKISHA256 == spki {
			return true
		}
	}
	return false
}

// used reports whether a key that was made has a use or an end.
func (g *grammar) used(spki string) bool {
	counts := func(s *signatureState) bool {
		return s.Purpose == event.PurposeStandIn && s.Key != nil && s.Key.SPKISHA256 == spki
	}
	return g.operations.proved[spki] || g.certified[spki] || slices.Contains(g.operations.given, spki) || g.gone(spki) || slices.ContainsFunc(g.signatures, counts)
}
