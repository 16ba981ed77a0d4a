// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"strings"
	"time"

	"rootceremony/profiles"
	"rootceremony/transcripts"
)

// scriptCard shows an object as the plan alone knows it: whatever follows from
// keys, serial numbers and the moment of signing is not on paper.
func (p *Preview) scriptCard(a *Artifact) *transcripts.ScriptCard {
	c := &transcripts.ScriptCard{Artifact: a.ID, What: whatIs(a), SignBefore: stamp(signBefore(a, p.Plan.Ceremony.Window))}
	add := func(label, value string) { c.Facts = append(c.Facts, transcripts.Labelled{Label: label, Value: value}) }
	switch {
	case a.Certificate != nil:
		c.Root = a.Certificate.Kind == profiles.RootCA
		add("Subject", nameText(a.Certificate.Subject))
		add("Issuer", p.issuerName(a))
		add("Key", p.keyLine(a))
		c.Facts = append(c.Facts, p.validity(a.Certificate.Validity)...)
		add("Profile", a.Certificate.Profile)
	case a.RevocationList != nil:
		l := a.RevocationList
		add("Issuer", p.issuerName(a))
		add("Number", l.Number)
		c.Facts = append(c.Facts, p.validity(profiles.Validity{NotBefore: l.ThisUpdate, NotAfter: l.NextUpdate})...)
		add("Entries", entriesLine(l))
		add("Profile", l.Profile)
	case a.Response != nil:
		_, subject := reference(a.Subject)
		add("Status", subject+" is "+a.Response.Status)
		c.Facts = append(c.Facts, p.validity(profiles.Validity{NotBefore: a.Response.ThisUpdate, NotAfter: a.Response.NextUpdate})...)
		add("Responder", a.Responder)
		add("Profile", a.Response.Profile)
	case a.CertRequest != nil:
		add("Subject", nameText(a.CertRequest.Subject))
		add("Key", p.keyLine(a))
		add("Profile", a.CertRequest.Profile)
	}
	_, signer := reference(a.IssuerKey)
	add("Signature", string(a.signature())+" by key "+signer)
	for _, e := range extensions(a) {
		c.Extensions = append(c.Extensions, extensionLine(e))
	}
	return c
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

// validity shows both ends of a validity and its length, for a signature at the
// beginning of the window and at its end, or once where both are the same.
func (p *Preview) validity(v profiles.Validity) []transcripts.Labelled {
	win := p.Plan.Ceremony.Window
	var out []transcripts.Labelled
	for i, at := range []time.Time{win.From, win.To} {
		from, to, err := v.At(at)
		if err != nil {
			return []transcripts.Labelled{{Label: "Validity", Value: err.Error()}}
		}
		ends, length, _ := strings.Cut(validityLine(from, to), ", ")
		if i > 0 && out[0].Value == ends {
			break
		}
		if v.NotBefore == profiles.SigningDay || v.NotBefore == profiles.SigningTime {
			length += ", if signed " + signedAt(v.NotBefore, at)
		}
		out = append(out, transcripts.Labelled{Label: []string{"Validity", ""}[i], Value: ends, Note: length})
	}
	return out
}

// signedAt names the moment of a signature as exactly as the validity follows
// from it.
func signedAt(m profiles.Moment, at time.Time) string {
	if m == profiles.SigningDay {
		return "on " + at.UTC().Format(time.DateOnly)
	}
	return "at " + stamp(at)
}
