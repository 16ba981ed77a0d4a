// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"strings"
	"time"

	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/transcripts"
)

// scriptCard puts a card on paper.
func (p *Preview) scriptCard(a *Artifact) *transcripts.ScriptCard {
	facts := p.facts(a)
	if room := lint.UntilSigned(a.Kind()); len(room) > 0 {
		facts = append(facts, transcripts.Labelled{Label: "Checked in the room", Value: strings.Join(room, ", "), Note: "by the real signature"})
	}
	return &transcripts.ScriptCard{
		Artifact: a.ID, What: WhatIs(a), Root: a.Kind() == profiles.RootCA,
		SignBefore: Stamp(signBefore(a, p.Plan.Ceremony.Window)), Facts: facts, Extensions: extensionLines(a),
	}
}

// issuerName gives the name of the signer of an artifact, which the plan knows
// before anything is signed.
func (p *Preview) issuerName(a *Artifact) string {
	if a.Issuer.IsSelf() {
		return NameText(a.Certificate().Subject)
	}
	id := a.Issuer.ID()
	if a.Issuer.IsInput() {
		return p.Inputs[id].Cert().Subject.String()
	}
	return NameText(p.Plan.Artifact(id).Certificate().Subject)
}

// signedAt names the moment of a signature as exactly as the validity follows
// from it.
func signedAt(m profiles.Moment, at time.Time) string {
	if m == profiles.SigningDay {
		return "on " + at.UTC().Format(time.DateOnly)
	}
	return "at " + Stamp(at)
}
