// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"testing"

	"rootceremony/internal/inspect"
)

// foreign are values of extensions that belong to some kinds of objects only.
var foreign = []struct {
	oid   asn1.ObjectIdentifier
	value []byte
}{
	{inspect.OIDAuthorityKeyID, []byte{0x30, 3, 0x80, 1, 7}},
	{inspect.OIDSubjectKeyID, []byte{4, 1, 7}},
	{inspect.OIDBasicConstraints, []byte{0x30, 0}},
	{inspect.OIDKeyUsage, []byte{3, 2, 7, 0x80}},
	{inspect.OIDExtKeyUsage, []byte{0x30, 4, 6, 2, 0x2a, 3}},
	{inspect.OIDCertificatePolicies, []byte{0x30, 6, 0x30, 4, 6, 2, 0x2a, 3}},
	{inspect.OIDNameConstraints, []byte{0x30, 7, 0xa0, 5, 0x30, 3, 0x82, 1, 'a'}},
	{inspect.OIDCRLDistributionPoints, []byte{0x30, 11, 0x30, 9, 0xa0, 7, 0xa0, 5, 0x86, 3, 'a', ':', 'b'}},
	{inspect.OIDAuthorityInfoAccess, []byte{0x30, 11, 0x30, 9, 6, 2, 0x2a, 3, 0x86, 3, 'a', ':', 'b'}},
	{inspect.OIDOCSPNoCheck, []byte{5, 0}},
	{inspect.OIDCRLNumber, []byte{2, 1, 1}},
	{inspect.OIDIssuingDistributionPoint, []byte{0x30, 3, 0x82, 1, 0xff}},
}

// extensions of lists alone, of certificates alone, and of the two others.
var (
	ofLists  = []asn1.ObjectIdentifier{inspect.OIDCRLNumber, inspect.OIDIssuingDistributionPoint}
	notOfCAs = append([]asn1.ObjectIdentifier{inspect.OIDOCSPNoCheck}, ofLists...)
	ofCerts  = []asn1.ObjectIdentifier{
		inspect.OIDSubjectKeyID, inspect.OIDBasicConstraints, inspect.OIDKeyUsage, inspect.OIDExtKeyUsage,
		inspect.OIDCertificatePolicies, inspect.OIDNameConstraints, inspect.OIDCRLDistributionPoints, inspect.OIDOCSPNoCheck,
	}
	ofIssuers = append([]asn1.ObjectIdentifier{
		inspect.OIDAuthorityKeyID, inspect.OIDCRLDistributionPoints, inspect.OIDAuthorityInfoAccess,
	}, ofLists...)
	everyone = append(append([]asn1.ObjectIdentifier{inspect.OIDAuthorityKeyID, inspect.OIDAuthorityInfoAccess}, ofCerts...), ofLists...)
)

// foreignFaults give an object extensions of other kinds, one after another,
// none of them critical: no other rule has to see them.
func foreignFaults(put func(oid asn1.ObjectIdentifier, value []byte) breaker, oids ...asn1.ObjectIdentifier) (out []broken) {
	for _, x := range foreign {
		for _, oid := range oids {
			if x.oid.Equal(oid) {
				out = append(out, broken{"a foreign " + inspect.OIDName(oid), Error, "cert.extension-kind", put(oid, x.value)})
			}
		}
	}
	return out
}

// inExtensions, inResponse and inRequest put an extension where it is.
func inExtensions(oid asn1.ObjectIdentifier, value []byte) breaker {
	return added(oid, nil, literal(value...))
}

func inResponse(oid asn1.ObjectIdentifier, value []byte) breaker {
	return responseExtension(oid, nil, value...)
}

func inRequest(oid asn1.ObjectIdentifier, value []byte) breaker {
	return part(3, func(t *testing.T, _ *made, _ []byte) []byte {
		return tlv(t, 2, 0, true, extensionRequest(t, raw(oid, nil, value...)(t)))
	})
}
