// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"slices"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
)

// context gathers what the rules may have to know about an artifact: its
// issuer, what came before it, and everything else in the ceremony.
func (w *Builder) context(a *Artifact, signing time.Time) lint.Context {
	ctx := lint.Context{Signing: signing, Specimen: w.amongSpecimens(a), OtherURLs: map[string]lint.URLs{},
		Authorities: w.organizations(), Siblings: w.siblings(a)}
	ctx.IssuerKey, _ = w.spki(a.IssuerKey)
	if !a.Issuer.IsSelf() {
		ctx.Issuer = w.Certificate(a.Issuer)
		if by, err := w.issuer(a.Issuer); err == nil {
			ctx.IssuerKeyID = by.KeyID
		}
		if real := w.inputCert(a.Issuer); real != nil && real != ctx.Issuer {
			ctx.IssuerOfRecord = real
		}
	}
	for _, auth := range w.Plan.Authorities {
		urls := lint.URLs(auth.URLs)
		if auth.ID == a.Authority {
			ctx.IssuerURLs = &urls
		} else {
			ctx.OtherURLs[auth.ID] = urls
		}
	}
	if a.Submission != "" {
		ctx.Submission, _ = time.Parse(time.DateOnly, a.Submission) // the loader wrote it
	}
	if !a.Existing.IsZero() {
		ctx.Existing = w.existing(a)
		if w.isSpecimen(a.Existing) {
			ctx.ExistingSpecimen = w.Plan.Artifact(a.Existing.ID()).Certificate()
		}
	}
	if !a.Request.IsZero() {
		ctx.Request = w.Inputs[a.Request.ID()].req()
	}
	if k := w.Plan.Key(a.SubjectKey.ID()); a.SubjectKey.isKey() && k != nil {
		ctx.Affiliate = k.affiliate()
		if k.Source == KeyGenerated {
			ctx.KeyGenerated = signing // made in this ceremony
		}
	}
	ctx.Earlier = w.earlier(a, w.caOfRecord(a))
	if more := rowOf(a.Kind()).context; more != nil {
		more(w, a, &ctx)
	}
	return ctx
}

// caOfRecord gives the certificate of the CA that signs, as it was read where it is
// an input.
func (w *Builder) caOfRecord(a *Artifact) *inspect.Certificate {
	if c := w.inputCert(a.Issuer); c != nil {
		return c
	}
	return w.Certificate(a.Issuer)
}

// amongSpecimens reports whether certificates around an artifact have no signature
// yet, as in planning.
func (w *Builder) amongSpecimens(a *Artifact) bool {
	return slices.ContainsFunc(w.beside(a), func(n neighbour) bool { return n.made.Specimen && n.made.Cert() != nil })
}

// crlContext adds what CRLs are linted against.
func (w *Builder) crlContext(a *Artifact, ctx *lint.Context) {
	signing := ctx.Signing
	ctx.First, ctx.Revoked = a.First, w.revoked(a)
	for _, n := range w.beside(a) {
		if r := inspect.As[*inspect.Response](n.made.Read); r != nil && n.Authority == a.Authority {
			ctx.Responses = append(ctx.Responses, lint.Answer{Artifact: n.ID, Response: r})
		}
	}
	if !a.Previous.IsZero() {
		ctx.Previous, ctx.PreviousUnsigned = w.crl(a.Previous), w.isSpecimen(a.Previous)
	}
	ctx.Parts = w.parts(a, signing)
}

// responseContext adds what OCSP responses are linted against.
func (w *Builder) responseContext(a *Artifact, ctx *lint.Context) {
	ctx.Subject = w.askedAbout(a)
	if a.Responder != a.Issuer {
		ctx.Responder = w.Certificate(a.Responder)
	}
	ctx.LatestCRL, ctx.LatestOurs = w.latestCRL(a)
}

// revoked gives every certificate the ceremony knows by its serial number, which
// is unique at one CA only: where two have the same, the one that names a's issuer
// counts, and otherwise the first in the order of the plan.
func (w *Builder) revoked(a *Artifact) map[string]*inspect.Certificate {
	out := map[string]*inspect.Certificate{}
	issuer := w.caOfRecord(a)
	add := func(c *inspect.Certificate) {
		if c == nil {
			return
		}
		serial := c.Serial.Text(16)
		if out[serial] == nil || issuer != nil && bytes.Equal(c.RawIssuer, issuer.RawSubject) && !bytes.Equal(out[serial].RawIssuer, issuer.RawSubject) {
			out[serial] = c
		}
	}
	for i := range w.Plan.Inputs {
		if in := w.Inputs[w.Plan.Inputs[i].ID]; in != nil {
			add(in.Cert())
		}
	}
	for _, n := range w.beside(a) {
		add(n.made.Cert())
	}
	return out
}

// organizations gives the names that the ceremony file gives to its authorities.
func (l *Loaded) organizations() (out []lint.Organization) {
	for i := range l.Plan.Authorities {
		of := &l.Plan.Authorities[i]
		o := lint.Organization{Of: of.ID}
		for _, at := range of.Subject.Attributes {
			switch at.Type {
			case "organization":
				o.Organization = at.Value
			case "country":
				o.Country = at.Value
			}
		}
		out = append(out, o)
	}
	return out
}

// siblings gives all other certificates: those signed so far and all inputs.
func (w *Builder) siblings(a *Artifact) []lint.Sibling {
	out := []lint.Sibling{}
	for _, in := range w.Plan.Inputs {
		obj := w.Inputs[in.ID]
		if obj.Cert() != nil && w.StandIns[in.ID] == nil {
			out = append(out, lint.Sibling{Artifact: InputRef(in.ID).String(), Cert: obj.Cert()})
		}
	}
	for _, n := range w.beside(a) {
		if n.made.Cert() != nil {
			out = append(out, lint.Sibling{Artifact: n.ID, Cert: n.made.Cert(), Declared: n.Certificate()})
		}
	}
	return out
}
