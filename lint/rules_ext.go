// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"slices"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// extensionRules check which extensions are present.
var extensionRules = []Rule{
	{
		ID: "cert.extensions-closed", Level: Error, Citation: "BR 7.1.2, 7.1.2.11.5",
		Requirement: "the extensions are those of the profile, in its order, with its criticality, each once",
		House:       HouseDeclared, Kinds: allKinds, Declared: true, Check: checkClosed,
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
		ID: "root.extensions", Level: Warning, Citation: "BR 7.1.2.1.2, 7.1.2.1.4, 7.1.2.11.2, SBR 7.1.2.1, CSBR 7.1.2.1",
		Requirement: "in a root CA certificate extKeyUsage MUST NOT be present; certificatePolicies and a path length SHOULD NOT be; BR (from 2023-09-15): CRL distribution points, authorityInfoAccess, nameConstraints, subjectAltName and others are NOT RECOMMENDED",
		Since:       packDates{PackTLS: dateBR1, PackSMIME: dateSMIME, PackCodeSigning: dateCSBR}, Kinds: rootKind, Check: checkRootExtensions,
	},
	{
		ID: "root.aki", Level: Error, Citation: "BR 7.1.2.1.2, 7.1.2.1.3",
		Requirement: "authorityKeyIdentifier of a root is RECOMMENDED; keyIdentifier equals the subjectKeyIdentifier, issuer and serial number MUST NOT be present",
		From:        dateBR2, Kinds: rootKind, Packs: tlsPack, Check: checkRootAKI,
	},
	{
		ID: "cert.ku", Level: Error, Citation: "BR 7.1.2.10.7, 7.1.2.8.7, SBR and CSBR 7.1.2.1 and 7.1.2.2",
		Requirement: "keyUsage of a CA asserts keyCertSign and cRLSign; BR (from 2023-09-15): it may assert digitalSignature and nothing else, and that of an OCSP responder is exactly digitalSignature",
		Since:       packDates{PackTLS: dateBR1, PackSMIME: dateSMIME, PackCodeSigning: dateCSBR}, Kinds: certKinds, Check: checkKeyUsage,
	},
	{
		ID: "cert.ocsp-intent", Level: Error, Citation: "BR 7.1.2.10.7, 7.3, MTRP 3.1.6",
		Requirement: "a CA whose key signs OCSP responses asserts digitalSignature; the profile says whether it does: none, direct or delegated",
		Since:       packDates{PackTLS: dateBR1, PackSMIME: dateSMIME, PackCodeSigning: dateCSBR, PackMicrosoft: dateMTRP}, Kinds: caKinds,
		Intent: true, Check: checkOCSPIntent,
	},
	{
		ID: "cert.no-sct", Level: Error, Citation: "RFC 6962 3.1, RFC 6960 4.2.2.2.1, house",
		Requirement: "no precertificate poison: such a certificate is refused by clients; house (BR 7.1.2.11.3 permits SCTs, and no document speaks of the other): no SCT list, and no OCSP no-check extension in a CA certificate",
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
			ps = append(ps, fault(profiles.FieldOf(&declared[i]), "extension %s: critical is %t, but %t is declared", inspect.OIDName(e.OID), e.Critical, declared[i].Critical)...)
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

// needed is an extension that is required since a day.
type needed struct {
	oid  asn1.ObjectIdentifier
	from time.Time
}

// requiredExtensions lists what the profile of a CA requires, each since the day on
// which the first document that binds the CA asks for it. What a document merely
// recommends is left to zlint.
func (t *target) requiredExtensions() (out []needed) {
	add := func(oid asn1.ObjectIdentifier, docs packDates) {
		if from := docs.among(t.purpose.Rules); !from.IsZero() {
			out = append(out, needed{oid, from})
		}
	}
	out = append(out, needed{oid: inspect.OIDBasicConstraints}, needed{oid: inspect.OIDSubjectKeyID}, // RFC 2459 4.2.1
		needed{inspect.OIDKeyUsage, dateRFC3280})
	if t.kind(profiles.RootCA) {
		return out
	}
	out = append(out, needed{oid: inspect.OIDAuthorityKeyID})
	add(inspect.OIDCRLDistributionPoints, packDates{PackTLS: dateBR1, PackSMIME: dateSMIME, PackCodeSigning: dateCSBR})
	if t.kind(profiles.SubordinateCA) {
		add(inspect.OIDExtKeyUsage, packDates{PackTLS: dateBR171, PackSMIME: dateSMIME, PackCodeSigning: dateCSBR})
	}
	if t.tlsIntent() || t.kind(profiles.CrossCertifiedCA) {
		add(inspect.OIDCertificatePolicies, packDates{PackTLS: dateBR1})
	}
	add(inspect.OIDCertificatePolicies, packDates{PackSMIME: dateSMIME, PackCodeSigning: dateCSBR})
	add(inspect.OIDAuthorityInfoAccess, packDates{PackCodeSigning: dateCSBR})
	switch t.purpose.Intent {
	case profiles.TLSConstrained:
		add(inspect.OIDNameConstraints, packDates{PackTLS: dateBR2})
	case profiles.SMIMEConstrained:
		add(inspect.OIDNameConstraints, packDates{PackSMIME: dateSMIME})
	}
	return out
}

func checkRequired(t *target) (ps []problem) {
	for _, n := range t.requiredExtensions() {
		if !has(t.exts, n.oid) {
			ps = append(ps, since(n.from, fault(t.extField(n.oid), "extension %s is missing", inspect.OIDName(n.oid)))...)
		}
	}
	if bc, _, err := t.exts.BasicConstraints(); err == nil && !bc.CA {
		ps = append(ps, fault(t.extField(inspect.OIDBasicConstraints), "cA is not asserted")...)
	}
	return ps
}

func checkCriticality(t *target) (ps []problem) {
	critical := []asn1.ObjectIdentifier{inspect.OIDPolicyConstraints, inspect.OIDInhibitAnyPolicy}
	if !t.kind(profiles.OCSPResponder) || t.pack(PackTLS) { // RFC 5280 4.2.1.9: of others than CAs it may be either
		critical = append(critical, inspect.OIDBasicConstraints)
	}
	plain := []asn1.ObjectIdentifier{inspect.OIDAuthorityKeyID, inspect.OIDSubjectKeyID, inspect.OIDAuthorityInfoAccess,
		inspect.OIDSubjectInfoAccess, inspect.OIDFreshestCRL, inspect.OIDIssuerAltName}
	for _, e := range t.exts {
		field := t.extField(e.OID)
		switch {
		case e.OID.Equal(inspect.OIDNameConstraints) && !e.Critical:
			p := fault(field, "nameConstraints is not critical")
			if t.pack(webPacks...) {
				p = at(Warning, p) // BR 7.1.2.5.2, SBR 7.1.2.2; RFC 5280 4.2.1.10 says MUST
			}
			ps = append(ps, p...)
		case e.OID.Equal(inspect.OIDKeyUsage) && !e.Critical:
			ps = append(ps, t.plainKeyUsage(field)...)
		case slices.ContainsFunc(critical, e.OID.Equal) && !e.Critical, slices.ContainsFunc(plain, e.OID.Equal) && e.Critical:
			ps = append(ps, fault(field, "extension %s: critical is %t", inspect.OIDName(e.OID), e.Critical)...)
		case e.Critical:
			ps = append(ps, t.criticalPlain(field, e.OID)...)
		}
	}
	return ps
}

// plainKeyUsage checks a keyUsage that is not critical: the documents of the
// CA/Browser Forum ask for it, RFC 5280 4.2.1.3 recommends it.
func (t *target) plainKeyUsage(field profiles.Field) []problem {
	dates := packDates{PackTLS: dateBR1, PackSMIME: dateSMIME, PackCodeSigning: dateCSBR}
	if t.kind(profiles.OCSPResponder) {
		dates = packDates{PackTLS: dateBR2} // 7.1.2.8.2
	}
	from := dates.among(t.purpose.Rules)
	if from.IsZero() || t.signedAt().Before(from) {
		return citing("RFC 5280 4.2.1.3, SHOULD", at(Warning, fault(field, "extension keyUsage: critical is false")))
	}
	return fault(field, "extension keyUsage: critical is false")
}

// criticalPlain checks a critical extension that RFC 5280 leaves the choice for. BR
// 7.1.2 has them not critical; SBR and CSBR 7.1.2.2 say so of CRL distribution
// points (SHALL NOT), of certificatePolicies and extKeyUsage (SHOULD NOT).
func (t *target) criticalPlain(field profiles.Field, oid asn1.ObjectIdentifier) []problem {
	points := oid.Equal(inspect.OIDCRLDistributionPoints)
	if !points && !slices.ContainsFunc([]asn1.ObjectIdentifier{inspect.OIDExtKeyUsage, inspect.OIDCertificatePolicies, inspect.OIDOCSPNoCheck}, oid.Equal) {
		return nil
	}
	tls := packDates{PackTLS: dateBR2}
	if points {
		tls = sinceProfiles
	}
	p := fault(field, "extension %s: critical is true", inspect.OIDName(oid))
	if from := tls.among(t.purpose.Rules); !from.IsZero() {
		return since(from, p)
	}
	if from := sinceProfiles.among(t.purpose.Rules); !from.IsZero() {
		return since(from, at(Warning, p))
	}
	return nil
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
		p := citing(t.cited("BR 7.1.2.1.2, SBR 7.1.2.1, CSBR 7.1.2.1"), fault(t.extField(e.OID), "extension %s in a root", inspect.OIDName(e.OID)))
		switch {
		case slices.ContainsFunc(usual, e.OID.Equal):
		case e.OID.Equal(inspect.OIDExtKeyUsage):
			ps = append(ps, at(Error, p)...)
		case e.OID.Equal(inspect.OIDCertificatePolicies):
			ps = append(ps, p...)
		case t.pack(PackTLS):
			if e.OID.Equal(inspect.OIDCRLDistributionPoints) {
				p = citing("BR 7.1.2.11.2", p)
			}
			ps = append(ps, since(dateBR2, p)...)
		}
	}
	if bc, _, err := t.exts.BasicConstraints(); err == nil && bc.PathLen != nil {
		ps = append(ps, citing(t.cited("BR 7.1.2.1.4, SBR 7.1.2.1, CSBR 7.1.2.1"), fault(t.extField(inspect.OIDBasicConstraints), "a path length of %d in a root", *bc.PathLen))...)
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
		return citing("BR 7.1.2.1.2", at(Warning, fault(field, "authorityKeyIdentifier is missing")))
	case aki.Issuer != nil || aki.Serial != nil:
		return citing("BR 7.1.2.1.3", fault(field, "authorityKeyIdentifier has an issuer or a serial number"))
	case !slices.Equal(aki.KeyID, subjectKeyID(t.exts)):
		return citing("BR 7.1.2.1.3", fault(field, "keyIdentifier %x is not subjectKeyIdentifier %x", aki.KeyID, subjectKeyID(t.exts)))
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
	if t.kind(profiles.OCSPResponder) && !t.pack(PackTLS) {
		return nil // SBR and CSBR 4.9.9 ask for ocsp-nocheck alone
	}
	if !present {
		return fault(field, "keyUsage is missing or cannot be read")
	}
	if missing := need &^ bits; missing != 0 {
		ps = append(ps, fault(field, "keyUsage lacks %v", inspect.KeyUsage{Bits: missing, BitLength: 9}.Names())...)
	}
	if extra := bits &^ (need | may); extra != 0 && t.pack(PackTLS) {
		ps = append(ps, since(dateBR2, fault(field, "keyUsage asserts %v", inspect.KeyUsage{Bits: extra, BitLength: 9}.Names()))...)
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
	for _, oid := range []asn1.ObjectIdentifier{inspect.OIDSCTList, inspect.OIDPrecertificatePoison, inspect.OIDOCSPNoCheck} {
		p := fault(t.extField(oid), "extension %s is present", inspect.OIDName(oid))
		switch {
		case !has(t.exts, oid), oid.Equal(inspect.OIDOCSPNoCheck) && t.kind(profiles.OCSPResponder):
		case oid.Equal(inspect.OIDPrecertificatePoison):
			ps = append(ps, p...)
		default:
			ps = append(ps, house(at(Warning, p))...)
		}
	}
	return ps
}
