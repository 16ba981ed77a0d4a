// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"time"

	"rootceremony/profiles"
	"rootceremony/transcripts"
)

// scriptCard puts a card on paper.
func (p *Preview) scriptCard(a *Artifact) *transcripts.ScriptCard {
	return &transcripts.ScriptCard{
		Artifact: a.ID, What: whatIs(a), Root: a.Certificate != nil && a.Certificate.Kind == profiles.RootCA,
		SignBefore: stamp(signBefore(a, p.Plan.Ceremony.Window)), Facts: p.facts(a), Extensions: extensionLines(a),
	}
}

// issuerName gives the name of whoever signs an artifact, which the plan knows
// before anything is signed.
func (p *Preview) issuerName(a *Artifact) string {
	if a.Issuer == "self" {
		return nameText(a.Certificate.Subject)
	}
	kind, id := reference(a.Issuer)
	if kind == "input" {
		return p.inputs[id].cert.Subject.String()
	}
	return nameText(p.Plan.artifact(id).Certificate.Subject)
}

// signedAt names the moment of a signature as exactly as the validity follows
// from it.
func signedAt(m profiles.Moment, at time.Time) string {
	if m == profiles.SigningDay {
		return "on " + at.UTC().Format(time.DateOnly)
	}
	return "at " + stamp(at)
}
