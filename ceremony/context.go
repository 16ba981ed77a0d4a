// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"bytes"
	"math/big"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
)

// context gathers what the rules may have to know about an artifact: its
// issuer, what came before it, and everything else in the ceremony.
func (w *world) context(a *Artifact, signing time.Time, specimen bool) lint.Context {
	ctx := lint.Context{Signing: signing, Specimen: specimen, OtherURLs: map[string]lint.URLs{}, Siblings: w.siblings(a)}
	ctx.IssuerKey, _ = w.spki(a.IssuerKey)
	if a.Issuer != "self" {
		ctx.Issuer = w.certificate(a.Issuer)
		if real := w.real(a.Issuer); real != nil && real != ctx.Issuer {
			ctx.IssuerOfRecord = real
		}
	}
	for _, auth := range w.plan.Authorities {
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
		_, id := reference(a.Request)
		ctx.Request = w.loaded.inputs[id].req
	}
	if _, id := reference(a.SubjectKey); a.SubjectKey != "" && w.plan.key(id) != nil && w.plan.key(id).Source == KeyGenerated {
		ctx.KeyGenerated = signing // made in this ceremony
	}
	w.statusContext(a, &ctx)
	return ctx
}

// statusContext adds what CRLs and OCSP responses are judged against.
func (w *world) statusContext(a *Artifact, ctx *lint.Context) {
	if a.RevocationList != nil {
		ctx.First, ctx.Revoked = a.First, w.revoked()
		if a.Previous != "" {
			ctx.Previous, ctx.PreviousUnsigned = w.crl(a.Previous), w.isSpecimen(a.Previous)
		}
	}
	if a.Response != nil {
		ctx.Subject = w.certificate(a.Subject)
		if a.Responder != a.Issuer {
			ctx.Responder = w.certificate(a.Responder)
		}
		ctx.LatestCRL = w.latestCRL(a)
	}
}

// revoked gives every certificate the ceremony knows by its serial number.
func (w *world) revoked() map[string]*inspect.Certificate {
	out := map[string]*inspect.Certificate{}
	for _, in := range w.loaded.inputs {
		if in.cert != nil {
			out[in.cert.Serial.Text(16)] = in.cert
		}
	}
	for _, o := range w.made {
		if o.cert != nil {
			out[o.cert.Serial.Text(16)] = o.cert
		}
	}
	return out
}

// latestCRL gives the last CRL of the same authority signed before a, or the
// one with the highest number among the inputs.
func (w *world) latestCRL(a *Artifact) *inspect.RevocationList {
	crl := w.inputCRL(a)
	for i := range w.plan.Artifacts {
		other := &w.plan.Artifacts[i]
		if o := w.made[other.ID]; o != nil && o.crl != nil && other.Authority == a.Authority {
			crl = o.crl
		}
	}
	return crl
}

// inputCRL gives the CRL of a's issuer with the highest number among the inputs.
func (w *world) inputCRL(a *Artifact) *inspect.RevocationList {
	issuer := w.real(a.Issuer)
	if issuer == nil {
		return nil
	}
	var latest *inspect.RevocationList
	var highest *big.Int
	for _, in := range w.loaded.inputs {
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
func (w *world) siblings(a *Artifact) []lint.Sibling {
	out := []lint.Sibling{}
	for _, in := range w.plan.Inputs {
		obj := w.loaded.inputs[in.ID]
		if obj.cert != nil && w.standIns[in.ID] == nil {
			out = append(out, lint.Sibling{Artifact: "input:" + in.ID, Cert: obj.cert})
		}
	}
	for i := range w.plan.Artifacts {
		other := &w.plan.Artifacts[i]
		if o := w.made[other.ID]; other.ID != a.ID && o != nil && o.cert != nil {
			out = append(out, lint.Sibling{Artifact: other.ID, Cert: o.cert, Declared: other.Certificate})
		}
	}
	return out
}
