// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"encoding/asn1"
	"math/big"
	"slices"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// thisUpdateTolerance is how long before the signing thisUpdate may be.
const thisUpdateTolerance = day

// firstCRL is how long after the first certificate the first CRL may come (BR
// 4.9.7). notBefore may be a day before the signing of that certificate.
const firstCRL = day

// crlRules check CRLs apart from their entries.
var crlRules = []Rule{
	{
		ID: "crl.issuer", Level: Error, Citation: "BR 7.2, RFC 5280 5.1.2.3, 6.3.3",
		Requirement: "the issuer of a CRL is byte-for-byte the subject of the CA",
		Record:      RecordIssuer,
		Kinds:       crlKind, Needs: []Need{NeedIssuer}, Check: checkCRLIssuer,
	},
	{
		ID: "crl.aki", Level: Error, Citation: "RFC 5280 5.2.1",
		Requirement: "the keyIdentifier of authorityKeyIdentifier is the CA's subjectKeyIdentifier",
		Record:      RecordIssuer,
		Kinds:       crlKind, Needs: []Need{NeedIssuer}, Check: func(t *target) []problem { return t.aki(t.issuer) },
	},
	{
		ID: "crl.signature", Level: Error, Citation: "BR 7.2, RFC 5280 6.3.3",
		Requirement: "the signature verifies under the key of the CA, in software",
		Record:      RecordSignature,
		Kinds:       crlKind, Needs: []Need{NeedIssuerKey, NeedSignature}, Check: checkSignature,
	},
	{
		ID: "crl.number", Level: Error, Citation: "BR 7.2.2, RFC 5280 5.2.3, 5.2.4",
		Requirement: "the CRL number is at least 0, less than 2^159 (for a private CA 2^160), greater than every earlier one, and in a delta CRL greater than that of its base",
		Kinds:       crlKind, Check: checkNumber,
	},
	{
		ID: "crl.window", Level: Error, Citation: "RFC 5280 5.1.2.5, BR 7.2, 4.9.7, SBR 4.9.7, CSBR 4.9.7, MRSP 6",
		Requirement: "nextUpdate is present, after thisUpdate, and (BR from 2012-07-01, SBR, CSBR) at most 12 months later for CA certificates (a notice above 365 days) and for time stamping certificates, at most 10 days later for other subscriber certificates (MRSP as well)",
		Kinds:       crlKind, Check: checkWindow,
	},
	{
		ID: "crl.this-update", Level: Error, Citation: "RFC 5280 5.1.2.4, house",
		Requirement: "thisUpdate is the date of issue: not after the signing, nor more than a day before it; not before that of the previous CRL",
		House:       HouseDeclared,
		Kinds:       crlKind, Needs: []Need{NeedSigning, NeedPrevious}, Check: checkThisUpdate,
	},
	{
		ID: "crl.gap", Level: Warning, Citation: "RFC 5280 5.1.2.5, BR 4.9.7, SBR 4.9.7, CSBR 4.9.7",
		Requirement: "there is no gap after the nextUpdate of the previous CRL (a notice where neither BR, SBR nor CSBR hold)",
		Kinds:       crlKind, Needs: []Need{NeedPrevious}, Check: checkGap,
	},
	{
		ID: "crl.next-issuer", Level: Warning, Citation: "house",
		Requirement: "the CRL is of the time of the CA: thisUpdate is not before its notBefore, and nextUpdate not after its notAfter",
		House:       HouseAdvice, Kinds: crlKind, Needs: []Need{NeedIssuer}, Check: checkNextIssuer,
	},
	{
		ID: "crl.first", Level: Error, Citation: "BR 4.9.7, 7.2",
		Requirement: "the first CRL follows the first certificate of the CA within 24 hours",
		From:        dateBRCRL, Kinds: crlKind, Packs: tlsPack,
		Needs: []Need{NeedPrevious, NeedIssuer, NeedSiblings}, Check: checkFirst,
	},
	{
		ID: "crl.der", Level: Error, Citation: "RFC 5280 5.1",
		Requirement: "version 2, UTCTime through 2049 and GeneralizedTime from 2050, revokedCertificates absent when empty",
		Kinds:       crlKind, Check: checkCRLEncoding,
	},
	{
		ID: "crl.criticality", Level: Error, Citation: "RFC 5280 5.2.1, 5.2.3, 5.2.4, 5.2.5, 5.2.6, 5.3.1, 5.3.2, 5.3.3",
		Requirement: "authorityKeyIdentifier, CRL number and freshestCRL are not critical, nor are reasonCode and invalidityDate of an entry; deltaCRLIndicator, issuingDistributionPoint and the certificateIssuer of an entry are",
		Kinds:       crlKind, Check: checkCRLCriticality,
	},
	{
		ID: "crl.no-indirect", Level: Error, Citation: "BR 7.2, 7.2.2, 7.2.2.1",
		Requirement: "a CRL is direct: no certificateIssuer or indirectCRL; a delta CRL indicator or a freshest CRL is NOT RECOMMENDED (a warning)",
		From:        dateBRCRL, Kinds: crlKind, Packs: tlsPack, Check: checkIndirect,
	},
}

func checkCRLIssuer(t *target) []problem {
	if bytes.Equal(t.crl().RawIssuer, t.issuer.RawSubject) {
		return nil
	}
	return otherIssuer(t.crl().Issuer, t.issuer.Subject)
}

func checkNumber(t *target) []problem {
	n, present, err := t.exts.CRLNumber()
	switch {
	case err != nil:
		return fault(FieldNumber, "%v", err)
	case !present:
		return fault(FieldNumber, "the CRL number is missing")
	case n.Sign() < 0 || n.BitLen() > profiles.CRLNumberBits(t.purpose.Intent):
		return fault(FieldNumber, "CRL number %s", n)
	case has(t.exts, inspect.OIDDeltaCRLIndicator):
		base, _, err := t.exts.DeltaCRLIndicator()
		switch {
		case err != nil:
			return fault(t.extField(inspect.OIDDeltaCRLIndicator), "%v", err)
		case base.Cmp(n) >= 0:
			return fault(FieldNumber, "CRL number %s, and the delta CRL adds to number %s", n, base)
		}
	}
	if t.lacks(NeedPrevious) {
		return lacksContext(FieldNumber, NeedPrevious)
	}
	if t.ctx.Previous == nil {
		return nil
	}
	old, present, err := t.ctx.Previous.CRLNumber()
	if err != nil || !present {
		return at(Warning, fault(FieldPrevious, "the previous CRL has no readable number"))
	}
	if n.Cmp(old) <= 0 {
		return fault(FieldNumber, "CRL number %s does not follow %s", n, old)
	}
	return nil
}

func checkWindow(t *target) []problem {
	if t.crl().NextUpdate == nil {
		return fault(FieldNextUpdate, "nextUpdate is missing")
	}
	if this, next := t.crl().ThisUpdate.Time, t.crl().NextUpdate.Time; !next.After(this) {
		return fault(FieldNextUpdate, "nextUpdate %s is not after thisUpdate %s", stamp(next), stamp(this))
	}
	if t.obj.revocationList().Covers == profiles.SubscriberCertificates {
		return t.sinceAsked(sinceTenDays, t.checkSpan(true))
	}
	return t.sinceAsked(sinceWindow, t.checkSpan(false))
}

// checkSpan compares thisUpdate to nextUpdate with what the documents permit.
func (t *target) checkSpan(subscribers bool) []problem {
	from, to := t.crl().ThisUpdate.Time, t.crl().NextUpdate.Time
	switch {
	case !subscribers, t.timeStampingOnly():
		return moreThanYear(from, to)
	case !to.After(from.AddDate(0, 0, 10)):
		return nil
	case t.issuer == nil && t.pack(PackCodeSigning):
		return lacksContext(FieldNextUpdate, NeedIssuer) // whether it is for time stamping
	}
	return fault(FieldNextUpdate, "%s to %s is more than 10 days", stamp(from), stamp(to))
}

// moreThanYear finds CRLs that are valid for more than twelve months, and notes those
// above 365 days: of a leap year, or of more than a year in clients that count days.
func moreThanYear(from, to time.Time) []problem {
	switch {
	case to.After(from.AddDate(0, 12, 0)):
		return fault(FieldNextUpdate, "%s to %s is more than 12 months", stamp(from), stamp(to))
	case to.Sub(from) > 365*day:
		return at(Notice, fault(FieldNextUpdate, "%s to %s is 12 months, and more than 365 days", stamp(from), stamp(to)))
	}
	return nil
}

// timeStampingOnly reports whether the CA issues time stamping certificates and no
// code signing certificates: their CRLs have twelve months (CSBR 4.9.7).
func (t *target) timeStampingOnly() bool {
	if t.issuer == nil || !t.pack(PackCodeSigning) {
		return false
	}
	ekus, _ := purposes(t.issuer.Extensions)
	return slices.Contains(ekus, purposeTime) && !slices.Contains(ekus, purposeCode)
}

func checkThisUpdate(t *target) []problem {
	this := t.crl().ThisUpdate.Time
	switch {
	case this.After(t.ctx.Signing):
		return fault(FieldThisUpdate, "thisUpdate %s is after the signing at %s", stamp(this), stamp(t.ctx.Signing))
	case this.Before(t.ctx.Signing.Add(-thisUpdateTolerance)):
		return fault(FieldThisUpdate, "thisUpdate %s is more than a day before the signing at %s", stamp(this), stamp(t.ctx.Signing))
	case t.ctx.Previous != nil && this.Before(t.ctx.Previous.ThisUpdate.Time):
		return fault(FieldThisUpdate, "thisUpdate %s is before that of the previous CRL, %s", stamp(this), stamp(t.ctx.Previous.ThisUpdate.Time))
	}
	return nil
}

func checkGap(t *target) []problem {
	p := t.ctx.Previous
	if p == nil || p.NextUpdate == nil || !p.NextUpdate.Before(t.crl().ThisUpdate.Time) {
		return nil
	}
	gap := fault(FieldThisUpdate, "no CRL is valid from %s to %s", stamp(p.NextUpdate.Time), stamp(t.crl().ThisUpdate.Time))
	if asked := t.sinceAsked(sinceWindow, gap); asked != nil {
		return asked
	}
	return at(Notice, gap)
}

func checkNextIssuer(t *target) (ps []problem) {
	if this := t.crl().ThisUpdate.Time; this.Before(t.record.NotBefore.Time) {
		ps = append(ps, fault(FieldThisUpdate, "thisUpdate %s is before the notBefore of the CA, %s", stamp(this), stamp(t.record.NotBefore.Time))...)
	}
	if n := t.crl().NextUpdate; n != nil && n.After(t.record.NotAfter.Time) {
		ps = append(ps, fault(FieldNextUpdate, "nextUpdate %s is after the notAfter of the CA, %s", stamp(n.Time), stamp(t.record.NotAfter.Time))...)
	}
	return ps
}

func checkFirst(t *target) (ps []problem) {
	if !t.ctx.First {
		return nil
	}
	if t.ctx.Previous != nil {
		return fault(FieldPrevious, "declared as the first CRL, but there is a previous one")
	}
	latest := t.crl().ThisUpdate.Add(-firstCRL - day)
	for _, s := range t.ctx.Siblings {
		if s.Cert == nil || SelfSigned(s.Cert) || !t.issuedByUs(s.Cert) {
			continue
		}
		if s.Cert.NotBefore.Before(latest) {
			ps = append(ps, fault(FieldThisUpdate, "%s has been valid since %s", s.Artifact, stamp(s.Cert.NotBefore.Time))...)
		}
	}
	return ps
}

// issuedByUs reports whether a certificate names the CA as its issuer.
func (t *target) issuedByUs(c *inspect.Certificate) bool {
	return bytes.Equal(c.RawIssuer, t.record.RawSubject) || bytes.Equal(c.RawIssuer, t.issuer.RawSubject)
}

func checkCRLEncoding(t *target) (ps []problem) {
	if t.crl().Version != 2 {
		ps = append(ps, fault(FieldEncoding, "version %d", t.crl().Version)...)
	}
	if t.crl().HasEntriesField && t.crl().EntryCount == 0 {
		ps = append(ps, fault(FieldEncoding, "revokedCertificates is encoded and empty")...)
	}
	times := []inspect.Time{t.crl().ThisUpdate}
	if t.crl().NextUpdate != nil {
		times = append(times, *t.crl().NextUpdate)
	}
	for i := range t.crl().Entries {
		times = append(times, t.crl().Entries[i].Date)
	}
	for _, v := range times {
		if why := badTime(v); why != "" {
			ps = append(ps, fault(FieldEncoding, "%s %s", stamp(v.Time), why)...)
		}
	}
	return ps
}

func checkCRLCriticality(t *target) (ps []problem) {
	for _, e := range t.exts {
		switch critical, asked := listCriticality[e.OID.String()]; {
		case !asked || critical == e.Critical:
		case e.Critical:
			ps = append(ps, citing(clauseOf(e.OID, true), fault(t.extField(e.OID), "%s is critical", inspect.OIDName(e.OID)))...)
		default:
			ps = append(ps, citing(clauseOf(e.OID, true), fault(t.extField(e.OID), "%s is not critical", inspect.OIDName(e.OID)))...)
		}
	}
	for i := range t.crl().Entries {
		e := &t.crl().Entries[i]
		if x, _ := e.Extension(inspect.OIDCertificateIssuer); x != nil && !x.Critical {
			ps = append(ps, citing(clauseOf(x.OID, true), fault(t.entryField(e.Serial), "certificateIssuer is not critical"))...)
		}
		for _, x := range e.Extensions {
			if x.Critical && slices.ContainsFunc(entryNotCritical, x.OID.Equal) {
				ps = append(ps, citing(clauseOf(x.OID, true), fault(t.entryField(e.Serial), "%s of serial %x is critical", inspect.OIDName(x.OID), e.Serial))...)
			}
		}
	}
	return ps
}

// listCriticality is whether the extensions of a CRL are critical (RFC 5280 5.2).
var listCriticality = map[string]bool{
	inspect.OIDAuthorityKeyID.String(): false, inspect.OIDCRLNumber.String(): false, inspect.OIDFreshestCRL.String(): false,
	inspect.OIDDeltaCRLIndicator.String(): true, inspect.OIDIssuingDistributionPoint.String(): true,
}

// entryNotCritical are the extensions of an entry that are not critical (RFC 5280 5.3.1,
// 5.3.2).
var entryNotCritical = []asn1.ObjectIdentifier{inspect.OIDReasonCode, inspect.OIDInvalidityDate}

func checkIndirect(t *target) (ps []problem) {
	if has(t.exts, inspect.OIDDeltaCRLIndicator) {
		ps = append(ps, at(Warning, fault(FieldExtensions, "delta CRL indicator"))...)
	}
	if has(t.exts, inspect.OIDFreshestCRL) {
		ps = append(ps, at(Warning, fault(FieldExtensions, "freshest CRL"))...)
	}
	idp, field, err := t.idp()
	if err != nil || !idp.IndirectCRL.Value {
		return ps // crl.idp, crl.entry-belongs
	}
	ps = append(ps, fault(field, "indirectCRL")...)
	for i := range t.crl().Entries {
		if e := &t.crl().Entries[i]; has(e.Extensions, inspect.OIDCertificateIssuer) {
			ps = append(ps, fault(t.entryField(e.Serial), "certificateIssuer")...)
		}
	}
	return ps
}

// hexSerial writes a serial number as a ceremony file does.
func hexSerial(n *big.Int) string { return n.Text(16) }
