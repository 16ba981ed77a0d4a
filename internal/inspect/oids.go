// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"cmp"
	"encoding/asn1"
	"fmt"

	"rootceremony/internal/algorithm"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Other identifiers that rules and readers name.
var (
	OIDQualifierCPS     = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 2, 1}
	OIDQualifierNotice  = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 2, 2}
	OIDAccessOCSP       = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1}
	OIDAccessCAIssuers  = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 2}
	OIDExtensionRequest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 14}

	OIDCommonName   = asn1.ObjectIdentifier{2, 5, 4, 3}
	OIDOrganization = asn1.ObjectIdentifier{2, 5, 4, 10}
	OIDOrgUnit      = asn1.ObjectIdentifier{2, 5, 4, 11}

	oidBasicResponse = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 1}
)

// attributeNames are short names of RFC 4519, RFC 4514 and common use.
var attributeNames = map[string]string{
	"2.5.4.3": "CN", "2.5.4.4": "SN", "2.5.4.5": "serialNumber", "2.5.4.6": "C",
	"2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.9": "street", "2.5.4.10": "O",
	"2.5.4.11": "OU", "2.5.4.12": "title", "2.5.4.13": "description",
	"2.5.4.15": "businessCategory", "2.5.4.17": "postalCode", "2.5.4.42": "GN",
	"2.5.4.43": "initials", "2.5.4.44": "generationQualifier", "2.5.4.46": "dnQualifier",
	"2.5.4.65": "pseudonym", "2.5.4.97": "organizationIdentifier",
	"0.9.2342.19200300.100.1.1": "UID", "0.9.2342.19200300.100.1.25": "DC",
	"1.2.840.113549.1.9.1": "emailAddress", "1.2.840.113549.1.9.2": "unstructuredName",
	"1.3.6.1.4.1.311.60.2.1.1": "jurisdictionL", "1.3.6.1.4.1.311.60.2.1.2": "jurisdictionST",
	"1.3.6.1.4.1.311.60.2.1.3": "jurisdictionC",
}

// oidNames are the names of purposes, policies and methods in their standards;
// those of extensions are in extensionNames, those of algorithms in package
// algorithm, but for those that it does not know: DSA (RFC 3279 2.3.2, RFC 5758
// 3.1) and curves of SEC 2 and others.
var oidNames = map[string]string{
	"1.2.840.10040.4.1": "DSA", "1.2.840.10040.4.3": "dsa-with-SHA1",
	"2.16.840.1.101.3.4.3.1": "dsa-with-SHA224", "2.16.840.1.101.3.4.3.2": "dsa-with-SHA256",
	"1.3.132.0.10": "secp256k1",
	"1.3.132.0.33": "P-224",
	// Brainpool (RFC 5639 A.1) and the curve of SM2 (GM/T 0006).
	"1.3.36.3.3.2.8.1.1.7": "brainpoolP256r1", "1.3.36.3.3.2.8.1.1.11": "brainpoolP384r1", "1.3.36.3.3.2.8.1.1.13": "brainpoolP512r1",
	"1.2.156.10197.1.301": "SM2",
	"2.5.29.32.0":         "anyPolicy",
	"2.5.29.37.0":         "anyExtendedKeyUsage",
	"1.3.6.1.5.5.7.2.1":   "cps", "1.3.6.1.5.5.7.2.2": "userNotice",
	"1.3.6.1.5.5.7.3.1": "serverAuth", "1.3.6.1.5.5.7.3.2": "clientAuth",
	"1.3.6.1.5.5.7.3.3": "codeSigning", "1.3.6.1.5.5.7.3.4": "emailProtection",
	"1.3.6.1.5.5.7.3.8": "timeStamping", "1.3.6.1.5.5.7.3.9": "OCSPSigning",
	"1.3.6.1.5.5.7.3.36": "documentSigning",
	"1.3.6.1.5.5.7.48.1": "ocsp", "1.3.6.1.5.5.7.48.2": "caIssuers",
	"1.3.6.1.5.5.7.48.1.1":    "basicOCSPResponse",
	"1.3.6.1.5.5.7.48.1.9":    "ocspExtendedRevoke",
	"1.3.6.1.4.1.11129.2.4.4": "precertificateSigning",
	"2.23.140.1.1":            "extendedValidation", "2.23.140.1.2.1": "domainValidated",
	"2.23.140.1.2.2": "organizationValidated", "2.23.140.1.2.3": "individualValidated",
	"1.2.840.113549.1.9.14": "extensionRequest",
	"1.2.840.113549.1.9.7":  "challengePassword",
}

var generalNameKinds = [...]string{"otherName", "rfc822Name", "dNSName", "x400Address",
	"directoryName", "ediPartyName", "URI", "iPAddress", "registeredID"}

var tagNames = map[casn1.Tag]string{
	1: "BOOLEAN", 2: "INTEGER", 3: "BIT STRING", 4: "OCTET STRING", 5: "NULL",
	6: "OBJECT IDENTIFIER", 10: "ENUMERATED", 12: "UTF8String", 18: "NumericString",
	19: "PrintableString", 20: "T61String", 22: "IA5String", 23: "UTCTime",
	24: "GeneralizedTime", 26: "VisibleString", 28: "UniversalString", 30: "BMPString",
	0x30: "SEQUENCE", 0x31: "SET",
}

func tagName(tag casn1.Tag) string {
	if name, ok := tagNames[tag]; ok {
		return name
	}
	if tag&0xc0 == 0x80 {
		return fmt.Sprintf("[%d]", tag&0x1f)
	}
	return fmt.Sprintf("tag 0x%02x", uint8(tag))
}

// TagName names a universal tag: "PrintableString".
func TagName(tag int) string {
	if tag < 0 || tag > 255 {
		return fmt.Sprintf("tag %d", tag)
	}
	return tagName(casn1.Tag(tag))
}

// AttributeName returns the short name of an attribute type, or its OID.
func AttributeName(oid asn1.ObjectIdentifier) string {
	if name, ok := attributeNames[oid.String()]; ok {
		return name
	}
	return oid.String()
}

// OIDName returns the name an OID has in its standard, or the OID.
func OIDName(oid asn1.ObjectIdentifier) string {
	dotted := oid.String()
	return cmp.Or(extensionNames[dotted], oidNames[dotted], algorithm.OIDName(dotted), dotted)
}
