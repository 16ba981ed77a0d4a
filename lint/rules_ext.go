// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"slices"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// extensionRules check which extensions are present.
var extensionRules = []Rule{
	{
		ID: "cert.extensions-closed", Level: Error, Citation: "BR 7.1.2, 7.1.2.11.5",
		Requirement: "the extensions are those of the profile, in its order, with its criticality, each once",
		Kinds:       allKinds, Declared: true, Check: checkClosed,
	},
	{
		ID: "cert.extensions-required", Level: Error, Citation: "BR 7.1.2.1.2, 7.1.2.6.1, 7.1.2.3.1, 7.1.2.2.3, SBR 7.1.2.2, CSBR 7.1.2.2, RFC 5280 4.2.1",
		Requirement: "the extensions that the profile of this kind of CA requires MUST be present",
		Kinds:       caKinds, Check: checkRequired,
	},
	{
		ID: "cert.criticality", Level: Error, Citation: "BR 7.1.2, RFC 5280 4.2.1",
		Requirement: "basicConstraints and keyUsage of a CA are critical (RFC 5280: keyUsage SHOULD be), nameConstraints SHOULD be (RFC 5280: MUST), policyConstraints and inhibitAnyPolicy are; all others are not (RFC 5280 leaves the choice for extKeyUsage, certificatePolicies and CRL distribution points)",
		Kinds:       certKinds, Check: checkCriticality,
	},
	{
		ID: "cert.ca-usage", Level: Error, Citation: "RFC 5280 4.2.1.3, 4.2.1.9",
		Requirement: "keyUsage of a CA asserts keyCertSign",
		Kinds:       caKinds, Applies: hasUsage, Check: checkCAUsage,
	},
	{
		ID: "root.extensions", Level: Warning, Citation: "BR 7.1.2.1.2, 7.1.2.1.4, 7.1.2.11.2",
		Requirement: "in a root CA certificate extKeyUsage MUST NOT be present; certificatePolicies, CRL distribution points, authorityInfoAccess, nameConstraints, subjectAltName, a path length and others are NOT RECOMMENDED",
		From:        dateBR2, Kinds: rootKind, Packs: webPacks, Check: checkRootExtensions,
	},
	{
		ID: "root.aki", Level: Error, Citation: "BR 7.1.2.1.2, 7.1.2.1.3",
		Requirement: "authorityKeyIdentifier of a root is RECOMMENDED; keyIdentifier equals the subjectKeyIdentifier, issuer and serial number MUST NOT be present",
		From:        dateBR2, Kinds: rootKind, Packs: webPacks, Check: checkRootAKI,
	},
	{
		ID: "cert.ku", Level: Error, Citation: "BR 7.1.2.10.7, 7.1.2.8.7",
		Requirement: "keyUsage of a CA is critical, asserts keyCertSign and cRLSign, may assert digitalSignature and nothing else; of an OCSP responder it is exactly digitalSignature",
		From:        dateBR2, Kinds: certKinds, Packs: webPacks, Check: checkKeyUsage,
	},
	{
		ID: "cert.ocsp-intent", Level: Error, Citation: "BR 7.1.2.10.7, 7.3, MTRP 3.1.6",
		Requirement: "a CA whose key signs OCSP responses asserts digitalSignature; the profile says whether it does: none, direct or delegated",
		Kinds:       caKinds, Packs: append([]string{PackMicrosoft}, webPacks...), Intent: true, Check: checkOCSPIntent,
	},
	{
		ID: "cert.no-sct", Level: Error, Citation: "BR 7.1.2.11.3, RFC 6962 3",
		Requirement: "no SCT list, precertificate poison or OCSP no-check extension in a CA certificate, and no SCT list or poison in an OCSP responder certificate",
		Kinds:       certKinds, Check: checkNoSCT,
	},
}

func checkClosed(t *target) (ps []problem) {
	declared := t.declaredExtensions()
	for _, e := range t.exts {
		if _, n := t.exts.Extension(e.OID); n > 1 {
			return fault(t.extField(e.OID), "extension %s occurs %d times", inspect.OIDName(e.OID), n)
		}
		i := slices.IndexFunc(declared, func(d profiles.Extension) bool { return string(d.OID()) == e.OID.String() })
		switch {
		case i < 0:
			ps = append(ps, fault(FieldExtensions, "extension %s is not declared", inspect.OIDName(e.OID))...)
		case declared[i].Critical != e.Critical:
			ps = append(ps, fault(profiles.FieldOf(&declared[i]), "critical is %t, but %t is declared", e.Critical, declared[i].Critical)...)
		}
	}
	for _, d := range declared {
		if !slices.ContainsFunc(t.exts, func(e inspect.Extension) bool { return e.OID.String() == string(d.OID()) }) {
			ps = append(ps, fault(profiles.FieldOf(&d), "declared extension %s is missing", d.Name)...)
		}
	}
	if len(ps) > 0 {
		return ps
	}
	for i, d := range declared {
		if t.exts[i].OID.String() != string(d.OID()) {
			return fault(profiles.FieldOf(&d), "the extensions are not in the declared order")
		}
	}
	return nil
}

// requiredExtensions lists what the profile of a CA requires. What it merely
// recommends is left to zlint.
func (t *target) requiredExtensions() []asn1.ObjectIdentifier {
	need := []asn1.ObjectIdentifier{inspect.OIDBasicConstraints, inspect.OIDKeyUsage, inspect.OIDSubjectKeyID}
	if t.kind(profiles.RootCA) {
		return need
	}
	need = append(need, inspect.OIDAuthorityKeyID)
	if t.pack(webPacks...) {
		need = append(need, inspect.OIDCRLDistributionPoints)
		if t.kind(profiles.SubordinateCA) {
			need = append(need, inspect.OIDExtKeyUsage)
		}
	}
	if t.pack(PackTLS) && (t.tlsIntent() || t.kind(profiles.CrossCertifiedCA)) || t.pack(PackSMIME, PackCodeSigning) {
		need = append(need, inspect.OIDCertificatePolicies)
	}
	if t.pack(PackCodeSigning) {
		need = append(need, inspect.OIDAuthorityInfoAccess)
	}
	if t.pack(PackTLS) && t.purpose.Intent == profiles.TLSConstrained {
		need = append(need, inspect.OIDNameConstraints)
	}
	return need
}

func checkRequired(t *target) (ps []problem) {
	for _, oid := range t.requiredExtensions() {
		if !has(t.exts, oid) {
			ps = append(ps, fault(t.extField(oid), "extension %s is missing", inspect.OIDName(oid))...)
		}
	}
	if bc, _, err := t.exts.BasicConstraints(); err == nil && !bc.CA {
		ps = append(ps, fault(t.extField(inspect.OIDBasicConstraints), "cA is not asserted")...)
	}
	return ps
}

func checkCriticality(t *target) (ps []problem) {
	critical := []asn1.ObjectIdentifier{inspect.OIDBasicConstraints, inspect.OIDKeyUsage, inspect.OIDPolicyConstraints, inspect.OIDInhibitAnyPolicy}
	plain := []asn1.ObjectIdentifier{inspect.OIDAuthorityKeyID, inspect.OIDSubjectKeyID, inspect.OIDAuthorityInfoAccess,
		inspect.OIDSubjectInfoAccess, inspect.OIDFreshestCRL, inspect.OIDIssuerAltName}
	if t.pack(webPacks...) {
		plain = append(plain, inspect.OIDExtKeyUsage, inspect.OIDCertificatePolicies, inspect.OIDCRLDistributionPoints, inspect.OIDOCSPNoCheck)
	}
	for _, e := range t.exts {
		switch {
		case e.OID.Equal(inspect.OIDNameConstraints) && !e.Critical:
			p := fault(t.extField(e.OID), "nameConstraints is not critical")
			if t.pack(webPacks...) {
				p = at(Warning, p) // BR 7.1.2.5.2, SBR and CSBR 7.1.2.2; RFC 5280 4.2.1.10 says MUST
			}
			ps = append(ps, p...)
		case e.OID.Equal(inspect.OIDKeyUsage) && !e.Critical && !t.pack(webPacks...):
			ps = append(ps, at(Warning, fault(t.extField(e.OID), "critical is %t (RFC 5280 4.2.1.3: SHOULD)", e.Critical))...)
		case slices.ContainsFunc(critical, e.OID.Equal) && !e.Critical, slices.ContainsFunc(plain, e.OID.Equal) && e.Critical:
			ps = append(ps, fault(t.extField(e.OID), "critical is %t", e.Critical)...)
		}
	}
	return ps
}

func hasUsage(t *target) bool { return has(t.exts, inspect.OIDKeyUsage) }

func checkCAUsage(t *target) []problem {
	if bits, _ := usage(t.exts); bits&usageCertSign == 0 {
		return fault(t.extField(inspect.OIDKeyUsage), "keyCertSign is not asserted")
	}
	return nil
}

func checkRootExtensions(t *target) (ps []problem) {
	usual := []asn1.ObjectIdentifier{inspect.OIDBasicConstraints, inspect.OIDKeyUsage, inspect.OIDSubjectKeyID, inspect.OIDAuthorityKeyID}
	for _, e := range t.exts {
		if slices.ContainsFunc(usual, e.OID.Equal) {
			continue
		}
		p := fault(t.extField(e.OID), "extension %s in a root", inspect.OIDName(e.OID))
		if e.OID.Equal(inspect.OIDExtKeyUsage) {
			p = at(Error, p)
		}
		ps = append(ps, p...)
	}
	if bc, _, err := t.exts.BasicConstraints(); err == nil && bc.PathLen != nil {
		ps = append(ps, fault(t.extField(inspect.OIDBasicConstraints), "a path length of %d in a root", *bc.PathLen)...)
	}
	return ps
}

func checkRootAKI(t *target) []problem {
	aki, present, err := t.exts.AuthorityKeyID()
	field := t.extField(inspect.OIDAuthorityKeyID)
	switch {
	case err != nil:
		return fault(field, "%v", err)
	case !present:
		return at(Warning, fault(field, "authorityKeyIdentifier is missing"))
	case aki.Issuer != nil || aki.Serial != nil:
		return fault(field, "authorityKeyIdentifier has an issuer or a serial number")
	case !slices.Equal(aki.KeyID, subjectKeyID(t.exts)):
		return fault(field, "keyIdentifier %x is not subjectKeyIdentifier %x", aki.KeyID, subjectKeyID(t.exts))
	}
	return nil
}

func checkKeyUsage(t *target) (ps []problem) {
	field := t.extField(inspect.OIDKeyUsage)
	bits, present := usage(t.exts)
	need, may := uint16(usageCertSign|usageCRLSign), uint16(usageDigitalSignature)
	if t.kind(profiles.OCSPResponder) {
		need, may = usageDigitalSignature, 0
	}
	if !present {
		return fault(field, "keyUsage is missing or cannot be read")
	}
	if missing := need &^ bits; missing != 0 {
		ps = append(ps, fault(field, "keyUsage lacks %v", inspect.KeyUsage{Bits: missing, BitLength: 9}.Names())...)
	}
	if extra := bits &^ (need | may); extra != 0 {
		ps = append(ps, fault(field, "keyUsage asserts %v", inspect.KeyUsage{Bits: extra, BitLength: 9}.Names())...)
	}
	return ps
}

func checkOCSPIntent(t *target) []problem {
	bits, _ := usage(t.exts)
	field := t.extField(inspect.OIDKeyUsage)
	switch t.purpose.OCSP {
	case ocspNone, ocspDelegated:
		return nil
	case ocspDirect:
		if bits&usageDigitalSignature == 0 {
			return fault(field, "the profile declares that this key signs OCSP responses, and digitalSignature is not asserted")
		}
		return nil
	}
	return fault(FieldOCSP, "the profile does not say who answers OCSP for this CA")
}

func checkNoSCT(t *target) (ps []problem) {
	refused := []asn1.ObjectIdentifier{inspect.OIDSCTList, inspect.OIDPrecertificatePoison}
	if isCA(t.obj.Kind()) {
		refused = append(refused, inspect.OIDOCSPNoCheck)
	}
	for _, oid := range refused {
		if has(t.exts, oid) {
			ps = append(ps, fault(t.extField(oid), "extension %s is present", inspect.OIDName(oid))...)
		}
	}
	return ps
}
