// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// Attribute types in dotted form.
const (
	oidCommonName      = "2.5.4.3"
	oidSurname         = "2.5.4.4"
	oidSerialNumber    = "2.5.4.5"
	oidCountry         = "2.5.4.6"
	oidLocality        = "2.5.4.7"
	oidState           = "2.5.4.8"
	oidStreet          = "2.5.4.9"
	oidOrganization    = "2.5.4.10"
	oidOrgUnit         = "2.5.4.11"
	oidPostalCode      = "2.5.4.17"
	oidGivenName       = "2.5.4.42"
	oidDomainComponent = "0.9.2342.19200300.100.1.25"
	oidEmail           = "1.2.840.113549.1.9.1"
)

// rdnOrder is the order BR 7.1.4.2 requires of the attributes it lists.
var rdnOrder = []string{
	oidDomainComponent, oidCountry, oidState, oidLocality, oidPostalCode, oidStreet,
	oidOrganization, oidSurname, oidGivenName, oidOrgUnit, oidCommonName,
}

// maxLength is the upper bound of a value in characters (RFC 5280 A.1, and BR
// 7.1.4.2 where RFC 5280 has none).
var maxLength = map[string]int{
	oidCountry: 2, oidState: 128, oidLocality: 128, oidPostalCode: 40, oidStreet: 128,
	oidOrganization: 64, oidSurname: 64, oidGivenName: 64, oidOrgUnit: 64, oidCommonName: 64,
	oidDomainComponent: 63, oidSerialNumber: 64, oidEmail: 255,
}

// stringTags are the ASN.1 tags of the string types of a profile.
var stringTags = map[profiles.StringType]int{
	profiles.PrintableString: inspect.TagPrintableString,
	profiles.IA5String:       inspect.TagIA5String,
	profiles.UTF8String:      inspect.TagUTF8String,
}

// attributeName names an attribute type for people.
func attributeName(oid asn1.ObjectIdentifier) string { return inspect.AttributeName(oid) }

// valuesOf gives the values of one attribute type in a name.
func valuesOf(n *inspect.Name, oid string) []string {
	var out []string
	for _, a := range n.Attributes() {
		if a.OID.String() == oid {
			out = append(out, a.Value)
		}
	}
	return out
}
