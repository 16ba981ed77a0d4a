// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"math/big"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/profiles"
)

// parts gives the other CRLs that speak for certificates of the same authority while a
// CRL is current: those that the plan signs, and those from before that it does not
// replace.
func (w *Builder) parts(a *Artifact, signing time.Time) []lint.Part {
	parts := []lint.Part{}
	for i := range w.Plan.Artifacts {
		other := &w.Plan.Artifacts[i]
		if other.RevocationList() == nil || other.ID == a.ID || other.Authority != a.Authority || w.follows(a, CRLRef(other.ID)) {
			continue
		}
		parts = append(parts, lint.Part{Artifact: other.ID, Scope: lint.DeclaredScope(other.RevocationList()), Continues: w.follows(other, a.Previous)})
	}
	ca := w.caBefore(a)
	for _, k := range w.known {
		crl := inspect.As[*inspect.RevocationList](k.read)
		if ca == nil || crl == nil || !bytes.Equal(crl.RawIssuer, ca.RawSubject) || crl.NextUpdate != nil && crl.NextUpdate.Before(signing) || w.replaced(a, crl) {
			continue
		}
		if scope, err := lint.ScopeOf(crl.Extensions); err == nil && !scope.Delta {
			parts = append(parts, lint.Part{Artifact: k.name, Scope: scope, Before: true})
		}
	}
	return parts
}

// follows reports whether a CRL of the plan carries over the entries of another, itself
// or by way of others.
func (l *Loaded) follows(a *Artifact, crl Ref) bool {
	for a != nil && !a.Previous.IsZero() {
		if a.Previous == crl {
			return true
		}
		a = l.Plan.Artifact(a.Previous.ID())
	}
	return false
}

// replaced reports whether a CRL of the plan, of the same authority as a, follows one
// from before.
func (l *Loaded) replaced(a *Artifact, crl *inspect.RevocationList) bool {
	for i := range l.Plan.Artifacts {
		other := &l.Plan.Artifacts[i]
		if in := l.Inputs[other.Previous.ID()]; other.Authority == a.Authority && other.Previous.IsInput() && in != nil && in.crl() != nil && bytes.Equal(in.crl().Raw, crl.Raw) {
			return true
		}
	}
	return false
}

// inAnother is why an entry of the previous CRL is left out without a word.
const inAnother = "this CRL does not cover the certificate: the one that does has the entry"

// outside gives the serial numbers of certificates among the inputs, of the authority
// that issues a CRL, of which the CRL does not speak by its profile.
func (l *loader) outside(a *Artifact, rp *profiles.RevocationListProfile) map[profiles.Serial]bool {
	out := map[profiles.Serial]bool{}
	of := l.Plan.Authority(a.Authority)
	if rp == nil || of == nil {
		return out
	}
	scope := lint.DeclaredScope(&profiles.RevocationList{Extensions: rp.Extensions})
	for _, c := range l.issuedBefore(of) {
		if !scope.CoversKind(c) {
			out[profiles.Serial(c.Serial.Text(16))] = true
		}
	}
	return out
}

// latestCRL gives the CRL that a response about a certificate has to agree with: the
// last one of the plan beside the response whose scope the certificate is in, or the
// latest from before, unless one from before is lost; ours says that it is the former.
func (w *Builder) latestCRL(a *Artifact) (crl *inspect.RevocationList, ours bool) {
	subject := w.askedAbout(a)
	crl = w.knownCRL(a, subject)
	for _, n := range w.beside(a) {
		if n.made.crl() != nil && n.Authority == a.Authority && w.speaksFor(n.Artifact, n.made.crl(), subject) {
			crl, ours = n.made.crl(), true
		}
	}
	return crl, ours
}

// askedAbout gives the certificate that a response is about: of an input the real one, as
// its issuer signed it, and not the stand-in that has signed itself.
func (w *Builder) askedAbout(a *Artifact) *inspect.Certificate {
	if c := w.inputCert(a.Subject); c != nil {
		return c
	}
	return w.Certificate(a.Subject)
}

// speaksFor reports whether a certificate is in the scope of a CRL of the plan. One
// that has moved to another distribution point goes on with the certificates of the
// previous one.
func (w *Builder) speaksFor(a *Artifact, crl *inspect.RevocationList, subject *inspect.Certificate) bool {
	scope, err := lint.ScopeOf(crl.Extensions)
	if err != nil || subject == nil || !scope.CoversKind(subject) {
		return err == nil && subject == nil
	}
	for {
		if scope.AskedBy(subject) {
			return true
		}
		previous := w.crl(a.Previous)
		if previous == nil {
			return false
		}
		if scope, err = lint.ScopeOf(previous.Extensions); err != nil || a.Previous.IsInput() {
			return err == nil && scope.AskedBy(subject)
		}
		a = w.Plan.Artifact(a.Previous.ID())
	}
}

// knownCRL gives the CRL of a's issuer with the highest number from before among the
// complete ones whose scope a certificate is in, and the first of those in the plan
// where they have the same.
func (w *Builder) knownCRL(a *Artifact, subject *inspect.Certificate) *inspect.RevocationList {
	issuer := w.inputCert(a.Issuer)
	if issuer == nil {
		return nil
	}
	var latest *inspect.RevocationList
	var highest *big.Int
	for _, k := range w.known {
		if k.lost != nil && k.lost.Kind == inspect.KindCRL && k.lost.by(issuer) {
			return nil
		}
		crl := inspect.As[*inspect.RevocationList](k.read)
		if crl == nil || !bytes.Equal(crl.RawIssuer, issuer.RawSubject) {
			continue
		}
		if scope, err := lint.ScopeOf(crl.Extensions); err != nil || scope.Delta || subject != nil && !scope.MayList(subject) {
			continue
		}
		n := lint.NumberOf(crl)
		if n != nil && (highest == nil || n.Cmp(highest) > 0) {
			latest, highest = crl, n
		}
	}
	return latest
}
