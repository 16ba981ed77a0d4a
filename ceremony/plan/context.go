// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"math/big"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
)

// Context gathers what the rules may have to know about an artifact: its
// issuer, what came before it, and everything else in the ceremony.
func (w *Builder) Context(a *Artifact, signing time.Time, specimen bool) lint.Context {
	ctx := lint.Context{Signing: signing, Specimen: specimen, OtherURLs: map[string]lint.URLs{}, Siblings: w.siblings(a)}
	ctx.IssuerKey, _ = w.spki(a.IssuerKey)
	if a.Issuer != "self" {
		ctx.Issuer = w.Certificate(a.Issuer)
		if real := w.real(a.Issuer); real != nil && real != ctx.Issuer {
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
	if a.Existing != "" {
		ctx.Existing = w.real(a.Existing)
	}
	if a.Request != "" {
		_, id := Reference(a.Request)
		ctx.Request = w.Inputs[id].req
	}
	if _, id := Reference(a.SubjectKey); a.SubjectKey != "" && w.Plan.Key(id) != nil && w.Plan.Key(id).Source == KeyGenerated {
		ctx.KeyGenerated = signing // made in this ceremony
	}
	w.statusContext(a, &ctx)
	return ctx
}

// statusContext adds what CRLs and OCSP responses are judged against.
func (w *Builder) statusContext(a *Artifact, ctx *lint.Context) {
	if a.RevocationList != nil {
		ctx.First, ctx.Revoked = a.First, w.revoked()
		if a.Previous != "" {
			ctx.Previous, ctx.PreviousUnsigned = w.crl(a.Previous), w.isSpecimen(a.Previous)
		}
	}
	if a.Response != nil {
		ctx.Subject = w.Certificate(a.Subject)
		if a.Responder != a.Issuer {
			ctx.Responder = w.Certificate(a.Responder)
		}
		ctx.LatestCRL = w.latestCRL(a)
	}
}

// revoked gives every certificate the ceremony knows by its serial number.
func (w *Builder) revoked() map[string]*inspect.Certificate {
	out := map[string]*inspect.Certificate{}
	for _, in := range w.Inputs {
		if in.Cert != nil {
			out[in.Cert.Serial.Text(16)] = in.Cert
		}
	}
	for _, o := range w.Made {
		if o.Cert != nil {
			out[o.Cert.Serial.Text(16)] = o.Cert
		}
	}
	return out
}

// latestCRL gives the last CRL of the same authority signed before a, or the
// one with the highest number among the inputs.
func (w *Builder) latestCRL(a *Artifact) *inspect.RevocationList {
	crl := w.inputCRL(a)
	for i := range w.Plan.Artifacts {
		other := &w.Plan.Artifacts[i]
		if o := w.Made[other.ID]; o != nil && o.CRL != nil && other.Authority == a.Authority {
			crl = o.CRL
		}
	}
	return crl
}

// inputCRL gives the CRL of a's issuer with the highest number among the inputs.
func (w *Builder) inputCRL(a *Artifact) *inspect.RevocationList {
	issuer := w.real(a.Issuer)
	if issuer == nil {
		return nil
	}
	var latest *inspect.RevocationList
	var highest *big.Int
	for _, in := range w.Inputs {
		if in.crl == nil || !bytes.Equal(in.crl.RawIssuer, issuer.RawSubject) {
			continue
		}
		n, ok, err := in.crl.CRLNumber()
		if ok && err == nil && (highest == nil || n.Cmp(highest) > 0) {
			latest, highest = in.crl, n
		}
	}
	return latest
}

// siblings gives all other certificates: those signed so far and all inputs.
func (w *Builder) siblings(a *Artifact) []lint.Sibling {
	out := []lint.Sibling{}
	for _, in := range w.Plan.Inputs {
		obj := w.Inputs[in.ID]
		if obj.Cert != nil && w.StandIns[in.ID] == nil {
			out = append(out, lint.Sibling{Artifact: "input:" + in.ID, Cert: obj.Cert})
		}
	}
	for i := range w.Plan.Artifacts {
		other := &w.Plan.Artifacts[i]
		if o := w.Made[other.ID]; other.ID != a.ID && o != nil && o.Cert != nil {
			out = append(out, lint.Sibling{Artifact: other.ID, Cert: o.Cert, Declared: other.Certificate})
		}
	}
	return out
}
