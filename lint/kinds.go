// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// Kinds that rules apply to.
var (
	rootKind     = []profiles.Kind{profiles.RootCA}
	crossKind    = []profiles.Kind{profiles.CrossCertifiedCA}
	subKinds     = []profiles.Kind{profiles.SubordinateCA, profiles.CrossCertifiedCA}
	caKinds      = []profiles.Kind{profiles.RootCA, profiles.SubordinateCA, profiles.CrossCertifiedCA}
	delegateKind = []profiles.Kind{profiles.OCSPResponder}
	issuedKinds  = []profiles.Kind{profiles.SubordinateCA, profiles.CrossCertifiedCA, profiles.OCSPResponder}
	certKinds    = []profiles.Kind{profiles.RootCA, profiles.SubordinateCA, profiles.CrossCertifiedCA, profiles.OCSPResponder}
	crlKind      = []profiles.Kind{profiles.CRL}
	responseKind = []profiles.Kind{profiles.OCSPResponse}
	requestKind  = []profiles.Kind{profiles.CertRequest}
	allKinds     = []profiles.Kind{profiles.RootCA, profiles.SubordinateCA, profiles.CrossCertifiedCA,
		profiles.OCSPResponder, profiles.CRL, profiles.OCSPResponse, profiles.CertRequest}
)

// row is what differs between the kinds of objects in this package, apart from
// the rules, each of which names its kinds.
type row struct {
	// declared compares the fields that no other kind has.
	declared func(t *target) []problem
	// zlint runs the lints of zlint.
	zlint func(z *zrun, t *target, reg registry) error
	// usual are the extensions that the rules of the kind speak of one by one.
	usual []asn1.ObjectIdentifier
	// inside gives the extensions of what is in the object, with the field.
	inside func(t *target) []placed
}

// rows is the whole list.
var rows = map[profiles.Kind]row{
	profiles.RootCA:           {(*target).declaredCertificate, (*zrun).lintCertificate, usualCA, nil},
	profiles.SubordinateCA:    {(*target).declaredCertificate, (*zrun).lintCertificate, usualCA, nil},
	profiles.CrossCertifiedCA: {(*target).declaredCertificate, (*zrun).lintCertificate, usualCA, nil},
	profiles.OCSPResponder:    {(*target).declaredCertificate, (*zrun).lintCertificate, usualResponder, nil},
	profiles.CRL:              {(*target).declaredCRL, (*zrun).lintCRL, usualCRL, insideCRL},
	// What is signed in advance can answer no nonce (RFC 5019 4).
	profiles.OCSPResponse: {(*target).declaredResponse, (*zrun).lintResponse, nil, insideResponse},
	profiles.CertRequest:  {(*target).declaredRequest, (*zrun).lintRequest, usualCA, nil},
}

// Extensions that rules speak of one by one.
var (
	usualCA = []asn1.ObjectIdentifier{inspect.OIDAuthorityKeyID, inspect.OIDSubjectKeyID, inspect.OIDBasicConstraints,
		inspect.OIDKeyUsage, inspect.OIDExtKeyUsage, inspect.OIDCertificatePolicies, inspect.OIDCRLDistributionPoints,
		inspect.OIDAuthorityInfoAccess, inspect.OIDNameConstraints}
	usualResponder = []asn1.ObjectIdentifier{inspect.OIDAuthorityKeyID, inspect.OIDSubjectKeyID, inspect.OIDKeyUsage,
		inspect.OIDExtKeyUsage, inspect.OIDBasicConstraints, inspect.OIDOCSPNoCheck, inspect.OIDCertificatePolicies,
		inspect.OIDAuthorityInfoAccess, inspect.OIDNameConstraints, inspect.OIDSubjectAltName, inspect.OIDCRLDistributionPoints}
	usualCRL = []asn1.ObjectIdentifier{inspect.OIDAuthorityKeyID, inspect.OIDCRLNumber,
		inspect.OIDIssuingDistributionPoint, inspect.OIDDeltaCRLIndicator, inspect.OIDFreshestCRL}
)
