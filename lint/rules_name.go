// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/zmap/zlint/v3/util"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// freshNames are the kinds whose subject the CA chooses. A cross-certificate
// has to repeat an existing name byte for byte.
var freshNames = []profiles.Kind{profiles.RootCA, profiles.SubordinateCA, profiles.OCSPResponder}

// nameRules check subject and issuer names.
var nameRules = []Rule{
	{
		ID: "root.issuer-subject", Level: Error, Citation: "BR 7.1.2.1, else house",
		Requirement: "the issuer of a root CA certificate is byte-for-byte identical to its subject",
		House:       HouseUnusable, Asked: packDates{PackTLS: dateBR2}, Kinds: rootKind, Check: checkRootIssuer,
	},
	{
		ID: "cert.rdn-order", Level: Error, Citation: "BR 7.1.4.2",
		Requirement: "attributes of the subject are encoded in the order DC, C, ST, L, postalCode, street, O, SN, GN, OU, CN",
		From:        dateBR2, Kinds: freshNames, Packs: tlsPack, Check: checkRDNOrder,
	},
	{
		ID: "cert.rdn-single", Level: Error, Citation: "BR 7.1.4.1, 7.1.4.2",
		Requirement: "each RelativeDistinguishedName contains exactly one AttributeTypeAndValue, and no attribute is repeated",
		From:        dateBR2, Kinds: freshNames, Packs: tlsPack, Check: checkRDNSingle,
	},
	{
		ID: "cert.attr-required", Level: Error, Citation: "BR 7.1.2.10.2, SBR 7.1.4.3.1",
		Requirement: "countryName (two upper-case letters of ISO 3166-1, or XX), organizationName and commonName MUST be present",
		Since:       packDates{PackTLS: dateBR2, PackSMIME: dateSMIME}, Kinds: freshNames, Applies: namesCA, Check: checkRequiredAttributes,
	},
	{
		ID: "cert.attr-closed", Level: Warning, Citation: "BR 7.1.2.10.2",
		Requirement: "any other attribute in the subject of a CA is NOT RECOMMENDED",
		From:        dateBR2, Kinds: freshNames, Packs: tlsPack, Check: checkOtherAttributes,
	},
	{
		ID: "cert.ou", Level: Error, Citation: "BR 7.1.2.10.2",
		Requirement: "organizationalUnitName MUST NOT be present in root and TLS CA certificates and SHOULD NOT be in others",
		From:        dateBR2, Kinds: certKinds, Packs: tlsPack, Check: checkOU,
	},
	{
		ID: "cert.subject", Level: Error, Citation: "RFC 5280 4.1.2.4, 4.1.2.6, 5.1.2.3",
		Requirement: "the subject of a CA, and the issuer of a certificate or CRL, are non-empty distinguished names",
		Kinds:       append(slices.Clone(certKinds), profiles.CRL), Check: checkNamesPresent,
	},
	{
		ID: "cert.name-encoding", Level: Error, Citation: "RFC 5280 4.1.2.4 and A.1, BR 7.1.4.2",
		Requirement: "countryName is a PrintableString, domainComponent an IA5String, all else UTF8String or PrintableString, within the upper bounds",
		Kinds:       append(slices.Clone(freshNames), profiles.CertRequest), Check: checkNameEncoding,
	},
}

// subject gives the subject of a certificate or request.
func (t *target) subject() *inspect.Name {
	if t.req() != nil {
		return &t.req().Subject
	}
	return &t.cert().Subject
}

func checkRootIssuer(t *target) []problem {
	if bytes.Equal(t.cert().RawIssuer, t.cert().RawSubject) {
		return nil
	}
	return fault(FieldIssuer, "issuer %q is not subject %q", t.cert().Issuer, t.cert().Subject)
}

// namesCA leaves out OCSP responders where only the S/MIME document binds, whose
// section is about CAs.
func namesCA(t *target) bool { return isCA(t.obj.Kind()) || t.pack(PackTLS) }

func checkNamesPresent(t *target) (ps []problem) {
	if t.crl() != nil {
		if len(t.crl().Issuer.RDNs) == 0 {
			ps = fault(FieldIssuer, "the issuer is empty")
		}
		return ps
	}
	if len(t.cert().Subject.RDNs) == 0 {
		ps = append(ps, fault(FieldSubject, "the subject is empty")...)
	}
	if len(t.cert().Issuer.RDNs) == 0 {
		ps = append(ps, fault(FieldIssuer, "the issuer is empty")...)
	}
	return ps
}

func checkRDNOrder(t *target) []problem {
	last := -1
	for _, a := range t.cert().Subject.Attributes() {
		i := slices.Index(rdnOrder, a.OID.String())
		if i < 0 {
			continue
		}
		if i < last {
			return fault(FieldSubject, "%s is out of order in %q", attributeName(a.OID), t.cert().Subject)
		}
		last = i
	}
	return nil
}

func checkRDNSingle(t *target) (ps []problem) {
	for _, rdn := range t.cert().Subject.RDNs {
		if len(rdn) != 1 {
			ps = append(ps, fault(FieldSubject, "an RDN with %d attributes in %q", len(rdn), t.cert().Subject)...)
		}
	}
	seen := map[string]bool{}
	for _, a := range t.cert().Subject.Attributes() {
		oid := a.OID.String()
		if seen[oid] && oid != oidStreet && oid != oidDomainComponent {
			ps = append(ps, fault(FieldSubject, "duplicate %s in %q", attributeName(a.OID), t.cert().Subject)...)
		}
		seen[oid] = true
	}
	return ps
}

func checkRequiredAttributes(t *target) (ps []problem) {
	for _, need := range []struct{ oid, name string }{
		{oidCountry, "country"}, {oidOrganization, "organization"}, {oidCommonName, "common-name"},
	} {
		if len(valuesOf(&t.cert().Subject, need.oid)) == 0 {
			ps = append(ps, fault(FieldSubject, "%s is missing in %q", need.name, t.cert().Subject)...)
		}
	}
	for _, c := range valuesOf(&t.cert().Subject, oidCountry) {
		if len(c) != 2 || strings.Trim(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			ps = append(ps, fault(FieldSubject, "country %q is not two upper-case letters", c)...)
		} else if !util.IsISOCountryCode(c) && c != "XX" {
			ps = append(ps, fault(FieldSubject, "country %q is not in ISO 3166-1", c)...)
		}
	}
	return ps
}

func checkOtherAttributes(t *target) (ps []problem) {
	known := []string{oidCountry, oidState, oidLocality, oidPostalCode, oidStreet, oidOrganization, oidOrgUnit, oidCommonName}
	for _, a := range t.cert().Subject.Attributes() {
		if !slices.Contains(known, a.OID.String()) {
			ps = append(ps, fault(FieldSubject, "%s is in %q", attributeName(a.OID), t.cert().Subject)...)
		}
	}
	return ps
}

func checkOU(t *target) []problem {
	if len(valuesOf(&t.cert().Subject, oidOrgUnit)) == 0 {
		return nil
	}
	ps := fault(FieldSubject, "organizational-unit is in %q", t.cert().Subject)
	switch {
	case t.kind(profiles.CrossCertifiedCA):
		return at(Notice, ps)
	case t.kind(profiles.RootCA) || t.tlsIntent():
		return ps
	default:
		return at(Warning, ps)
	}
}

func checkNameEncoding(t *target) (ps []problem) {
	for _, a := range t.subject().Attributes() {
		if why := badAttribute(a); why != "" {
			p := fault(FieldSubject, "%s in %q %s", attributeName(a.OID), t.subject(), why)
			if slices.Contains(oldStrings, a.Tag) {
				p = since(dateUTF8, p)
			}
			ps = append(ps, p...)
		}
	}
	return ps
}

// oldStrings are the string types that names could have until 2003.
var oldStrings = []int{inspect.TagT61String, inspect.TagBMPString, inspect.TagUniversalString}

// badAttribute says what is wrong with the encoding of an attribute, if
// anything.
func badAttribute(a inspect.Attribute) string {
	allowed := []int{inspect.TagUTF8String, inspect.TagPrintableString}
	switch a.OID.String() {
	case oidCountry, oidSerialNumber:
		allowed = []int{inspect.TagPrintableString}
	case oidDomainComponent, oidEmail:
		allowed = []int{inspect.TagIA5String}
	}
	upper := maxLength[a.OID.String()]
	switch n := utf8.RuneCountInString(a.Value); {
	case !slices.Contains(allowed, a.Tag):
		return "is a " + inspect.TagName(a.Tag)
	case a.Malformed:
		return "has characters that its string type does not allow"
	case n == 0:
		return "is empty"
	case upper > 0 && n > upper:
		return "is too long"
	}
	return ""
}
