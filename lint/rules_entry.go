// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"errors"
	"math/big"
	"slices"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// entryRules check the entries of CRLs.
var entryRules = []Rule{
	{
		ID: "crl.entry-reason", Level: Error, Citation: "BR 4.9.13, 7.2.2, SBR 7.2.2, CSBR 4.9.13, CCADB Policy 3.2, MTRP 2.1.7, RFC 5280 5.3.1",
		Requirement: "an entry for a CA certificate has a reasonCode (but for CSBR), ENUMERATED and not critical; BR (from 2024-03-15): of keyCompromise, affiliationChanged, superseded, cessationOfOperation or privilegeWithdrawn; SBR: not unspecified; certificateHold only SBR, for subscriber certificates of the Legacy and Multipurpose generations",
		Since:       packDates{PackTLS: dateReasons, PackSMIME: dateSMIME, PackCodeSigning: dateNoHold, PackCCADB: dateCCADB2, PackMicrosoft: dateMTRP}, Kinds: crlKind,
		Applies: hasEntries, Check: checkReasons,
	},
	{
		ID: "crl.entry-belongs", Level: Error, Citation: "RFC 5280 5.2.6, 5.3.1, 5.3.3",
		Requirement: "freshestCRL is in complete CRLs only, the reason removeFromCRL in delta CRLs only, and certificateIssuer in indirect CRLs only",
		Kinds:       crlKind, Check: checkEntriesBelong,
	},
	{
		ID: "crl.entry-known", Level: Error, Citation: "BR 7.2, RFC 5280 5.1.2.6",
		Requirement: "the serial number is that of a certificate which this CA issued, byte for byte and by signature (a notice where nothing here computes it), and not of the CA itself",
		Kinds:       crlKind, Needs: []Need{NeedIssuer, NeedRevoked}, Applies: hasEntries, Check: checkEntriesKnown,
	},
	{
		ID: "crl.entry-dates", Level: Error, Citation: "RFC 5280 5.1.2.6, house",
		Requirement: "the certificate's notBefore <= revocationDate <= thisUpdate",
		House:       HouseDeclared, Kinds: crlKind, Needs: []Need{NeedRevoked}, Applies: hasEntries, Check: checkEntryDates,
	},
	{
		ID: "crl.entry-unique", Level: Error, Citation: "RFC 5280 5.1.2.6, 4.1.2.2",
		Requirement: "no serial number is listed twice, and each is positive (a notice)",
		Kinds:       crlKind, Check: checkEntriesUnique,
	},
	{
		ID: "crl.entry-ext", Level: Warning, Citation: "BR 7.2.2, CSBR 7.2.2",
		Requirement: "BR: entry extensions other than reasonCode are NOT RECOMMENDED, and not critical; CSBR: invalidityDate equals revocationDate",
		Since:       packDates{PackTLS: dateBRCRL, PackCodeSigning: dateInvalid}, Kinds: crlKind, Check: checkEntryExtensions,
	},
	{
		ID: "crl.responses", Level: Error, Citation: "BR 4.9.9, house",
		Requirement: "the entries agree in status, date and reason with the OCSP responses that the same ceremony signs before the CRL",
		House:       HouseConflicts, Kinds: crlKind, Needs: []Need{NeedRevoked}, Applies: hasResponses, Check: checkResponsesAgree,
	},
}

func hasEntries(t *target) bool { return t.crl().EntryCount > 0 }

func checkEntriesBelong(t *target) (ps []problem) {
	delta := has(t.exts, inspect.OIDDeltaCRLIndicator)
	idp, _, _ := t.idp()
	if delta && has(t.exts, inspect.OIDFreshestCRL) {
		ps = append(ps, fault(t.extField(inspect.OIDFreshestCRL), "freshestCRL, and this is a delta CRL")...)
	}
	for i := range t.crl().Entries {
		e := &t.crl().Entries[i]
		if RemovesFromCRL(e) && !delta {
			ps = append(ps, fault(t.entryField(e.Serial), "reason removeFromCRL of serial %x, and this is no delta CRL", e.Serial)...)
		}
		if has(e.Extensions, inspect.OIDCertificateIssuer) && !idp.IndirectCRL.Value {
			ps = append(ps, fault(t.entryField(e.Serial), "certificateIssuer of serial %x, and this is no indirect CRL", e.Serial)...)
		}
	}
	return ps
}

func checkReasons(t *target) (ps []problem) {
	ca := t.obj.revocationList().Covers == profiles.CACertificates && t.pack(PackTLS, PackSMIME, PackCCADB, PackMicrosoft)
	for i := range t.crl().Entries {
		e := &t.crl().Entries[i]
		field := t.entryField(e.Serial)
		x, _ := e.Extension(inspect.OIDReasonCode)
		switch {
		case x == nil && ca:
			ps = append(ps, fault(field, "serial %x has no reasonCode", e.Serial)...)
		case x == nil:
		case x.Critical:
			ps = append(ps, fault(field, "reasonCode of serial %x is critical", e.Serial)...)
		case e.ReasonTag != 10 || e.Reason == nil:
			ps = append(ps, fault(field, "reasonCode of serial %x is not an ENUMERATED", e.Serial)...)
		default:
			ps = append(ps, t.checkReason(field, e, t.previousEntry(e.Serial))...)
		}
	}
	return ps
}

// checkReason checks the value of a reason code.
func (t *target) checkReason(field profiles.Field, e, previous *inspect.RevokedEntry) []problem {
	code := *e.Reason
	p := fault(field, "reason %d (%s) of serial %x", code, inspect.ReasonName(code), e.Serial)
	switch {
	case slices.Contains([]int{1, 3, 4, 5, 9}, code):
		return nil
	case code == reasonHold:
		return t.checkHold(field, e)
	case code == removeFromCRL && !has(t.exts, inspect.OIDDeltaCRLIndicator):
		return nil // crl.entry-belongs
	case t.pack(PackSMIME) && code == reasonUnspecified:
		return p
	case !t.pack(PackTLS):
		return nil
	case code != 2:
		return since(dateBRCRL, p)
	case previous != nil && previous.Reason != nil && *previous.Reason == 2:
		return nil
	}
	return since(dateBRCRL, at(Warning, fault(field, "cACompromise of serial %x is not in the table of BR 7.2.2; prefer keyCompromise", e.Serial)))
}

func checkEntriesKnown(t *target) (ps []problem) {
	for i := range t.crl().Entries {
		e := &t.crl().Entries[i]
		field, c := t.entryField(e.Serial), t.ctx.Revoked[hexSerial(e.Serial)]
		switch {
		case e.Serial.Cmp(t.record.Serial) == 0 && SelfSigned(t.record), e.Serial.Cmp(t.issuer.Serial) == 0 && SelfSigned(t.issuer):
			ps = append(ps, fault(field, "serial %x is the CA's own certificate", e.Serial)...)
		case c == nil && field == FieldRevokeFrom && !t.pack(webPacks...):
			// From a list of the CA. That it is one is said where people approve it.
		case c == nil && field == FieldRevokeFrom && t.obj.revocationList().Covers == profiles.SubscriberCertificates:
			// The same: no CA gives thousands of certificates of subscribers.
		case c == nil && t.previousEntry(e.Serial) == nil:
			ps = append(ps, fault(field, "no certificate with serial %x is given, and the previous CRL has none", e.Serial)...)
		case c != nil:
			ps = append(ps, t.issuedByCA(field, e.Serial, c)...)
		}
	}
	return ps
}

// issuedByCA checks that this CA issued a certificate. In a rehearsal
// certificates of the same ceremony come from the stand-in; in a plan they are
// specimens, whose signature only the room can check.
func (t *target) issuedByCA(field profiles.Field, serial *big.Int, c *inspect.Certificate) []problem {
	if c.Serial.Cmp(serial) != 0 {
		return fault(field, "the certificate given for serial %x has serial %x", serial, c.Serial)
	}
	not := fault(field, "serial %x: %q was issued by %q", serial, c.Subject, c.Issuer)
	for _, issuer := range []*inspect.Certificate{t.record, t.issuer} {
		if !bytes.Equal(c.RawIssuer, issuer.RawSubject) {
			continue
		}
		err := verifySignature(issuer.RawSPKI, c.OuterAlgorithm, c.RawTBS, c.Signature)
		switch {
		case err == nil:
			return nil
		case t.ctx.Specimen && t.declaredHere(c):
			return lacksContext(field, NeedSignature)
		case errors.Is(err, inspect.ErrNotAccepted) && namesKey(c, issuer):
			return at(Notice, fault(field, "serial %x: that this CA signed %q cannot be verified (%v); the name of its issuer is that of the CA, and so is the key identifier where there is one",
				serial, c.Subject, err))
		}
		not = fault(field, "serial %x: the signature of %q: %v", serial, c.Subject, err)
	}
	return not
}

// namesKey reports whether the key identifier of its issuer in a certificate is that of
// a CA, or either has none.
func namesKey(c, ca *inspect.Certificate) bool {
	id, present, err := c.AuthorityKeyID()
	return err == nil && (!present || agrees(id, ca))
}

// declaredHere reports whether a certificate is an artifact of this ceremony.
func (t *target) declaredHere(c *inspect.Certificate) bool {
	return slices.ContainsFunc(t.ctx.Siblings, func(s Sibling) bool {
		return s.Declared != nil && s.Cert != nil && bytes.Equal(s.Cert.Raw, c.Raw)
	})
}

func checkEntryDates(t *target) (ps []problem) {
	this := t.crl().ThisUpdate.Time
	for i := range t.crl().Entries {
		e := &t.crl().Entries[i]
		field, c := t.entryField(e.Serial), t.ctx.Revoked[hexSerial(e.Serial)]
		switch {
		case e.Date.After(this):
			ps = append(ps, fault(field, "serial %x revoked on %s, after thisUpdate %s", e.Serial, stamp(e.Date.Time), stamp(this))...)
		case c != nil && e.Date.Before(c.NotBefore.Time):
			ps = append(ps, fault(field, "serial %x revoked on %s, before its notBefore %s", e.Serial, stamp(e.Date.Time), stamp(c.NotBefore.Time))...)
		}
	}
	return ps
}

func checkEntriesUnique(t *target) (ps []problem) {
	seen := make(map[string]bool, len(t.crl().Entries))
	for i := range t.crl().Entries {
		serial := t.crl().Entries[i].Serial
		if h := hexSerial(serial); seen[h] {
			ps = append(ps, fault(t.entryField(serial), "serial %s is listed twice", h)...)
		} else {
			seen[h] = true
		}
		if serial.Sign() <= 0 { // there are such certificates, and to list one is right
			ps = append(ps, at(Notice, fault(t.entryField(serial), "serial number %s is not positive: RFC 5280 allows no certificate that has it", serial))...)
		}
	}
	return ps
}

func checkEntryExtensions(t *target) (ps []problem) {
	for i := range t.crl().Entries {
		e := &t.crl().Entries[i]
		field := t.entryField(e.Serial)
		for j := range e.Extensions {
			if !e.Extensions[j].OID.Equal(inspect.OIDReasonCode) {
				ps = append(ps, t.entryExtension(e, &e.Extensions[j], field)...)
			}
		}
	}
	return ps
}

// entryExtension checks an extension of an entry that is not reasonCode.
func (t *target) entryExtension(e *inspect.RevokedEntry, x *inspect.Extension, field profiles.Field) []problem {
	if x.OID.Equal(inspect.OIDInvalidityDate) && t.pack(PackCodeSigning) {
		if date, _, err := e.InvalidityDate(); err != nil || !date.Equal(e.Date.Time) {
			return at(Error, fault(field, "invalidityDate of serial %x is not its revocationDate", e.Serial))
		}
		return nil
	}
	if !t.pack(PackTLS) {
		return nil
	}
	p := since(dateBRCRL, fault(field, "serial %x has %s", e.Serial, inspect.OIDName(x.OID)))
	if x.Critical {
		return at(Error, p) // a reader that does not know it must not use the CRL (RFC 5280 5.3)
	}
	return p
}

// hasResponses reports whether OCSP responses were signed before the CRL.
func hasResponses(t *target) bool { return len(t.ctx.Responses) > 0 }

// checkResponsesAgree is ocsp.crl seen from the other side, where the CRL is signed
// after the response.
func checkResponsesAgree(t *target) (ps []problem) {
	for _, r := range t.ctx.Responses {
		for i := range r.Response.Singles {
			s := &r.Response.Singles[i]
			e, c := t.entry(s.CertID.Serial), t.ctx.Revoked[hexSerial(s.CertID.Serial)]
			if e == nil && (s.Status != inspect.StatusRevoked || c == nil || !coveredBy(t.exts, c)) {
				continue
			}
			ps = append(ps, disagreement(t.entryField(s.CertID.Serial), r.Artifact+" says ", "this CRL", s, e)...)
		}
	}
	return ps
}
