// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"slices"
	"testing"
	"time"

	"rootceremony/internal/inspect"
)

// caFaults break what every CA of the web has.
var caFaults = []broken{
	{"notBefore two days before the signing", Error, "time.not-before", validity(moment("utc", -2*day), end)},
	{"notBefore a day and a second before the signing", Error, "time.not-before", validity(moment("utc", -day-time.Second), end)},
	{"notBefore a second after the signing", Error, "time.not-before", validity(moment("utc", time.Second), end)},
	{"no basicConstraints", Error, "cert.extensions-required", drop(inspect.OIDBasicConstraints)},
	{"basicConstraints that is not critical", Error, "cert.criticality", flagged(inspect.OIDBasicConstraints, nil)},
	{"cA is FALSE", Error, "cert.extensions-required", fixed(inspect.OIDBasicConstraints, 0x30, 0)},
	{"cA is an encoded FALSE", Error, "cert.extensions-required cert.der", fixed(inspect.OIDBasicConstraints, 0x30, 3, 1, 1, 0)},
	{"a path length without cA", Error, "cert.extensions-required", fixed(inspect.OIDBasicConstraints, 0x30, 3, 2, 1, 0)},
	{"a negative path length", Error, "cert.der object.parse", fixed(inspect.OIDBasicConstraints, 0x30, 6, 1, 1, 0xff, 2, 1, 0xff)},
	{"basicConstraints twice", Error, "cert.extension-unique object.parse", twice(inspect.OIDBasicConstraints)},
	{"no keyUsage", Error, "cert.ku cert.extensions-required", drop(inspect.OIDKeyUsage)},
	{"keyUsage without cRLSign", Error, "cert.ku", fixed(inspect.OIDKeyUsage, 3, 2, 2, 4)},
	{"keyUsage without keyCertSign", Error, "cert.ku", fixed(inspect.OIDKeyUsage, 3, 2, 1, 2)},
	{"keyUsage with keyEncipherment", Error, "cert.ku", fixed(inspect.OIDKeyUsage, 3, 2, 1, 0x26)},
	{"keyUsage with nonRepudiation", Error, "cert.ku", fixed(inspect.OIDKeyUsage, 3, 2, 1, 0x46)},
	{"keyUsage with dataEncipherment", Error, "cert.ku", fixed(inspect.OIDKeyUsage, 3, 2, 1, 0x16)},
	{"keyUsage with keyAgreement", Error, "cert.ku", fixed(inspect.OIDKeyUsage, 3, 2, 1, 0x0e)},
	{"keyUsage with encipherOnly", Error, "cert.ku", fixed(inspect.OIDKeyUsage, 3, 2, 0, 7)},
	{"keyUsage with decipherOnly", Error, "cert.ku", fixed(inspect.OIDKeyUsage, 3, 3, 7, 6, 0x80)},
	{"no subjectKeyIdentifier", Error, "cert.extensions-required cert.ski", drop(inspect.OIDSubjectKeyID)},
	{"an SCT list", Warning, "cert.no-sct", added(inspect.OIDSCTList, nil, literal(4, 2, 0, 0))},
	{"precertificate poison", Error, "cert.no-sct", added(inspect.OIDPrecertificatePoison, critical, literal(5, 0))},
	{"ocsp-nocheck", Warning, "cert.no-sct", added(inspect.OIDOCSPNoCheck, nil, literal(5, 0))},
	{"the same identifier as another key", Error, "set.ski-key", twin(func(t *testing.T, m *made, p [][]byte) { p[atKey] = strangerKey(t) })},
	{"the same name as another key", Error, "set.dn-key", twin(func(t *testing.T, m *made, p [][]byte) { p[atKey] = strangerKey(t) })},
	{"the same name in other bytes", Error, "set.dn-bytes", twin(func(_ *testing.T, _ *made, p [][]byte) {
		p[atSubject] = slices.Clone(p[atSubject])
		p[atSubject][len(p[atSubject])-2] ^= 0x20
	})},
}

// subFaults break what every subordinate CA of the web has.
var subFaults = []broken{
	{"no extKeyUsage", Error, "sub.eku cert.extensions-required", drop(inspect.OIDExtKeyUsage)},
	{"an empty extKeyUsage", Error, "sub.eku cert.der object.parse", fixed(inspect.OIDExtKeyUsage, 0x30, 0)},
	{"a critical extKeyUsage", Error, "cert.criticality", flagged(inspect.OIDExtKeyUsage, critical)},
	{"anyExtendedKeyUsage alone", Error, "sub.eku", valued(inspect.OIDExtKeyUsage, oids(purposeAny))},
	{"OCSPSigning alone", Error, "sub.eku", valued(inspect.OIDExtKeyUsage, oids(purposeOCSP))},
	{"precertificate signing alone", Error, "sub.eku", valued(inspect.OIDExtKeyUsage, oids(purposePrecert))},
	{"no CRL distribution point", Error, "cert.extensions-required", drop(inspect.OIDCRLDistributionPoints)},
	{"an empty list of CRL distribution points", Error, "cert.cdp object.parse", fixed(inspect.OIDCRLDistributionPoints, 0x30, 0)},
	{"a critical CRL distribution point", Error, "cert.criticality", flagged(inspect.OIDCRLDistributionPoints, critical)},
	{"https in a CRL distribution point", Error, "cert.url", valued(inspect.OIDCRLDistributionPoints, point("https://x1.c.example.com/root-x1.crl"))},
	{"ldap in a CRL distribution point", Error, "cert.url", valued(inspect.OIDCRLDistributionPoints, point("ldap://x1.c.example.com/cn=root"))},
	{"ldap beside http in a CRL distribution point", Error, "cert.url", valued(inspect.OIDCRLDistributionPoints, point("http://x1.c.example.com/root-x1.crl", "ldap:///cn=root"))},
	{"HTTP in capital letters", Error, "cert.url chain.issuer-urls", valued(inspect.OIDCRLDistributionPoints, point("HTTP://x1.c.example.com/root-x1.crl"))},
	{"a CRL URL without host", Error, "cert.url", valued(inspect.OIDCRLDistributionPoints, point("http:///root-x1.crl"))},
	{"a CRL URL without path", Warning, "cert.url", valued(inspect.OIDCRLDistributionPoints, point("http://x1.c.example.com"))},
	{"a relative CRL URL", Error, "cert.url", valued(inspect.OIDCRLDistributionPoints, point("root-x1.crl"))},
	{"a CRL URL with a user", Warning, "cert.url", valued(inspect.OIDCRLDistributionPoints, point("http://a@x1.c.example.com/root-x1.crl"))},
	{"a CRL URL of another CA", Error, "chain.issuer-urls", valued(inspect.OIDCRLDistributionPoints, point("http://e1.c.example.com/e1.crl"))},
	{"a CRL URL with one wrong letter", Error, "chain.issuer-urls", valued(inspect.OIDCRLDistributionPoints, point("http://x1.c.example.com/Root-x1.crl"))},
	{"reasons in a CRL distribution point", Error, "cert.cdp", valued(inspect.OIDCRLDistributionPoints, pointWith(func(t *testing.T, _ *made) []byte {
		return tlv(t, asn1.ClassContextSpecific, 1, false, []byte{6, 0x40})
	}))},
	{"a cRLIssuer in a CRL distribution point", Error, "cert.cdp", valued(inspect.OIDCRLDistributionPoints, pointWith(func(t *testing.T, m *made) []byte {
		return explicit(t, 2, explicit(t, 4, m.by.cert.RawSubject))
	}))},
	{"a relative name in a CRL distribution point", Error, "cert.cdp object.parse", valued(inspect.OIDCRLDistributionPoints, func(t *testing.T, m *made) []byte {
		return seq(t, seq(t, explicit(t, 0, explicit(t, 1, split(t, m.by.cert.RawSubject)[0][2:]))))
	})},
	{"a directory name in a CRL distribution point", Error, "cert.cdp", valued(inspect.OIDCRLDistributionPoints, func(t *testing.T, m *made) []byte {
		return seq(t, seq(t, explicit(t, 0, explicit(t, 0, explicit(t, 4, m.by.cert.RawSubject)))))
	})},
	{"a CRL distribution point of nothing", Error, "cert.cdp object.parse", fixed(inspect.OIDCRLDistributionPoints, 0x30, 2, 0x30, 0)},
	{"two CRL distribution points", Warning, "cert.cdp", valued(inspect.OIDCRLDistributionPoints, func(t *testing.T, m *made) []byte {
		one := split(t, point("http://x1.c.example.com/root-x1.crl")(t, m))[0]
		return seq(t, one, one)
	})},
	{"a critical authorityInfoAccess", Error, "cert.criticality", flagged(inspect.OIDAuthorityInfoAccess, critical)},
	{"https in authorityInfoAccess", Error, "cert.url", valued(inspect.OIDAuthorityInfoAccess, access(caIssuers, "https://x1.i.example.com/root-x1.crt"))},
	{"ldap in authorityInfoAccess", Error, "cert.url", valued(inspect.OIDAuthorityInfoAccess, access(caIssuers, "ldap://x1.i.example.com/cn=x1"))},
	{"the certificate of another CA in authorityInfoAccess", Error, "chain.issuer-urls", valued(inspect.OIDAuthorityInfoAccess, access(caIssuers, "http://e1.i.example.com/e1.crt"))},
	{"OCSP of nobody in authorityInfoAccess", Error, "chain.issuer-urls", valued(inspect.OIDAuthorityInfoAccess, access(caIssuers, "http://x1.i.example.com/root-x1.crt", ocspMethod, "http://o.example.com"))},
	{"another method in authorityInfoAccess", Error, "cert.aia", valued(inspect.OIDAuthorityInfoAccess, access(caIssuers, "http://x1.i.example.com/root-x1.crt", "1.3.6.1.5.5.7.48.5", "http://x1.i.example.com/root-x1.crt"))},
	{"one location twice in authorityInfoAccess", Error, "cert.aia", valued(inspect.OIDAuthorityInfoAccess, access(caIssuers, "http://x1.i.example.com/root-x1.crt", caIssuers, "http://x1.i.example.com/root-x1.crt"))},
	{"a directory name in authorityInfoAccess", Error, "cert.aia", valued(inspect.OIDAuthorityInfoAccess, func(t *testing.T, m *made) []byte {
		return seq(t, seq(t, rawOID(t, caIssuers), explicit(t, 4, m.by.cert.RawSubject)))
	})},
	{"an empty authorityInfoAccess", Error, "cert.aia cert.der object.parse", fixed(inspect.OIDAuthorityInfoAccess, 0x30, 0)},
	{"an extension of nobody", Warning, "cert.other-extension", added(asn1.ObjectIdentifier{1, 2, 3, 4}, nil, literal(5, 0))},
	{"a critical extension of nobody", Error, "cert.other-extension", added(asn1.ObjectIdentifier{1, 2, 3, 4}, critical, literal(5, 0))},
	{"a subjectAltName", Warning, "cert.other-extension", added(inspect.OIDSubjectAltName, nil, func(t *testing.T, _ *made) []byte { return seq(t, rawDNS(t, "ca.example.com")) })},
	{"a critical subjectAltName", Error, "cert.other-extension", added(inspect.OIDSubjectAltName, critical, func(t *testing.T, _ *made) []byte { return seq(t, rawDNS(t, "ca.example.com")) })},
	{"policyConstraints that is not critical", Error, "cert.criticality", added(inspect.OIDPolicyConstraints, nil, literal(0x30, 3, 0x80, 1, 0))},
	{"a freshestCRL", Warning, "cert.other-extension", added(inspect.OIDFreshestCRL, nil, point("http://x1.c.example.com/delta.crl"))},
	{"the issuer's name with another key", Warning, "chain.self-issued", part(atSubject, func(_ *testing.T, m *made, _ []byte) []byte { return m.by.cert.RawSubject })},
	{"the same key under another name", Error, "set.dn-key", twin(func(t *testing.T, m *made, p [][]byte) { p[atSubject] = m.by.cert.RawSubject })},
	{"the same key with another identifier", Warning, "set.ski-key", func(t *testing.T, m *made) *made {
		other := fixed(inspect.OIDSubjectKeyID, slices.Concat([]byte{4, 20}, make([]byte, 20))...)(t, m)
		return withTwin(m, other)
	}},
}

// Methods of authorityInfoAccess.
const (
	caIssuers  = "1.3.6.1.5.5.7.48.2"
	ocspMethod = "1.3.6.1.5.5.7.48.1"
)

// pointWith makes cRLDistributionPoints with one more field.
func pointWith(more func(t *testing.T, m *made) []byte) func(*testing.T, *made) []byte {
	return func(t *testing.T, m *made) []byte {
		name := explicit(t, 0, explicit(t, 0, uri(t, "http://x1.c.example.com/root-x1.crl")))
		return seq(t, seq(t, name, more(t, m)))
	}
}

// twin puts a changed copy beside the object, which stays as it is.
func twin(change func(t *testing.T, m *made, p [][]byte)) breaker {
	return func(t *testing.T, m *made) *made {
		return withTwin(m, redo(t, m, func(p [][]byte) [][]byte { change(t, m, p); return p }))
	}
}

// withTwin gives an object another certificate for a sibling.
func withTwin(m, other *made) *made {
	out := *m
	out.ctx.Siblings = append(slices.Clone(m.ctx.Siblings), Sibling{"twin", other.cert, nil})
	return &out
}

// strangerKey is the key of nobody here.
func strangerKey(t *testing.T) []byte { return spki(t, key(t, "ecdsa-p384", "stranger")) }
