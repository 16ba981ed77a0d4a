// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"encoding/base64"
	"math/big"

	"rootceremony/ceremony/plan"
	"rootceremony/templates"
	"rootceremony/transcripts/event"
)

// serial checks that a serial number is what the token's random bytes give.
func (re *Verifier) serial(seq int, e event.SerialDrawn) *big.Int {
	a := re.at(seq).Plan.Artifact(e.Artifact)
	if a == nil || a.Certificate() == nil {
		re.Verdict.problem(line(seq), "a serial number for %q, which is not a certificate of the plan", e.Artifact)
		return nil
	}
	want, err := templates.SerialNumber(re.random(e.Operation), a.Certificate().SerialOctets)
	if err != nil || plan.BigHex(want) != e.Serial {
		re.Verdict.problem(line(seq), "serial number %s of %s does not match the random bytes of operation %d", e.Serial, e.Artifact, e.Operation)
		return nil
	}
	if octets := a.Certificate().SerialOctets; e.RandomBits != RandomBits(octets) {
		re.Verdict.problem(line(seq), "serial number of %s: %d random bits, but %d octets have %d", e.Artifact, e.RandomBits, octets, RandomBits(octets))
	}
	return want
}

// RandomBits counts the random bits of a serial number of that many octets: it is
// positive, so its first bit is not random.
func RandomBits(octets int) int { return octets*8 - 1 }

// random gives the bytes that a token drew; none where it drew none.
func (re *Verifier) random(operation int) []byte {
	o := re.Verdict.History.Operation(operation)
	if o == nil || o.Finished == nil || o.Finished.Event.What != event.WhatRandom {
		return nil
	}
	b, err := base64.StdEncoding.DecodeString(o.Finished.Event.Random)
	if err != nil {
		return nil
	}
	return b
}
