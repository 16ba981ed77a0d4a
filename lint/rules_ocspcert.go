// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"encoding/asn1"
	"slices"

	"rootceremony/internal/inspect"
)

// delegateRules check certificates of delegated OCSP responders.
var delegateRules = []Rule{
	{
		ID: "ocspcert.exact", Level: Error, Citation: "BR 7.1.2.8.2 to 7.1.2.8.7",
		Requirement: "an OCSP responder certificate has authorityKeyIdentifier, extKeyUsage exactly OCSPSigning, ocsp-nocheck 0500 not critical, keyUsage critical exactly digitalSignature, basicConstraints absent or critical and empty; no nameConstraints, subjectAltName, CRL distribution points; certificatePolicies SHOULD NOT, authorityInfoAccess NOT RECOMMENDED, subjectKeyIdentifier SHOULD",
		From:        dateBR2, Kinds: delegateKind, Packs: tlsPack, Check: checkDelegate,
	},
	{
		ID: "ocspcert.nocheck", Level: Error, Citation: "SBR 4.9.9, CSBR 4.9.9, MRSP 5.2",
		Requirement: "the certificate of a delegated OCSP responder SHALL contain an extension of type id-pkix-ocsp-nocheck",
		Since:       packDates{PackSMIME: dateSMIME, PackCodeSigning: dateCSBR, PackMozilla: dateMRSP27}, Kinds: delegateKind, Check: checkNoCheck,
	},
	{
		ID: "ocspcert.purpose", Level: Error, Citation: "RFC 6960 4.2.2.2, 4.2.2.2.1, RFC 5280 4.2.1.3, BR 7.1.2.8.5, MTRP 3.1.18",
		Requirement: "OCSP signing delegation SHALL be designated by the inclusion of id-kp-OCSPSigning in an extended key usage certificate extension; BR (from 2023-09-15) and MTRP: no other purpose is in it; an ocsp-nocheck is NULL and SHOULD be not critical; a keyUsage permits signatures",
		Kinds:       delegateKind, Check: checkDelegatePurpose,
	},
	{
		ID: "ocspcert.lifetime", Level: Warning, Citation: "house",
		Requirement: "a responder certificate that cannot be revoked (ocsp-nocheck) is valid for at most 13 months",
		House:       HouseAdvice, Kinds: delegateKind, Check: checkDelegateLifetime,
	},
	{
		ID: "ocspcert.issuer", Level: Error, Citation: "BR 7.1.2.8",
		Requirement: "the issuer of a responder certificate is the issuer of the certificates that its responses are about",
		Kinds:       responseKind, Needs: []Need{NeedIssuer}, Applies: delegated, Check: checkDelegateIssuer,
	},
}

func checkDelegate(t *target) (ps []problem) {
	add := func(level Status, clause string, oid asn1.ObjectIdentifier, wrong bool, what string, args ...any) {
		if wrong {
			ps = append(ps, citing("BR "+clause, at(level, fault(t.extField(oid), what, args...)))...)
		}
	}
	not := func(oid asn1.ObjectIdentifier, critical bool, value ...byte) bool {
		e, _ := t.exts.Extension(oid)
		return e == nil || e.Critical != critical || !bytes.Equal(e.Value, value)
	}
	add(Error, "7.1.2.8.2", inspect.OIDAuthorityKeyID, !has(t.exts, inspect.OIDAuthorityKeyID), "authorityKeyIdentifier is missing")
	add(Warning, "7.1.2.8.2", inspect.OIDSubjectKeyID, !has(t.exts, inspect.OIDSubjectKeyID), "subjectKeyIdentifier is missing")
	add(Error, "7.1.2.8.6", inspect.OIDOCSPNoCheck, not(inspect.OIDOCSPNoCheck, false, 5, 0), "ocsp-nocheck is missing, critical or not NULL")
	add(Error, "7.1.2.8.7", inspect.OIDKeyUsage, not(inspect.OIDKeyUsage, true, 3, 2, 7, 0x80), "keyUsage is not critical and exactly digitalSignature")
	add(Error, "7.1.2.8.4", inspect.OIDBasicConstraints, has(t.exts, inspect.OIDBasicConstraints) && not(inspect.OIDBasicConstraints, true, 0x30, 0),
		"basicConstraints is not critical and empty, an encoded 3000")
	for _, oid := range []asn1.ObjectIdentifier{inspect.OIDNameConstraints, inspect.OIDSubjectAltName, inspect.OIDCRLDistributionPoints} {
		add(Error, "7.1.2.8.2", oid, has(t.exts, oid), "extension %s is present", inspect.OIDName(oid))
	}
	add(Warning, "7.1.2.8.2", inspect.OIDCertificatePolicies, has(t.exts, inspect.OIDCertificatePolicies), "extension certificatePolicies is present")
	add(Warning, "7.1.2.8.2", inspect.OIDAuthorityInfoAccess, has(t.exts, inspect.OIDAuthorityInfoAccess), "extension authorityInfoAccess is present")
	return ps
}

func checkNoCheck(t *target) []problem {
	if has(t.exts, inspect.OIDOCSPNoCheck) {
		return nil
	}
	return fault(t.extField(inspect.OIDOCSPNoCheck), "ocsp-nocheck is missing")
}

func checkDelegatePurpose(t *target) []problem {
	return append(t.delegatePurpose(), t.delegateUse()...)
}

// delegateUse checks what RFC 6960 and RFC 5280 ask of each responder, whatever its root is
// for.
func (t *target) delegateUse() (ps []problem) {
	if e, _ := t.exts.Extension(inspect.OIDOCSPNoCheck); e != nil {
		p := citing("RFC 6960 4.2.2.2.1", fault(t.extField(e.OID), "ocsp-nocheck is critical, or not NULL"))
		switch {
		case !bytes.Equal(e.Value, []byte{5, 0}):
			ps = append(ps, p...)
		case e.Critical:
			ps = append(ps, at(Warning, p)...)
		}
	}
	if bits, present := usage(t.exts); present && bits&(usageDigitalSignature|usageNonRepudiation) == 0 {
		ps = append(ps, citing("RFC 5280 4.2.1.3", fault(t.extField(inspect.OIDKeyUsage), "keyUsage permits no signature of a response: neither digitalSignature nor nonRepudiation"))...)
	}
	return ps
}

func (t *target) delegatePurpose() []problem {
	field := t.extField(inspect.OIDExtKeyUsage)
	ekus, _ := purposes(t.exts)
	switch {
	case !slices.Contains(ekus, purposeOCSP):
		return citing("RFC 6960 4.2.2.2", fault(field, "OCSPSigning is missing"))
	case len(ekus) > 1:
		if from := sinceOnlyOCSP.among(t.purpose.Rules); !from.IsZero() {
			return citing(t.cited("BR 7.1.2.8.5, MTRP 3.1.18"), since(from, fault(field, "a purpose other than OCSPSigning")))
		}
	}
	if bc, _, err := t.exts.BasicConstraints(); err == nil && bc.CA {
		return fault(t.extField(inspect.OIDBasicConstraints), "the responder is a CA")
	}
	return nil
}

// sinceOnlyOCSP are the days since which a responder has no other purpose: BR
// 7.1.2.8.5, MRSP 7.5.1 and 7.5.2 (below newer roots only), MTRP 3.1.18.
var sinceOnlyOCSP = packDates{PackTLS: dateBR2, PackMicrosoft: dateMTRP}

func checkDelegateLifetime(t *target) []problem {
	if t.cert().NotAfter.After(t.cert().NotBefore.AddDate(0, 13, 0)) {
		return fault(FieldValidity, "%s to %s is more than 13 months", stamp(t.cert().NotBefore.Time), stamp(t.cert().NotAfter.Time))
	}
	return nil
}

// delegated reports whether someone other than the issuer signs a response.
func delegated(t *target) bool { return t.ctx.Responder != nil }

func checkDelegateIssuer(t *target) []problem {
	r := t.ctx.Responder
	switch {
	case !bytes.Equal(r.RawIssuer, t.issuer.RawSubject):
		return fault(FieldResponder, "the responder certificate was issued by %q, but the certificate that the response is about by %q", r.Issuer, t.issuer.Subject)
	case t.ctx.Specimen:
		return lacksContext(FieldResponder, NeedSignature)
	}
	if err := inspect.VerifySignature(t.issuer.RawSPKI, r.OuterAlgorithm, r.RawTBS, r.Signature); err != nil {
		return fault(FieldResponder, "the responder's certificate under the issuer's key: %v", err)
	}
	return nil
}
