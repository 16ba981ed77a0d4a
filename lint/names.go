// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"fmt"
	"strings"

	"rootceremony/profiles"
)

// attribute is one AttributeTypeAndValue as encoded.
type attribute struct {
	rdn   int // index of its RDN
	oid   string
	tag   int
	value string
}

// parseName reads a DER Name.
func parseName(der []byte) ([]attribute, error) {
	rdns, err := sequence(der)
	if err != nil {
		return nil, fmt.Errorf("reading a name: %w", err)
	}
	var out []attribute
	for i, rdn := range rdns {
		if rdn.Class != asn1.ClassUniversal || rdn.Tag != asn1.TagSet {
			return nil, fmt.Errorf("reading a name: RDN %d is not a SET", i+1)
		}
		atvs, err := elements(rdn.Bytes)
		if err != nil {
			return nil, fmt.Errorf("reading a name: %w", err)
		}
		for _, atv := range atvs {
			a, err := parseAttribute(atv.FullBytes)
			if err != nil {
				return nil, fmt.Errorf("reading a name: %w", err)
			}
			a.rdn = i
			out = append(out, a)
		}
	}
	return out, nil
}

// parseAttribute reads one AttributeTypeAndValue.
func parseAttribute(der []byte) (attribute, error) {
	var atv struct {
		Type  asn1.ObjectIdentifier
		Value asn1.RawValue
	}
	rest, err := asn1.Unmarshal(der, &atv)
	if err != nil {
		return attribute{}, err
	}
	if len(rest) > 0 {
		return attribute{}, fmt.Errorf("bytes after attribute %s", atv.Type)
	}
	return attribute{oid: atv.Type.String(), tag: atv.Value.Tag, value: string(atv.Value.Bytes)}, nil
}

// Attribute types.
const (
	oidCommonName        = "2.5.4.3"
	oidSurname           = "2.5.4.4"
	oidSerialNumber      = "2.5.4.5"
	oidCountry           = "2.5.4.6"
	oidLocality          = "2.5.4.7"
	oidState             = "2.5.4.8"
	oidStreet            = "2.5.4.9"
	oidOrganization      = "2.5.4.10"
	oidOrgUnit           = "2.5.4.11"
	oidPostalCode        = "2.5.4.17"
	oidGivenName         = "2.5.4.42"
	oidOrgIdentifier     = "2.5.4.97"
	oidDomainComponent   = "0.9.2342.19200300.100.1.25"
	oidEmailAddressPKCS9 = "1.2.840.113549.1.9.1"
	oidBusinessCategory  = "2.5.4.15"
	oidPseudonym         = "2.5.4.65"
)

// rdnOrder is the order BR 7.1.4.2 requires of the attributes it lists.
var rdnOrder = []string{
	oidDomainComponent, oidCountry, oidState, oidLocality, oidPostalCode, oidStreet,
	oidOrganization, oidSurname, oidGivenName, oidOrgUnit, oidCommonName,
}

// maxLength is the upper bound of a value in characters (BR 7.1.4.2, RFC 5280
// appendix A.1).
var maxLength = map[string]int{
	oidCountry: 2, oidState: 128, oidLocality: 128, oidPostalCode: 40, oidStreet: 128,
	oidOrganization: 64, oidSurname: 64, oidGivenName: 64, oidOrgUnit: 64, oidCommonName: 64,
	oidDomainComponent: 63, oidSerialNumber: 64, oidEmailAddressPKCS9: 255,
}

// attributeNames are for people.
var attributeNames = map[string]string{
	oidCommonName: "common-name", oidSurname: "surname", oidSerialNumber: "serial-number",
	oidCountry: "country", oidLocality: "locality", oidState: "state", oidStreet: "street",
	oidOrganization: "organization", oidOrgUnit: "organizational-unit",
	oidPostalCode: "postal-code", oidGivenName: "given-name",
	oidOrgIdentifier: "organization-identifier", oidDomainComponent: "domain-component",
	oidEmailAddressPKCS9: "email-address",
}

// attributeName names an attribute type, or gives its dotted form.
func attributeName(oid string) string {
	if n := attributeNames[oid]; n != "" {
		return n
	}
	return oid
}

// stringTag is the ASN.1 tag of a string type.
func stringTag(s profiles.StringType) int {
	switch s {
	case profiles.PrintableString:
		return asn1.TagPrintableString
	case profiles.IA5String:
		return asn1.TagIA5String
	case profiles.UTF8String:
		return asn1.TagUTF8String
	}
	return -1
}

// showName writes a name for people, in encoded order.
func showName(der []byte) string {
	attrs, err := parseName(der)
	if err != nil {
		return fmt.Sprintf("%x", der)
	}
	parts := make([]string, len(attrs))
	for i, a := range attrs {
		parts[i] = fmt.Sprintf("%s=%q", attributeName(a.oid), a.value)
	}
	return strings.Join(parts, ", ")
}

// attributeValues gives the values of one attribute type in a name.
func attributeValues(attrs []attribute, oid string) []string {
	var out []string
	for _, a := range attrs {
		if a.oid == oid {
			out = append(out, a.value)
		}
	}
	return out
}
