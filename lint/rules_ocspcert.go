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
		ID: "ocspcert.purpose", Level: Error, Citation: "RFC 6960 4.2.2.2, BR 7.1.2.8.5, MTRP 3.1.18",
		Requirement: "OCSP signing delegation SHALL be designated by the inclusion of id-kp-OCSPSigning in an extended key usage certificate extension; BR (from 2023-09-15) and MTRP: no other purpose is in it",
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
	forbid := func(level Status, oids ...asn1.ObjectIdentifier) {
		for _, oid := range oids {
			if has(t.exts, oid) {
				ps = append(ps, at(level, fault(t.extField(oid), "extension %s is present", inspect.OIDName(oid)))...)
			}
		}
	}
	if !has(t.exts, inspect.OIDAuthorityKeyID) {
		ps = append(ps, fault(t.extField(inspect.OIDAuthorityKeyID), "authorityKeyIdentifier is missing")...)
	}
	if !has(t.exts, inspect.OIDSubjectKeyID) {
		ps = append(ps, at(Warning, fault(t.extField(inspect.OIDSubjectKeyID), "subjectKeyIdentifier is missing"))...)
	}
	nocheck, _ := t.exts.Extension(inspect.OIDOCSPNoCheck)
	if nocheck == nil || nocheck.Critical || !bytes.Equal(nocheck.Value, []byte{5, 0}) {
		ps = append(ps, fault(t.extField(inspect.OIDOCSPNoCheck), "ocsp-nocheck is missing, critical or not 0500")...)
	}
	ku, _ := t.exts.Extension(inspect.OIDKeyUsage)
	if ku == nil || !ku.Critical || !bytes.Equal(ku.Value, []byte{3, 2, 7, 0x80}) {
		ps = append(ps, fault(t.extField(inspect.OIDKeyUsage), "keyUsage is not critical and exactly digitalSignature")...)
	}
	if bc, _ := t.exts.Extension(inspect.OIDBasicConstraints); bc != nil && (!bc.Critical || !bytes.Equal(bc.Value, []byte{0x30, 0})) {
		ps = append(ps, fault(t.extField(inspect.OIDBasicConstraints), "basicConstraints is not critical and exactly 3000")...)
	}
	forbid(Error, inspect.OIDNameConstraints, inspect.OIDSubjectAltName, inspect.OIDCRLDistributionPoints)
	forbid(Warning, inspect.OIDCertificatePolicies, inspect.OIDAuthorityInfoAccess)
	return ps
}

func checkNoCheck(t *target) []problem {
	if has(t.exts, inspect.OIDOCSPNoCheck) {
		return nil
	}
	return fault(t.extField(inspect.OIDOCSPNoCheck), "ocsp-nocheck is missing")
}

func checkDelegatePurpose(t *target) []problem {
	field := t.extField(inspect.OIDExtKeyUsage)
	ekus, _ := purposes(t.exts)
	switch {
	case !slices.Contains(ekus, purposeOCSP):
		return fault(field, "OCSPSigning is missing")
	case len(ekus) > 1:
		if from := sinceOnlyOCSP.among(t.purpose.Rules); !from.IsZero() {
			return since(from, fault(field, "a purpose other than OCSPSigning"))
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
