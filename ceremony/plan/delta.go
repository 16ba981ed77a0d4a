// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/profiles"
)

// deltasLeft warns of a CRL that carries over a complete one which says where its CA
// publishes delta CRLs, while none is given: what they revoke would be good again.
func (l *Loaded) deltasLeft() (out []Warning) {
	for i := range l.Plan.Artifacts {
		a := &l.Plan.Artifacts[i]
		if !a.Previous.IsInput() {
			continue
		}
		previous := l.Inputs[a.Previous.ID()].crl()
		points, present, err := previous.FreshestCRL()
		if !present || err != nil || l.hasDelta(previous) {
			continue
		}
		var at []string
		for _, p := range points {
			at = append(at, inspect.URIs(p.FullNames)...)
		}
		out = append(out, Warning{Pos: l.places[a.ID].fields["previous"].Pos(), Text: fmt.Sprintf(
			"%s has a freshestCRL, so that its CA publishes delta CRLs, at %s: name the last one under inputs, so that nothing that it revokes is lost",
			a.Previous, strings.Join(at, ", "))})
	}
	return out
}

// promises warns of extensions that a profile writes into a CRL as they are, and that say
// something of what the CA does besides: it has to be true when the CRL is signed.
func (l *Loaded) promises() (out []Warning) {
	for i := range l.Plan.Artifacts {
		a := &l.Plan.Artifacts[i]
		if a.RevocationList() == nil {
			continue
		}
		for _, x := range a.RevocationList().Extensions {
			text := map[profiles.OID]string{oidFreshestCRL: "has a freshestCRL (2.5.29.46): it says that delta CRLs add to it, and no ceremony signs those; keep it if the CA goes on to sign them, for this number and later ones",
				oidExpiredCerts: "has an expiredCertsOnCRL (2.5.29.60): it says that no entry has been dropped of a certificate that expired since that date; take it out if one was, here or before"}[x.OID()]
			if text != "" && len(x.Opaque()) > 0 {
				out = append(out, Warning{Pos: l.places[a.ID].step.Pos(), Text: a.ID + " " + text})
			}
		}
	}
	return out
}

// Extensions of CRLs that nothing here interprets: RFC 5280 5.2.6, X.509 9.5.2.8.
const (
	oidFreshestCRL  profiles.OID = "2.5.29.46"
	oidExpiredCerts profiles.OID = "2.5.29.60"
)

// laterDelta gives the entries that delta CRLs from before have of the certificates of the
// CA which issues a CRL, those of the last one that lists each, if they are later than the
// previous complete CRL.
func (l *loader) laterDelta(a *Artifact) map[profiles.Serial]*inspect.RevokedEntry {
	of, out, last := l.Plan.Authority(a.Authority), map[profiles.Serial]*inspect.RevokedEntry{}, map[profiles.Serial]*big.Int{}
	var previous *big.Int
	if in := l.Inputs[a.Previous.ID()]; a.Previous.IsInput() && in != nil && in.crl() != nil {
		previous, _, _ = in.crl().CRLNumber()
	}
	for _, k := range l.known {
		crl := inspect.As[*inspect.RevocationList](k.read)
		if crl == nil || of == nil || previous == nil || !lint.IsDelta(crl) || !bytes.Equal(crl.RawIssuer, of.Subject.DER) {
			continue
		}
		number := lint.NumberOf(crl)
		if number == nil || number.Cmp(previous) <= 0 {
			continue
		}
		for i := range crl.Entries {
			e := &crl.Entries[i]
			if serial := profiles.Serial(e.Serial.Text(16)); last[serial] == nil || number.Cmp(last[serial]) > 0 {
				out[serial], last[serial] = e, number
			}
		}
	}
	return out
}

// heldByDelta reports whether a delta CRL that is later than the previous complete one has
// a certificate on hold.
func (li *listing) heldByDelta(serial profiles.Serial) bool {
	e := li.delta[serial]
	return e != nil && reasonOf(e) == profiles.CertificateHold
}

// withDelta adds to what the step says of a certificate what a later delta CRL has besides
// date and reason: since when it is invalid, what to do about the hold, what other tools
// wrote. A complete CRL in place of the delta CRL would have kept it, too.
func (li *listing) withDelta(e *profiles.RevokedEntry) {
	old := li.delta[e.Serial]
	if old == nil || lint.RemovesFromCRL(old) {
		return
	}
	have := carriedOver(old)
	if e.InvalidityDate == "" {
		e.InvalidityDate = have.InvalidityDate
	}
	e.Extensions = staying(have.Extensions, e)
}

// hasDelta reports whether a delta CRL for a complete one is known, of its number or
// later.
func (l *Loaded) hasDelta(complete *inspect.RevocationList) bool {
	n, _, _ := complete.CRLNumber()
	return slices.ContainsFunc(l.known, func(k known) bool {
		crl := inspect.As[*inspect.RevocationList](k.read)
		if crl == nil || !lint.IsDelta(crl) || !bytes.Equal(crl.RawIssuer, complete.RawIssuer) {
			return false
		}
		number := lint.NumberOf(crl)
		return number != nil && n != nil && number.Cmp(n) >= 0
	})
}
