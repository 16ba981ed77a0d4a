// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/asn1"
	"fmt"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Extensions of RFC 5280, RFC 6960 and RFC 6962.
var (
	OIDSubjectKeyID             = asn1.ObjectIdentifier{2, 5, 29, 14}
	OIDKeyUsage                 = asn1.ObjectIdentifier{2, 5, 29, 15}
	OIDSubjectAltName           = asn1.ObjectIdentifier{2, 5, 29, 17}
	OIDIssuerAltName            = asn1.ObjectIdentifier{2, 5, 29, 18}
	OIDBasicConstraints         = asn1.ObjectIdentifier{2, 5, 29, 19}
	OIDCRLNumber                = asn1.ObjectIdentifier{2, 5, 29, 20}
	OIDReasonCode               = asn1.ObjectIdentifier{2, 5, 29, 21}
	OIDInvalidityDate           = asn1.ObjectIdentifier{2, 5, 29, 24}
	OIDDeltaCRLIndicator        = asn1.ObjectIdentifier{2, 5, 29, 27}
	OIDIssuingDistributionPoint = asn1.ObjectIdentifier{2, 5, 29, 28}
	OIDCertificateIssuer        = asn1.ObjectIdentifier{2, 5, 29, 29}
	OIDNameConstraints          = asn1.ObjectIdentifier{2, 5, 29, 30}
	OIDCRLDistributionPoints    = asn1.ObjectIdentifier{2, 5, 29, 31}
	OIDCertificatePolicies      = asn1.ObjectIdentifier{2, 5, 29, 32}
	OIDPolicyMappings           = asn1.ObjectIdentifier{2, 5, 29, 33}
	OIDAuthorityKeyID           = asn1.ObjectIdentifier{2, 5, 29, 35}
	OIDPolicyConstraints        = asn1.ObjectIdentifier{2, 5, 29, 36}
	OIDExtKeyUsage              = asn1.ObjectIdentifier{2, 5, 29, 37}
	OIDFreshestCRL              = asn1.ObjectIdentifier{2, 5, 29, 46}
	OIDInhibitAnyPolicy         = asn1.ObjectIdentifier{2, 5, 29, 54}
	OIDAuthorityInfoAccess      = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 1}
	OIDSubjectInfoAccess        = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 11}
	OIDOCSPNoCheck              = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}
	OIDOCSPNonce                = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2}
	OIDSCTList                  = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2}
	OIDPrecertificatePoison     = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 3}
)

// Other identifiers that rules and readers name.
var (
	OIDAnyPolicy        = asn1.ObjectIdentifier{2, 5, 29, 32, 0}
	OIDQualifierCPS     = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 2, 1}
	OIDQualifierNotice  = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 2, 2}
	OIDAccessOCSP       = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1}
	OIDAccessCAIssuers  = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 2}
	OIDExtensionRequest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 14}

	OIDCommonName   = asn1.ObjectIdentifier{2, 5, 4, 3}
	OIDCountry      = asn1.ObjectIdentifier{2, 5, 4, 6}
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

// oidNames are the names of extensions, purposes, policies, methods and
// algorithms in their standards.
var oidNames = map[string]string{
	"2.5.29.14": "subjectKeyIdentifier", "2.5.29.15": "keyUsage",
	"2.5.29.16": "privateKeyUsagePeriod", "2.5.29.17": "subjectAltName",
	"2.5.29.18": "issuerAltName", "2.5.29.19": "basicConstraints", "2.5.29.20": "cRLNumber",
	"2.5.29.21": "reasonCode", "2.5.29.24": "invalidityDate", "2.5.29.27": "deltaCRLIndicator",
	"2.5.29.28": "issuingDistributionPoint", "2.5.29.29": "certificateIssuer",
	"2.5.29.30": "nameConstraints", "2.5.29.31": "cRLDistributionPoints",
	"2.5.29.32": "certificatePolicies", "2.5.29.32.0": "anyPolicy", "2.5.29.33": "policyMappings",
	"2.5.29.35": "authorityKeyIdentifier", "2.5.29.36": "policyConstraints",
	"2.5.29.37": "extKeyUsage", "2.5.29.37.0": "anyExtendedKeyUsage",
	"2.5.29.46": "freshestCRL", "2.5.29.54": "inhibitAnyPolicy",
	"1.3.6.1.5.5.7.1.1": "authorityInfoAccess", "1.3.6.1.5.5.7.1.3": "qcStatements",
	"1.3.6.1.5.5.7.1.11": "subjectInfoAccess",
	"1.3.6.1.5.5.7.2.1":  "cps", "1.3.6.1.5.5.7.2.2": "userNotice",
	"1.3.6.1.5.5.7.3.1": "serverAuth", "1.3.6.1.5.5.7.3.2": "clientAuth",
	"1.3.6.1.5.5.7.3.3": "codeSigning", "1.3.6.1.5.5.7.3.4": "emailProtection",
	"1.3.6.1.5.5.7.3.8": "timeStamping", "1.3.6.1.5.5.7.3.9": "OCSPSigning",
	"1.3.6.1.5.5.7.3.36": "documentSigning",
	"1.3.6.1.5.5.7.48.1": "ocsp", "1.3.6.1.5.5.7.48.2": "caIssuers",
	"1.3.6.1.5.5.7.48.1.1": "basicOCSPResponse", "1.3.6.1.5.5.7.48.1.2": "ocspNonce",
	"1.3.6.1.5.5.7.48.1.5": "ocspNoCheck", "1.3.6.1.5.5.7.48.1.9": "ocspExtendedRevoke",
	"1.3.6.1.4.1.11129.2.4.2": "signedCertificateTimestampList",
	"1.3.6.1.4.1.11129.2.4.3": "precertificatePoison",
	"1.3.6.1.4.1.11129.2.4.4": "precertificateSigning",
	"2.23.140.1.1":            "extendedValidation", "2.23.140.1.2.1": "domainValidated",
	"2.23.140.1.2.2": "organizationValidated", "2.23.140.1.2.3": "individualValidated",
	"1.2.840.113549.1.1.1": "rsaEncryption", "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
	"1.2.840.113549.1.1.5":  "sha1WithRSAEncryption",
	"1.2.840.113549.1.1.10": "RSASSA-PSS", "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
	"1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
	"1.2.840.113549.1.1.13": "sha512WithRSAEncryption", "1.2.840.113549.1.1.8": "mgf1",
	"1.2.840.10045.2.1": "ecPublicKey", "1.2.840.10045.4.1": "ecdsa-with-SHA1",
	"1.2.840.10045.4.3.2": "ecdsa-with-SHA256", "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
	"1.2.840.10045.4.3.4": "ecdsa-with-SHA512", "1.2.840.10045.3.1.7": "P-256",
	"1.3.132.0.34": "P-384", "1.3.132.0.35": "P-521", "1.3.101.112": "Ed25519",
	"1.3.101.113": "Ed448", "1.3.14.3.2.26": "sha1", "2.16.840.1.101.3.4.2.1": "sha256",
	"2.16.840.1.101.3.4.2.2": "sha384", "2.16.840.1.101.3.4.2.3": "sha512",
	"2.16.840.1.101.3.4.3.17": "ML-DSA-44", "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
	"2.16.840.1.101.3.4.3.19": "ML-DSA-87", "1.2.840.113549.1.9.14": "extensionRequest",
	"1.2.840.113549.1.9.7": "challengePassword",
}

// keyUsageNames are the bits of RFC 5280 4.2.1.3.
var keyUsageNames = [...]string{"digitalSignature", "nonRepudiation", "keyEncipherment",
	"dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly"}

// reasonNames are the values of RFC 5280 5.3.1; 7 is not used.
var reasonNames = [...]string{"unspecified", "keyCompromise", "cACompromise", "affiliationChanged",
	"superseded", "cessationOfOperation", "certificateHold", "", "removeFromCRL",
	"privilegeWithdrawn", "aACompromise"}

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
	if name, ok := oidNames[oid.String()]; ok {
		return name
	}
	return oid.String()
}

// ReasonName returns the name of a revocation reason, RFC 5280 5.3.1.
func ReasonName(reason int) string {
	if reason < 0 || reason >= len(reasonNames) || reasonNames[reason] == "" {
		return fmt.Sprintf("reason %d", reason)
	}
	return reasonNames[reason]
}
