// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// continuityRules hold a CRL against the one before it.
var continuityRules = []Rule{
	{
		ID: "crl.continuity", Level: Error, Citation: "BR 7.2, 7.2.2, RFC 5280 3.3, 5.1.2.6, 5.3.1, 5.3.2, CSBR 4.9.13, 7.2, SBR 7.2.2",
		Requirement: "the previous CRL is of this CA; its entries stay, byte for byte, until one regular CRL after the certificate expired (CSBR: and 10 years after); one that becomes keyCompromise, with the same or an earlier date, gets a reason it lacked, an invalidityDate, or (CSBR) another date, is declared with the reason for it, and so is what becomes of one on hold; a reasonCode unspecified is left out; extensions that are not there any more, serial numbers that were listed twice, and dates whose form changes are noticed",
		Kinds:       crlKind, Needs: []Need{NeedIssuer, NeedPrevious}, Check: checkContinuity,
	},
}

func checkContinuity(t *target) []problem {
	old := t.ctx.Previous
	if old == nil {
		return nil
	}
	if !bytes.Equal(old.RawIssuer, t.record.RawSubject) {
		if old.Issuer.String() == t.record.Subject.String() {
			return fault(FieldPrevious, "the issuer of the previous CRL, %q, is written with other string types than the subject of the CA", old.Issuer)
		}
		return fault(FieldPrevious, "the previous CRL was issued by %q", old.Issuer)
	}
	if t.ctx.PreviousUnsigned {
		return append(t.kept(old), lacksContext(FieldPrevious, NeedSignature)...)
	}
	if err := t.signedByCA(old); err != nil {
		return fault(FieldPrevious, "the previous CRL under the key of the CA: %v", err)
	}
	return t.kept(old)
}

// signedUnder verifies a CRL under the key of one certificate.
func signedUnder(ca *inspect.Certificate, l *inspect.RevocationList) error {
	return verifySignature(ca.RawSPKI, l.OuterAlgorithm, l.RawTBS, l.Signature)
}

// signedByCA verifies a CRL under the key of the CA. In a rehearsal a CRL of an
// earlier step is signed by the stand-in.
func (t *target) signedByCA(l *inspect.RevocationList) error {
	err := signedUnder(t.record, l)
	if err != nil && t.issuer != t.record && signedUnder(t.issuer, l) == nil {
		return nil
	}
	return err
}

// kept compares the entries of the previous CRL with those there are now.
func (t *target) kept(old *inspect.RevocationList) (ps []problem) {
	unspecified, respelled := 0, 0
	for i := range old.Entries {
		was := &old.Entries[i]
		now := t.entry(was.Serial)
		if len(t.repeated[hexSerial(was.Serial)]) > 0 && now != nil && Gravity(reasonCode(was)) > Gravity(reasonCode(now)) {
			ps = append(ps, at(Notice, fault(t.entryField(was.Serial), "serial %x was %s, too, and is now %s: keep the graver reason, unless the CA knows that it was wrong",
				was.Serial, saysOf(was), saysOf(now)))...)
		}
		switch {
		case now == nil:
			ps = append(ps, t.leftOutOf(was)...)
		case bytes.Equal(now.Raw, was.Raw):
		case withoutUnspecified(was, now):
			unspecified++
		case was.Date.Tag != now.Date.Tag && saysSame(was, now): // badTime looks at the form
			respelled++
		default:
			ps = append(ps, t.changedEntry(was, now)...)
		}
	}
	notice := func(format string, args ...any) {
		ps = append(ps, at(Notice, fault(FieldPrevious, format, args...))...)
	}
	if unspecified > 0 {
		notice("entries of the previous CRL with the reasonCode unspecified: %d; it is left out, which means the same (RFC 5280 5.3.1)", unspecified)
	}
	if respelled > 0 {
		notice("entries of the previous CRL whose date is a GeneralizedTime before 2050: %d; it is now a UTCTime (RFC 5280 5.1.2.6)", respelled)
	}
	if lost := LostExtensions(old, t.hasExtension); len(lost) > 0 {
		notice("extensions of the previous CRL that this one does not have as they were: %s; "+
			"a profile can list each that is still true, as raw: {oid: OID, der: HEX}", strings.Join(lost, "; "))
	}
	if n := len(t.repeated); n > 0 {
		notice("serial numbers that the previous CRL lists more than once: %d; one entry of each counts", n)
	}
	return ps
}

// hasExtension reports whether the object has an extension with that value.
func (t *target) hasExtension(x *inspect.Extension) bool {
	now, _ := t.exts.Extension(x.OID)
	return now != nil && now.Critical == x.Critical && bytes.Equal(now.Value, x.Value)
}

// LostExtensions shows the extensions of a CRL that the next one does not have, or not
// with the same value. Rules of their own look at those that every CRL has, and at its
// scope.
func LostExtensions(old *inspect.RevocationList, has func(*inspect.Extension) bool) (out []string) {
	const most = 4096 // octets of a value that are shown, to be copied
	for i := range old.Extensions {
		x := &old.Extensions[i]
		name := inspect.OIDName(x.OID)
		if name != x.OID.String() {
			name += " (" + x.OID.String() + ")"
		}
		switch {
		case has(x):
		case x.OID.Equal(inspect.OIDAuthorityKeyID), x.OID.Equal(inspect.OIDCRLNumber), x.OID.Equal(inspect.OIDIssuingDistributionPoint):
		case len(x.Value) > most:
			out = append(out, fmt.Sprintf("%s of %d octets, which openssl asn1parse shows in that CRL", name, len(x.Value)))
		default:
			out = append(out, fmt.Sprintf("%s %x", name, x.Value))
		}
	}
	return out
}

// withoutUnspecified reports whether an entry is what it was but for a reasonCode
// unspecified, which is expressed by leaving it out (RFC 5280 5.3.1).
func withoutUnspecified(was, now *inspect.RevokedEntry) bool {
	return reasonCode(was) == reasonUnspecified && reasonCode(now) == reasonNone &&
		was.Date.Equal(now.Date.Time) && sameExtensions(was, now, inspect.OIDReasonCode)
}

// saysSame reports whether two entries say the same.
func saysSame(was, now *inspect.RevokedEntry) bool {
	return was.Date.Equal(now.Date.Time) && sameExtensions(was, now)
}

// sameExtensions compares the extensions of two entries but for some.
func sameExtensions(a, b *inspect.RevokedEntry, but ...[]int) bool {
	rest := func(e *inspect.RevokedEntry) inspect.Extensions {
		return slices.DeleteFunc(slices.Clone(e.Extensions), func(x inspect.Extension) bool {
			return slices.ContainsFunc(but, func(id []int) bool { return slices.Equal(x.OID, id) })
		})
	}
	return slices.EqualFunc(rest(a), rest(b), func(x, y inspect.Extension) bool {
		return x.OID.Equal(y.OID) && x.Critical == y.Critical && bytes.Equal(x.Value, y.Value)
	})
}

// changedEntry checks an entry that is not as it was. Nothing in a CRL distinguishes
// what the documents ask for from a mistake or from tampering, so the file that people
// approve has to declare it. What was published declares nothing.
func (t *target) changedEntry(was, now *inspect.RevokedEntry) []problem {
	declared := t.changed[hexSerial(was.Serial)]
	why := t.wrongChange(was, now)
	if ofRepeated(t.repeated[hexSerial(was.Serial)], now) {
		why = "" // the previous CRL contradicts itself
	}
	if why == "" && (declared == nil || declared.Change.Item == 0) && !t.ctx.Published {
		why = "declare it in the ceremony file, entry by entry, under change:"
	}
	if why == "" {
		return nil
	}
	p := fault(t.entryField(was.Serial), "serial %x was %s, now %s: %s", was.Serial, saysOf(was), saysOf(now), why)
	if t.ctx.Published {
		return house(p)
	}
	return on(HouseConflicts, p)
}

// ofRepeated reports whether an entry is one of several for a certificate, or has the date
// of one and the reason of another. RFC 5280 has no rule for them, so that nobody knows
// which of them readers have used.
func ofRepeated(same []*inspect.RevokedEntry, now *inspect.RevokedEntry) bool {
	one := func(is func(*inspect.RevokedEntry) bool) bool { return slices.ContainsFunc(same, is) }
	if one(func(e *inspect.RevokedEntry) bool { return bytes.Equal(e.Raw, now.Raw) }) {
		return true
	}
	return one(func(e *inspect.RevokedEntry) bool { return e.Date.Equal(now.Date.Time) }) &&
		one(func(e *inspect.RevokedEntry) bool {
			before, after := reasonCode(e), reasonCode(now)
			return (before == after || before == reasonUnspecified && after == reasonNone) &&
				sameExtensions(e, now, inspect.OIDReasonCode, inspect.OIDInvalidityDate)
		}) &&
		(has(now.Extensions, inspect.OIDInvalidityDate) || !one(func(e *inspect.RevokedEntry) bool { return has(e.Extensions, inspect.OIDInvalidityDate) }))
}

// saysOf is what an entry says.
func saysOf(e *inspect.RevokedEntry) string {
	text := fmt.Sprintf("revoked on %s for %s", stamp(e.Date.Time), reasonText(e))
	if at, present, err := e.InvalidityDate(); present && err == nil {
		text += ", invalid since " + stamp(at.Time)
	}
	return text
}

// wrongChange says why an entry must not change in this way, or "". BR 7.2.2 asks CAs
// to enter keyCompromise when they learn of it, and to date the revocation back to it;
// CSBR 7.2 lets them use a more appropriate date.
func (t *target) wrongChange(was, now *inspect.RevokedEntry) string {
	before, after := reasonCode(was), reasonCode(now)
	earlier, later := now.Date.Before(was.Date.Time), now.Date.After(was.Date.Time)
	compromised := after == reasonKeyCompromise
	released := before == reasonHold && after != reasonHold
	but := [][]int{inspect.OIDReasonCode, inspect.OIDInvalidityDate}
	if released {
		but = append(but, oidHoldInstruction)
	}
	switch {
	case !sameExtensions(was, now, but...):
		return "its other extensions have to stay"
	case has(was.Extensions, inspect.OIDInvalidityDate) && !has(now.Extensions, inspect.OIDInvalidityDate):
		return "its invalidityDate is lost"
	case before != after && !t.mayBecome(before, after):
		return "an entry may only become keyCompromise (BR 7.2.2), get a reason where it had none, or be no longer on hold"
	case later && !released && !t.pack(PackCodeSigning):
		return "the date of an entry may only become an earlier one (BR 7.2.2)"
	case earlier && !compromised && !t.pack(PackCodeSigning) && !was.Date.After(t.ctx.Previous.ThisUpdate.Time): // that it lies after its own CRL is a mistake
		return "the date may become an earlier one only for keyCompromise (BR 7.2.2)"
	}
	return ""
}

// mayBecome reports whether an entry may get another reason.
func (t *target) mayBecome(before, after int) bool {
	switch {
	case after == reasonHold || after == reasonUnspecified || after == reasonUnreadable:
		return false
	case before == reasonHold:
		return after != reasonNone
	case before == reasonNone, before == reasonUnspecified, before == reasonUnreadable:
		return true
	}
	return after == reasonKeyCompromise
}

// elsewhere reports whether an entry is of a certificate that the CRL does not cover,
// but another CRL of the ceremony, which follows the same previous one, does.
func (t *target) elsewhere(was *inspect.RevokedEntry) bool {
	scope, err := ScopeOf(t.exts)
	c := t.ctx.Revoked[hexSerial(was.Serial)]
	return err == nil && c != nil && t.issuedByUs(c) && !scope.CoversKind(c) &&
		slices.ContainsFunc(t.ctx.Parts, func(p Part) bool { return p.Continues && p.Scope.CoversKind(c) })
}

// leftOutOf checks an entry of the previous CRL that is not there any more.
func (t *target) leftOutOf(was *inspect.RevokedEntry) []problem {
	declared := t.leftOut[hexSerial(was.Serial)]
	field := FieldPrevious
	if declared != nil {
		field = fieldOfChange(declared.Item)
	}
	why := t.mustStay(was)
	var ps []problem
	if c := t.ctx.Revoked[hexSerial(was.Serial)]; c != nil && declared != nil && declared.How == profiles.Dropped {
		ps = t.issuedByCA(field, was.Serial, c) // another CA may have used this number
	}
	switch {
	case t.elsewhere(was):
		return nil
	case declared == nil && !t.ctx.Published:
		why = "declare it in the ceremony file, entry by entry, under change:"
	case why != "" && reasonCode(was) == reasonHold && (declared == nil || declared.How == profiles.Released):
		return t.checkHold(field, was)
	}
	if why == "" {
		return ps
	}
	return append(ps, fault(field, "serial %x was in the previous CRL and is missing: %s", was.Serial, why)...)
}

// mustStay says why an entry of the previous CRL must stay, or "".
func (t *target) mustStay(was *inspect.RevokedEntry) string {
	c := t.ctx.Revoked[hexSerial(was.Serial)]
	for _, s := range t.ctx.Siblings {
		if c == nil && s.Cert != nil && s.Cert.Serial.Cmp(was.Serial) == 0 && t.issuedByUs(s.Cert) {
			c = s.Cert
		}
	}
	if c == nil {
		return "the certificate is not given, so its expiry is not known"
	}
	expired := c.NotAfter.Time
	if until := expired.AddDate(10, 0, 0); t.pack(PackCodeSigning) && !until.Before(t.crl().ThisUpdate.Time) {
		return "it has to stay for ten years after the certificate expired, until " + stamp(until) + " (CSBR 7.2)"
	}
	if !t.listedAfter(was, expired) {
		return "it has to stay until one CRL after " + stamp(expired)
	}
	return ""
}

// listedAfter reports whether a CRL of this CA that was issued after a certificate
// expired lists it: the previous one, or another one from before.
func (t *target) listedAfter(was *inspect.RevokedEntry, expired time.Time) bool {
	if expired.Before(t.ctx.Previous.ThisUpdate.Time) {
		return true
	}
	return slices.ContainsFunc(t.ctx.Earlier.CRLs, func(e EarlierCRL) bool {
		return expired.Before(e.CRL.ThisUpdate.Time) && entryOf(e.CRL, was.Serial) != nil
	})
}
