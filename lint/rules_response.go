// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // names in OCSP, not a signature (RFC 6960 4.1.1)
	"encoding/asn1"
	"slices"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// responseRules check OCSP responses.
var responseRules = []Rule{
	{
		ID: "ocsp.window", Level: Error, Citation: "BR 4.9.9, SBR 4.9.10, CSBR 4.9.10, RFC 6960 4.2.2.1, MRSP 6",
		Requirement: "nextUpdate is present (RFC 6960 leaves it out where newer information is always available), after thisUpdate, and at most 12 months later for CA certificates, from 8 hours (BR since 2020-09-30) to 10 days for subscriber certificates, inclusive of the last second",
		Kinds:       responseKind, Check: checkResponseWindow,
	},
	{
		ID: "ocsp.times", Level: Error, Citation: "RFC 6960 2.4, house",
		Requirement: "producedAt is not after the signing, and thisUpdate not more than a day before it",
		House:       HouseDeclared, Kinds: responseKind, Needs: []Need{NeedSigning}, Check: checkResponseTimes,
	},
	{
		ID: "ocsp.order", Level: Error, Citation: "RFC 6960 2.4, house",
		Requirement: "revocationTime <= thisUpdate <= producedAt: nobody knows a status before it is one",
		House:       HouseDeclared, Kinds: responseKind, Check: checkResponseOrder,
	},
	{
		ID: "ocsp.within-signer", Level: Error, Citation: "MRSP 6, RFC 6960 4.2.2.2, else house",
		Requirement: "nextUpdate is not after the notAfter of the certificate of the signer, under which the response could not be verified",
		House:       HouseUnusable, Asked: packDates{PackMozilla: dateMRSP23}, Kinds: responseKind, Check: checkWithinSigner,
	},
	{
		ID: "ocsp.reason", Level: Error, Citation: "BR 7.3, 7.3.2, SBR 7.3, 7.3.2",
		Requirement: "the response for a revoked CA certificate has a revocationReason that a CRL may have; singleExtensions has no reasonCode",
		Since:       packDates{PackTLS: dateReasons, PackSMIME: dateSMIME}, Kinds: responseKind, Check: checkResponseReason,
	},
	{
		ID: "ocsp.signer", Level: Error, Citation: "BR 4.9.9, 7.1.2.10.7, RFC 6960 4.2.2.2",
		Requirement: "the response is signed by the issuing CA, which asserts digitalSignature, or by a responder that the issuing CA certified for OCSPSigning and whose certificate is valid",
		Kinds:       responseKind, Needs: []Need{NeedIssuer}, Check: checkResponder,
	},
	{
		ID: "ocsp.signature", Level: Error, Citation: "RFC 6960 3.2",
		Requirement: "the signature verifies under the key of the responder, in software",
		Record:      RecordSignature,
		Kinds:       responseKind, Needs: []Need{NeedIssuerKey, NeedSignature}, Check: checkSignature,
	},
	{
		ID: "ocsp.status", Level: Error, Citation: "BR 4.9.9",
		Requirement: "the serial number is that of a certificate which the CA issued, by name and by signature, and not unknown",
		Kinds:       responseKind, Needs: []Need{NeedIssuer, NeedSubject}, Check: checkResponseSubject,
	},
	{
		ID: "ocsp.crl", Level: Error, Citation: "BR 4.9.9, house",
		Requirement: "status, date and reason agree with the latest CRL of the CA",
		House:       HouseConflicts, Asked: sinceWindow, Kinds: responseKind, Needs: []Need{NeedLatestCRL}, Applies: hasCRL, Check: checkResponseCRL,
	},
	{
		ID: "ocsp.certid", Level: Notice, Citation: "RFC 5019 2.1.1",
		Requirement: "clients of the lightweight profile use SHA-1 in CertID",
		Kinds:       responseKind, Packs: webPacks, Check: checkCertIDHash,
	},
	{
		ID: "ocsp.certid-issuer", Level: Error, Citation: "RFC 6960 4.1.1",
		Requirement: "issuerNameHash and issuerKeyHash are those of the issuer of the certificate",
		Record:      RecordIssuer,
		Kinds:       responseKind, Needs: []Need{NeedIssuer}, Check: checkCertID,
	},
}

// The days since which documents limit how long a response is valid, at least and at
// most: BR 1.0 and 1.7.1, 4.9.10.
var (
	sinceWindow  = packDates{PackTLS: dateBR1, PackSMIME: dateSMIME, PackCodeSigning: dateCSBR}
	sinceTenDays = packDates{PackTLS: dateBR1, PackSMIME: dateSMIME, PackCodeSigning: dateCSBR, PackMozilla: dateMRSP22}
	sinceHours   = packDates{PackTLS: dateReasons, PackSMIME: dateSMIME}
	sinceNext    = packDates{PackTLS: dateReasons, PackSMIME: dateSMIME, PackCodeSigning: dateCSBR, PackMozilla: dateMRSP23}
)

func checkResponseWindow(t *target) []problem {
	s := t.single()
	if s.NextUpdate == nil {
		return t.sinceAsked(sinceNext, fault(FieldNextUpdate, "nextUpdate is missing"))
	}
	from, to := s.ThisUpdate.Time, s.NextUpdate.Time
	if !to.After(from) {
		return fault(FieldNextUpdate, "nextUpdate %s is not after thisUpdate %s", stamp(to), stamp(from))
	}
	end := to.Add(time.Second) // the interval is inclusive (BR 4.9.9)
	switch ca := t.obj.response().Covers == profiles.CACertificates; {
	case ca && end.After(from.AddDate(0, 12, 0)):
		return t.sinceAsked(sinceWindow, fault(FieldNextUpdate, "%s to %s is more than 12 months", stamp(from), stamp(to)))
	case ca:
		return nil
	case end.Sub(from) > 10*day:
		return t.sinceAsked(sinceTenDays, fault(FieldNextUpdate, "%s to %s is more than 10 days", stamp(from), stamp(to)))
	case end.Sub(from) < 8*time.Hour:
		return t.sinceAsked(sinceHours, fault(FieldNextUpdate, "%s to %s is less than 8 hours", stamp(from), stamp(to)))
	}
	return nil
}

// signerCert gives the certificate of the signer the response.
func (t *target) signerCert() *inspect.Certificate {
	if t.ctx.Responder != nil {
		return t.ctx.Responder
	}
	return t.issuer
}

func checkResponseTimes(t *target) (ps []problem) {
	s, produced := t.single(), t.resp().ProducedAt.Time
	if s.ThisUpdate.Before(t.ctx.Signing.Add(-thisUpdateTolerance)) {
		ps = append(ps, fault(FieldThisUpdate, "thisUpdate %s is more than a day before the signing", stamp(s.ThisUpdate.Time))...)
	}
	if produced.After(t.ctx.Signing) {
		ps = append(ps, fault(FieldThisUpdate, "producedAt %s is after the signing at %s", stamp(produced), stamp(t.ctx.Signing))...)
	}
	return ps
}

func checkResponseOrder(t *target) (ps []problem) {
	s, produced := t.single(), t.resp().ProducedAt.Time
	if s.ThisUpdate.After(produced) {
		ps = append(ps, fault(FieldThisUpdate, "thisUpdate %s is after producedAt %s", stamp(s.ThisUpdate.Time), stamp(produced))...)
	}
	if s.RevokedAt != nil && s.RevokedAt.After(s.ThisUpdate.Time) {
		ps = append(ps, fault(FieldStatus, "revoked at %s, after thisUpdate %s", stamp(s.RevokedAt.Time), stamp(s.ThisUpdate.Time))...)
	}
	return ps
}

func checkWithinSigner(t *target) []problem {
	s, signer := t.single(), t.signerCert()
	switch {
	case signer == nil:
		return lacksContext(FieldNextUpdate, NeedIssuer)
	case s.NextUpdate != nil && s.NextUpdate.After(signer.NotAfter.Time):
		return fault(FieldNextUpdate, "nextUpdate %s is after the notAfter of the signer, %s", stamp(s.NextUpdate.Time), stamp(signer.NotAfter.Time))
	}
	return nil
}

func checkResponseReason(t *target) (ps []problem) {
	s := t.single()
	if has(s.Extensions, inspect.OIDReasonCode) {
		ps = append(ps, fault(FieldStatus, "reasonCode in singleExtensions")...)
	}
	if s.Status != inspect.StatusRevoked {
		return ps
	}
	switch {
	case s.Reason == nil && t.obj.response().Covers == profiles.CACertificates:
		ps = append(ps, fault(FieldStatus, "revocationReason is missing")...)
	case s.Reason != nil && *s.Reason == 2 && t.pack(PackTLS):
		ps = append(ps, at(Warning, fault(FieldStatus, "cACompromise is not in the table of BR 7.2.2; prefer keyCompromise"))...)
	case s.Reason != nil && !slices.Contains([]int{1, 3, 4, 5, 9}, *s.Reason) && (t.pack(PackTLS) || *s.Reason == 0 || *s.Reason == 6):
		ps = append(ps, fault(FieldStatus, "reason %d (%s)", *s.Reason, inspect.ReasonName(*s.Reason))...)
	}
	return ps
}

func checkResponder(t *target) (ps []problem) {
	signer := t.signerCert()
	bits, present := usage(signer.Extensions)
	if present && bits&usageDigitalSignature == 0 {
		ps = append(ps, fault(FieldResponder, "the keyUsage of %q lacks digitalSignature", signer.Subject)...)
	}
	if t.ctx.Responder != nil {
		if !IsResponder(signer.Extensions) {
			ps = append(ps, fault(FieldResponder, "%q lacks the purpose OCSPSigning", signer.Subject)...)
		}
		if produced := t.resp().ProducedAt.Time; produced.Before(signer.NotBefore.Time) || produced.After(signer.NotAfter.Time) {
			ps = append(ps, fault(FieldResponder, "the certificate of %q is not valid at %s", signer.Subject, stamp(produced))...)
		}
	}
	switch {
	case t.resp().ResponderByName != nil && !bytes.Equal(t.resp().ResponderByName.Raw, signer.RawSubject):
		ps = append(ps, fault(FieldResponder, "responderID %q, but %q signs", t.resp().ResponderByName, signer.Subject)...)
	case t.resp().ResponderByName == nil && !bytes.Equal(t.resp().ResponderByKey, sha1Sum(publicKeyBits(signer.RawSPKI))):
		ps = append(ps, fault(FieldResponder, "responderID is not the SHA-1 of the key of %q", signer.Subject)...)
	}
	if len(t.resp().Certificates) > 0 && !embeds(t.resp().Certificates[0], signer, t.ctx.Responder == nil) {
		ps = append(ps, fault(FieldResponder, "the embedded certificate is not that of %q", signer.Subject)...)
	}
	if t.ctx.Responder != nil && len(t.resp().Certificates) == 0 {
		level := Error // clients have it from nowhere else
		if t.ctx.Published {
			level = Notice // RFC 6960 4.2.1: MAY
		}
		ps = append(ps, citing("RFC 5019 2.2.2", at(level, fault(FieldResponder, "the certificate of the responder is not embedded, which clients of the lightweight profile need")))...)
	}
	return ps
}

// embeds reports whether an embedded certificate is that of the signer. A CA has
// several of one name and key, of which any does.
func embeds(der []byte, signer *inspect.Certificate, ca bool) bool {
	if bytes.Equal(der, signer.Raw) {
		return true
	}
	c, err := inspect.ParseCertificate(der)
	return ca && err == nil && bytes.Equal(c.RawSubject, signer.RawSubject) && bytes.Equal(c.RawSPKI, signer.RawSPKI)
}

// sha1Sum is SHA-1 as OCSP names things by.
func sha1Sum(b []byte) []byte {
	sum := sha1.Sum(b) //nolint:gosec // see above
	return sum[:]
}

func checkResponseSubject(t *target) (ps []problem) {
	c, s := t.ctx.Subject, t.single()
	if c.Serial.Cmp(s.CertID.Serial) != 0 {
		ps = append(ps, fault(FieldCertificate, "the response is about serial %x, but %q has %x", s.CertID.Serial, c.Subject, c.Serial)...)
	}
	ps = append(ps, t.issuedByCA(FieldCertificate, c.Serial, c)...)
	if s.Status == inspect.StatusUnknown {
		ps = append(ps, fault(FieldStatus, "status unknown for a certificate of the CA")...)
	}
	return ps
}

// hasCRL reports whether there is, or has to be, a CRL to agree with.
func hasCRL(t *target) bool { return t.ctx.LatestCRL != nil || t.pack(webPacks...) }

func checkResponseCRL(t *target) []problem {
	s := t.single()
	if e, delta := t.revokedByDelta(s.CertID.Serial); e != nil {
		return disagreement(FieldStatus, "", "the delta CRL "+delta, s, e)
	}
	if e := entryOf(t.ctx.LatestCRL, s.CertID.Serial); e != nil || s.Status == inspect.StatusRevoked {
		return disagreement(FieldStatus, "", "the latest CRL", s, e)
	}
	return nil
}

// disagreement says what a response and an entry of a CRL, or none, say differently
// of one certificate, of which one says that it is revoked.
func disagreement(field profiles.Field, response, crl string, s *inspect.Single, e *inspect.RevokedEntry) []problem {
	switch {
	case e == nil:
		return fault(field, "%srevoked, but %s does not list serial %x", response, crl, s.CertID.Serial)
	case s.Status != inspect.StatusRevoked:
		return fault(field, "%s%s, but %s lists serial %x", response, s.Status, crl, s.CertID.Serial)
	case s.RevokedAt == nil || !e.Date.Equal(s.RevokedAt.Time):
		return fault(field, "%srevoked, but %s has another revocation date for serial %x, %s", response, crl, s.CertID.Serial, stamp(e.Date.Time))
	case e.Reason != nil && (s.Reason == nil || *s.Reason != *e.Reason):
		return fault(field, "%srevoked, but %s has another reason for serial %x, %s", response, crl, s.CertID.Serial, inspect.ReasonName(*e.Reason))
	}
	return nil
}

func checkCertIDHash(t *target) []problem {
	if got := algorithm.HashOf(t.single().CertID.HashOID.String()); got != algorithm.SHA1 {
		return fault(FieldCertID, "CertID with hash %s", inspect.OIDName(t.single().CertID.HashOID))
	}
	return nil
}

// afterOID gives the parameters of an AlgorithmIdentifier.
func afterOID(alg []byte) []byte {
	parts, err := sequence(alg)
	if err != nil || len(parts) < 2 {
		return nil
	}
	return parts[1].FullBytes
}

func checkCertID(t *target) []problem {
	id := t.single().CertID
	hash := algorithm.HashOf(id.HashOID.String())
	if hash != algorithm.SHA1 && hash != algorithm.SHA256 {
		return fault(FieldCertID, "CertID with hash %s", id.HashOID)
	}
	if rest := afterOID(id.HashAlg); len(rest) > 0 && !bytes.Equal(rest, asn1.NullBytes) {
		return fault(FieldCertID, "the parameters of the hash are %x", rest)
	}
	if !bytes.Equal(id.NameHash, hash.Sum(t.issuer.RawSubject)) || !bytes.Equal(id.KeyHash, hash.Sum(publicKeyBits(t.issuer.RawSPKI))) {
		return fault(FieldIssuer, "CertID does not name %q", t.issuer.Subject)
	}
	return nil
}
