// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"cmp"
	"slices"
)

// shape is what makes a kind a type: the fields and extensions that it has, and
// why it cannot have the others.
//
// Only what RFC 5280, RFC 6960 or the meaning of the kind demands of everyone
// stands here. What the CA/Browser Forum or a root program forbids, such as an
// extended key usage in a root, is left to package lint, which knows the rule
// packs that a profile is held to: a private root may carry it.
type shape struct {
	need       []string // fields
	refused    map[string]string
	must       []demand // extensions
	may        []ExtensionName
	notAllowed map[ExtensionName]string // why; what is neither here nor above cannot stand either
}

// demand is an extension that a kind must have, and why.
type demand struct {
	name ExtensionName
	why  string
}

func (s shape) needs(field string) bool { return slices.Contains(s.need, field) }

// refuses says why a kind cannot have an extension, or "" where it can: what it
// must and may have is all that it can have. Raw extensions have no name here;
// they are left to package lint.
func (s shape) refuses(name ExtensionName) string {
	if name == ExtRaw || slices.Contains(s.may, name) ||
		slices.ContainsFunc(s.must, func(d demand) bool { return d.name == name }) {
		return ""
	}
	return cmp.Or(s.notAllowed[name], "no object of this kind has it")
}

// Refuses says why an object of a kind cannot have an extension that profiles
// have a name for, or "" where it can. It says nothing of other extensions.
func (k Kind) Refuses(id OID) string {
	name, named := nameOf(id)
	s, known := shapes[k]
	if !named || !known {
		return ""
	}
	return s.refuses(name)
}

// allFields are the fields that some kind has.
var allFields = []string{
	"intent", "subject-hierarchy", "ocsp", "covers", "rules", "implements", "key", "signature",
	"serial", "subject", "validity", "certificate-id", "responder-id", "extensions",
}

// Reasons to refuse that several kinds share.
const (
	ofCRL        = "it belongs to a CRL (RFC 5280 5.2)"
	ofResponder  = "it belongs to the certificate of an OCSP responder (RFC 6960 4.2.2.2.1)"
	ofCert       = "it belongs to a certificate (RFC 5280 4.2)"
	ofIssuing    = "a request does not know who will issue the certificate"
	ofResponse   = "it belongs to an OCSP response"
	ofStatus     = "it belongs to a CRL or an OCSP response"
	ofCross      = "it belongs to a cross-certificate (CCADB Policy 6.3)"
	ofCA         = "it belongs to a CA"
	ofNewSubject = "it keeps the name of the existing certificate (BR 7.1.2.2.2)"
	noSubject    = "the issuer is named by the authority"
	noKeys       = "no key is certified here"
	noSerial     = "only a certificate is given a serial number"
	noValidity   = "the CA that issues the certificate decides it"
)

// Extensions that certificates of CAs have.
var (
	caMust = []demand{
		{ExtBasicConstraints, "RFC 5280 4.2.1.9"},
		{ExtKeyUsage, "RFC 5280 4.2.1.3"},
		{ExtSubjectKeyID, "RFC 5280 4.2.1.2"},
	}
	caMay = []ExtensionName{
		ExtAuthorityKeyID, ExtExtKeyUsage, ExtPolicies, ExtNameConstraints, ExtCRLPoints, ExtInfoAccess,
	}
	caNot = map[ExtensionName]string{
		ExtOCSPNoCheck: ofResponder, ExtCRLNumber: ofCRL, ExtIssuingPoint: ofCRL,
	}
	issuedMust = append([]demand{{ExtAuthorityKeyID, "RFC 5280 4.2.1.1"}}, caMust...)
)

// shapes of the kinds.
var shapes = map[Kind]shape{
	RootCA: {
		need:    []string{"intent", "ocsp", "key", "signature", "subject", "validity", "extensions"},
		refused: map[string]string{"subject-hierarchy": ofCross, "covers": ofStatus, "certificate-id": ofResponse, "responder-id": ofResponse},
		must:    caMust, may: caMay, notAllowed: caNot,
	},
	SubordinateCA: {
		need:    []string{"intent", "ocsp", "key", "signature", "subject", "validity", "extensions"},
		refused: map[string]string{"subject-hierarchy": ofCross, "covers": ofStatus, "certificate-id": ofResponse, "responder-id": ofResponse},
		must:    issuedMust, may: caMay, notAllowed: caNot,
	},
	CrossCertifiedCA: {
		need:    []string{"intent", "subject-hierarchy", "ocsp", "key", "signature", "validity", "extensions"},
		refused: map[string]string{"subject": ofNewSubject, "covers": ofStatus, "certificate-id": ofResponse, "responder-id": ofResponse},
		must:    issuedMust, may: caMay, notAllowed: caNot,
	},
	OCSPResponder: {
		need:    []string{"key", "signature", "subject", "validity", "extensions"},
		refused: map[string]string{"subject-hierarchy": ofCross, "ocsp": ofCA, "covers": ofStatus, "certificate-id": ofResponse, "responder-id": ofResponse},
		must: []demand{
			{ExtAuthorityKeyID, "RFC 5280 4.2.1.1"},
			{ExtExtKeyUsage, "RFC 6960 4.2.2.2"},
		},
		may: []ExtensionName{
			ExtSubjectKeyID, ExtBasicConstraints, ExtKeyUsage, ExtPolicies, ExtCRLPoints, ExtInfoAccess, ExtOCSPNoCheck,
		},
		notAllowed: map[ExtensionName]string{
			ExtNameConstraints: "it belongs to a CA (RFC 5280 4.2.1.10)", ExtCRLNumber: ofCRL, ExtIssuingPoint: ofCRL,
		},
	},
	CRL: {
		need: []string{"covers", "signature", "validity", "extensions"},
		refused: map[string]string{
			"subject-hierarchy": ofCross, "ocsp": ofCA, "key": noKeys, "serial": noSerial, "subject": noSubject,
			"certificate-id": ofResponse, "responder-id": ofResponse,
		},
		must: []demand{
			{ExtAuthorityKeyID, "RFC 5280 5.2.1"},
			{ExtCRLNumber, "RFC 5280 5.2.3"},
		},
		may: []ExtensionName{ExtIssuingPoint, ExtInfoAccess},
		notAllowed: map[ExtensionName]string{
			ExtSubjectKeyID: ofCert, ExtBasicConstraints: ofCert, ExtKeyUsage: ofCert, ExtExtKeyUsage: ofCert,
			ExtPolicies: ofCert, ExtNameConstraints: ofCert, ExtCRLPoints: ofCert, ExtOCSPNoCheck: ofResponder,
		},
	},
	OCSPResponse: {
		need: []string{"covers", "signature", "validity"},
		refused: map[string]string{
			"subject-hierarchy": ofCross, "ocsp": ofCA, "key": noKeys, "serial": noSerial, "subject": noSubject,
		},
		notAllowed: map[ExtensionName]string{
			ExtAuthorityKeyID: ofCert, ExtSubjectKeyID: ofCert, ExtBasicConstraints: ofCert, ExtKeyUsage: ofCert,
			ExtExtKeyUsage: ofCert, ExtPolicies: ofCert, ExtNameConstraints: ofCert, ExtCRLPoints: ofCert,
			ExtInfoAccess: ofCert, ExtOCSPNoCheck: ofResponder, ExtCRLNumber: ofCRL, ExtIssuingPoint: ofCRL,
		},
	},
	CertRequest: {
		need: []string{"key", "signature", "subject"},
		refused: map[string]string{
			"subject-hierarchy": ofCross, "ocsp": ofCA, "covers": ofStatus, "serial": noSerial, "validity": noValidity,
			"certificate-id": ofResponse, "responder-id": ofResponse,
		},
		may: []ExtensionName{
			ExtSubjectKeyID, ExtBasicConstraints, ExtKeyUsage, ExtExtKeyUsage, ExtPolicies, ExtNameConstraints, ExtOCSPNoCheck,
		},
		notAllowed: map[ExtensionName]string{
			ExtAuthorityKeyID: ofIssuing, ExtCRLPoints: ofIssuing, ExtInfoAccess: ofIssuing,
			ExtCRLNumber: ofCRL, ExtIssuingPoint: ofCRL,
		},
	},
}
