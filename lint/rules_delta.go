// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"math/big"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// deltaRules hold complete CRLs, and OCSP, against delta CRLs that came after the last
// complete one.
var deltaRules = []Rule{
	{
		ID: "crl.delta", Level: Error, Citation: "RFC 5280 5.2.4, 5.2.3",
		Requirement: "the CRL has what each delta CRL of the CA revokes that is later than the previous CRL, and its number is greater",
		Kinds:       crlKind, Needs: []Need{NeedIssuer, NeedEarlierCRLs}, Applies: followsDelta, Check: checkDelta,
	},
}

// followsDelta reports whether a delta CRL of the same scope was given.
func followsDelta(t *target) bool { return len(t.deltas()) > 0 }

// deltas gives the delta CRLs that are about certificates in the scope of the CRL, or
// of the previous one.
func (t *target) deltas() (out []EarlierCRL) {
	scope, err := ScopeOf(t.exts)
	if err != nil {
		return nil // crl.idp
	}
	_, before := t.before(scope)
	for _, e := range t.ctx.Earlier.CRLs {
		if s, err := ScopeOf(e.CRL.Extensions); err == nil && s.Delta && (s.overlaps(scope) || s.overlaps(before)) {
			out = append(out, e)
		}
	}
	return out
}

func checkDelta(t *target) (ps []problem) {
	n, _, _ := t.exts.CRLNumber()
	scope, _ := ScopeOf(t.exts)
	before, _ := t.before(scope)
	for _, e := range t.deltas() {
		number := NumberOf(e.CRL)
		base, _, baseErr := e.CRL.DeltaCRLIndicator()
		switch {
		case baseErr != nil || number == nil || base == nil:
			ps = append(ps, fault(FieldPrevious, "the number of the delta CRL %s, or that of its base, cannot be read", e.Artifact)...)
			continue
		case before != nil && number.Cmp(before) <= 0:
			continue // the complete CRL has it
		case t.ctx.First:
			ps = append(ps, fault(FieldPrevious, "declared as the first CRL, but there is the delta CRL %s, with number %s", e.Artifact, number)...)
		case before != nil && base.Cmp(before) > 0:
			ps = append(ps, fault(FieldPrevious, "the delta CRL %s adds to the complete CRL number %s, and the previous CRL has number %s: name a later one", e.Artifact, base, before)...)
		}
		if n != nil && n.Cmp(number) <= 0 {
			ps = append(ps, fault(FieldNumber, "CRL number %s does not follow %s of the delta CRL %s", n, number, e.Artifact)...)
		}
		ps = append(ps, t.changesOf(&e, number, scope)...)
	}
	return ps
}

// changesOf compares the entries of a delta CRL with those of the CRL.
func (t *target) changesOf(d *EarlierCRL, number *big.Int, scope CRLScope) (ps []problem) {
	for i := range d.CRL.Entries {
		e := &d.CRL.Entries[i]
		now, c := t.entry(e.Serial), t.ctx.Revoked[hexSerial(e.Serial)]
		removed := RemovesFromCRL(e)
		switch {
		case removed && now != nil:
			ps = append(ps, at(Notice, fault(FieldPrevious, "the delta CRL %s takes out serial %x, and this CRL lists it", d.Artifact, e.Serial))...)
		case now == nil && t.released(e):
			ps = append(ps, t.checkHold(fieldOfChange(t.leftOut[hexSerial(e.Serial)].Item), e)...)
		case removed, c != nil && (!scope.CoversKind(c) || c.NotAfter.Before(d.CRL.ThisUpdate.Time)):
		case now == nil:
			ps = append(ps, fault(FieldPrevious, "the delta CRL %s, with number %s, lists serial %x, revoked on %s for %s, and this CRL does not",
				d.Artifact, number, e.Serial, stamp(e.Date.Time), reasonText(e))...)
		case now.Date.After(e.Date.Time), reasonText(now) != reasonText(e) && reasonCode(now) != reasonKeyCompromise && reasonCode(e) != reasonHold:
			ps = append(ps, fault(t.entryField(e.Serial), "the delta CRL %s says of serial %x revoked on %s for %s, and this CRL on %s for %s",
				d.Artifact, e.Serial, stamp(e.Date.Time), reasonText(e), stamp(now.Date.Time), reasonText(now))...)
		}
	}
	return ps
}

// RemovesFromCRL reports whether an entry of a delta CRL says that a certificate is not
// listed any more (RFC 5280 5.3.1).
func RemovesFromCRL(e *inspect.RevokedEntry) bool {
	return e.Reason != nil && *e.Reason == removeFromCRL
}

// released reports whether the ceremony file says that a certificate which a delta CRL has
// on hold is not on hold any more.
func (t *target) released(e *inspect.RevokedEntry) bool {
	left := t.leftOut[hexSerial(e.Serial)]
	return reasonCode(e) == reasonHold && left != nil && left.How == profiles.Released
}

// revokedByDelta finds an entry for a certificate in a delta CRL that is later than the
// latest complete CRL.
func (t *target) revokedByDelta(serial *big.Int) (*inspect.RevokedEntry, string) {
	latest, _, _ := t.ctx.LatestCRL.CRLNumber()
	for _, d := range t.ctx.Earlier.CRLs {
		number := NumberOf(d.CRL)
		e := entryOf(d.CRL, serial)
		if !IsDelta(d.CRL) || number == nil || latest != nil && number.Cmp(latest) <= 0 || e == nil || RemovesFromCRL(e) {
			continue
		}
		return e, d.Artifact
	}
	return nil, ""
}
