// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"encoding/asn1"
	"slices"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
)

// rootFaults break what only a root has.
var rootFaults = []broken{
	{"issuer that is not the subject", Error, "root.issuer-subject", part(atIssuer, func(_ *testing.T, _ *made, b []byte) []byte {
		out := slices.Clone(b)
		out[len(out)-1] ^= 1
		return out
	})},
	{"seven years", Error, "root.validity", validity(start, text(asn1.TagUTCTime, "331130235959Z"))},
	{"a second less than 2922 days", Error, "root.validity", validity(start, later(minRoot-2*time.Second))},
	{"a second more than 9132 days", Error, "root.validity", validity(start, later(maxRoot))},
	{"thirty years", Error, "root.validity prog.ms-root-validity", validity(start, text(asn1.TagGeneralizedTime, "20561130235959Z"))},
	{"no authorityKeyIdentifier", Warning, "root.aki", drop(inspect.OIDAuthorityKeyID)},
	{"an authorityKeyIdentifier of another key", Error, "root.aki", valued(inspect.OIDAuthorityKeyID, func(t *testing.T, _ *made) []byte {
		return seq(t, tlv(t, asn1.ClassContextSpecific, 0, false, bytes.Repeat([]byte{7}, 20)))
	})},
	{"issuer and serial number in authorityKeyIdentifier", Error, "root.aki", valued(inspect.OIDAuthorityKeyID, func(t *testing.T, m *made) []byte {
		return seq(t, tlv(t, asn1.ClassContextSpecific, 0, false, subjectKeyID(m.cert.Extensions)),
			explicit(t, 1, explicit(t, 4, m.cert.RawSubject)), tlv(t, asn1.ClassContextSpecific, 2, false, []byte{1}))
	})},
	{"an extKeyUsage", Error, "root.extensions", added(inspect.OIDExtKeyUsage, nil, oids(purposeServer))},
	{"a critical extKeyUsage", Error, "root.extensions cert.criticality", added(inspect.OIDExtKeyUsage, critical, oids(purposeServer))},
	{"certificatePolicies", Warning, "root.extensions", added(inspect.OIDCertificatePolicies, nil, literal(0x30, 8, 0x30, 6, 6, 4, 0x55, 0x1d, 0x20, 0))},
	{"a CRL distribution point", Warning, "root.extensions", added(inspect.OIDCRLDistributionPoints, nil, point("http://x1.c.example.com/root-x1.crl"))},
	{"authorityInfoAccess", Warning, "root.extensions", added(inspect.OIDAuthorityInfoAccess, nil, access(caIssuers, "http://x1.i.example.com/root-x1.crt"))},
	{"nameConstraints", Warning, "root.extensions", added(inspect.OIDNameConstraints, critical, trees([][]byte{baseDNS}, nil))},
	{"a subjectAltName", Warning, "root.extensions", added(inspect.OIDSubjectAltName, nil, func(t *testing.T, _ *made) []byte { return seq(t, rawDNS(t, "ca.example.com")) })},
	{"an extension of nobody", Warning, "root.extensions", added(asn1.ObjectIdentifier{1, 2, 3, 4}, nil, literal(5, 0))},
	{"a path length", Warning, "root.extensions", fixed(inspect.OIDBasicConstraints, 0x30, 6, 1, 1, 0xff, 2, 1, 3)},
	{"an old key", Warning, "key.age", func(_ *testing.T, m *made) *made {
		out := *m
		out.ctx.KeyGenerated = signing.AddDate(-5, 0, -1)
		return &out
	}},
	{"a key made after the signing", Error, "key.age", func(_ *testing.T, m *made) *made {
		out := *m
		out.ctx.KeyGenerated = signing.AddDate(0, 0, 1)
		return &out
	}},
	{"the key of an older root", Error, "set.root-unique", twin(func(_ *testing.T, m *made, p [][]byte) { p[atSerial] = []byte{2, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9} })},
}

// later encodes a time after the notBefore of the object.
func later(d time.Duration) func(*testing.T, *made) []byte {
	return func(t *testing.T, m *made) []byte {
		at := m.cert.NotBefore.Add(d)
		if at.Year() >= 2050 {
			return der(t, at, "generalized")
		}
		return der(t, at, "utc")
	}
}

// crossFaults break what only a cross-certificate has.
var crossFaults = []broken{
	{"no extKeyUsage into a dedicated hierarchy", Error, "cross.eku-hierarchy", drop(inspect.OIDExtKeyUsage)},
	eku("a purpose of another hierarchy", Error, "cross.eku-hierarchy", purposeEmail),
	eku("one purpose too many", Error, "cross.eku-hierarchy", purposeServer, purposeEmail),
	eku("any purpose", Error, "cross.eku-hierarchy", purposeAny),
	{"another subject", Error, "cross.subject", part(atSubject, func(_ *testing.T, m *made, _ []byte) []byte { return m.by.cert.RawSubject })},
	{"a subject in other bytes", Error, "cross.subject", swap(atSubject, []byte{0x13, 2, 'U', 'S'}, []byte{0x0c, 2, 'U', 'S'})},
	{"another key", Error, "cross.spki", part(atKey, func(t *testing.T, _ *made, _ []byte) []byte { return strangerKey(t) })},
	{"another identifier", Error, "cross.ski", fixed(inspect.OIDSubjectKeyID, slices.Concat([]byte{4, 20}, make([]byte, 20))...)},
	{"more usage than before", Warning, "cross.ku", fixed(inspect.OIDKeyUsage, 3, 2, 1, 0x86)},
	{"notBefore earlier than the existing certificate", Error, "time.not-before", validity(text(asn1.TagUTCTime, "200101000000Z"), end)},
	{"no existing certificate of a CA", Error, "cross.existing", func(t *testing.T, m *made) *made {
		out := *m
		out.ctx.Existing = edit(t, m.by, nil, func(p [][]byte) [][]byte { p[atExtensions] = explicit(t, 3, seq(t)); return p }).cert
		if out.ctx.Existing == nil {
			out.ctx.Existing = extend(t, m.by, nil, inspect.OIDBasicConstraints, critical, []byte{0x30, 0}).cert
		}
		return &out
	}},
	{"an EV policy lost", Error, "cross.ev-oid", func(t *testing.T, m *made) *made {
		out := *m
		out.ctx.Existing = extend(t, m.by, nil, inspect.OIDCertificatePolicies, nil, seq(t, seq(t, rawOID(t, policyEV)))).cert
		return &out
	}},
}

// delegateFaults break what an OCSP responder has.
var delegateFaults = []broken{
	{"no ocsp-nocheck", Error, "ocspcert.exact", drop(inspect.OIDOCSPNoCheck)},
	{"a critical ocsp-nocheck", Error, "ocspcert.exact", flagged(inspect.OIDOCSPNoCheck, critical)},
	{"ocsp-nocheck with a value", Error, "ocspcert.exact", fixed(inspect.OIDOCSPNoCheck, 4, 0)},
	{"an empty ocsp-nocheck", Error, "ocspcert.exact", fixed(inspect.OIDOCSPNoCheck)},
	{"no extKeyUsage", Error, "ocspcert.purpose ocspcert.exact", drop(inspect.OIDExtKeyUsage)},
	eku("serverAuth beside OCSPSigning", Error, "ocspcert.purpose", purposeOCSP, purposeServer),
	eku("any purpose", Error, "ocspcert.purpose", purposeAny),
	{"a critical extKeyUsage", Error, "cert.criticality", flagged(inspect.OIDExtKeyUsage, critical)},
	{"no keyUsage", Error, "ocspcert.exact cert.ku", drop(inspect.OIDKeyUsage)},
	{"keyUsage with nonRepudiation", Error, "ocspcert.exact cert.ku", fixed(inspect.OIDKeyUsage, 3, 2, 6, 0xc0)},
	{"keyUsage with keyCertSign", Error, "ocspcert.exact cert.ku", fixed(inspect.OIDKeyUsage, 3, 2, 2, 0x84)},
	{"basicConstraints of a CA", Error, "ocspcert.exact ocspcert.purpose", added(inspect.OIDBasicConstraints, critical, literal(0x30, 3, 1, 1, 0xff))},
	{"basicConstraints that is not critical", Error, "ocspcert.exact cert.criticality", added(inspect.OIDBasicConstraints, nil, literal(0x30, 0))},
	{"basicConstraints with an encoded FALSE", Error, "ocspcert.exact", added(inspect.OIDBasicConstraints, critical, literal(0x30, 3, 1, 1, 0))},
	{"nameConstraints", Error, "ocspcert.exact", added(inspect.OIDNameConstraints, critical, trees([][]byte{baseDNS}, nil))},
	{"a subjectAltName", Error, "ocspcert.exact", added(inspect.OIDSubjectAltName, nil, func(t *testing.T, _ *made) []byte { return seq(t, rawDNS(t, "o.example.com")) })},
	{"a CRL distribution point", Error, "ocspcert.exact", added(inspect.OIDCRLDistributionPoints, nil, point("http://x1.c.example.com/root-x1.crl"))},
	{"certificatePolicies", Warning, "ocspcert.exact", added(inspect.OIDCertificatePolicies, nil, literal(0x30, 8, 0x30, 6, 6, 4, 0x55, 0x1d, 0x20, 0))},
	{"authorityInfoAccess", Warning, "ocspcert.exact", added(inspect.OIDAuthorityInfoAccess, nil, access(caIssuers, "http://x1.i.example.com/root-x1.crt"))},
	{"no subjectKeyIdentifier", Warning, "ocspcert.exact", drop(inspect.OIDSubjectKeyID)},
	{"an SCT list", Warning, "cert.no-sct", added(inspect.OIDSCTList, nil, literal(4, 2, 0, 0))},
	{"an extension of nobody", Warning, "cert.other-extension", added(asn1.ObjectIdentifier{1, 2, 3, 4}, nil, literal(5, 0))},
	{"a critical extension of nobody", Error, "cert.other-extension", added(asn1.ObjectIdentifier{1, 2, 3, 4}, critical, literal(5, 0))},
	{"two years", Warning, "ocspcert.lifetime", validity(start, text(asn1.TagUTCTime, "281201000000Z"))},
	{"notBefore two days before the signing", Error, "time.not-before", validity(moment("utc", -2*day), end)},
	{"notBefore a second after the signing", Error, "time.not-before", validity(moment("utc", 1e9), end)},
	{"not for OCSP, by a root", Error, "root.no-end-entity", valued(inspect.OIDExtKeyUsage, oids(purposeServer))},
	{"a sample by another key", Error, "ocsp.sample", func(t *testing.T, m *made) *made {
		other := certificate(t, m.obj.certificate(), key(t, algorithm.ECDSAP256, "other-ocsp"), m.by)
		out := *m
		out.ctx.Sample = other.ctx.Sample
		return &out
	}},
}

// privateFaults break what RFC 5280 asks of a CA that no program knows.
var privateFaults = []broken{
	{"no subject", Error, "cert.name-encoding cert.subject e_ca_subject_field_empty", subject(func(*testing.T, [][]byte) [][]byte { return nil })},
	{"no basicConstraints", Error, "cert.extensions-required", drop(inspect.OIDBasicConstraints)},
	{"basicConstraints that is not critical", Error, "cert.criticality", flagged(inspect.OIDBasicConstraints, nil)},
	{"cA is FALSE", Error, "cert.extensions-required", fixed(inspect.OIDBasicConstraints, 0x30, 0)},
	{"no keyUsage", Error, "cert.extensions-required", drop(inspect.OIDKeyUsage)},
	{"keyUsage without keyCertSign", Error, "cert.ca-usage", fixed(inspect.OIDKeyUsage, 3, 2, 1, 2)},
	{"no subjectKeyIdentifier", Error, "cert.extensions-required", drop(inspect.OIDSubjectKeyID)},
	{"an encoded FALSE in basicConstraints", Error, "cert.der cert.extensions-required", fixed(inspect.OIDBasicConstraints, 0x30, 3, 1, 1, 0)},
	{"nameConstraints that are not critical", Error, "cert.criticality e_ext_name_constraints_not_critical", added(inspect.OIDNameConstraints, nil, trees([][]byte{baseDNS}, nil))},
	{"policyConstraints that is not critical", Error, "cert.criticality", added(inspect.OIDPolicyConstraints, nil, literal(0x30, 3, 0x80, 1, 0))},
	{"empty policyConstraints", Error, "cert.der object.parse e_ext_policy_constraints_empty", added(inspect.OIDPolicyConstraints, critical, literal(0x30, 0))},
	{"inhibitAnyPolicy that is not critical", Error, "cert.criticality", added(inspect.OIDInhibitAnyPolicy, nil, literal(2, 1, 0))},
	{"policyMappings from anyPolicy", Error, "e_ext_policy_map_any_policy", added(inspect.OIDPolicyMappings, critical, literal(0x30, 12, 0x30, 10, 6, 4, 0x55, 0x1d, 0x20, 0, 6, 2, 0x2a, 3))},
	{"a critical extension of nobody", Error, "cert.other-extension", added(asn1.ObjectIdentifier{1, 2, 3, 4}, critical, literal(5, 0))},
	{"a leading dot in a dNSName", Error, "nc.syntax", added(inspect.OIDNameConstraints, critical, trees([][]byte{short(2, []byte(".example.com")...)}, nil))},
	{"a mask with a hole", Error, "nc.syntax object.parse", added(inspect.OIDNameConstraints, critical, trees([][]byte{short(7, 10, 0, 0, 0, 255, 0, 255, 0)}, nil))},
	{"empty nameConstraints", Error, "nc.syntax object.parse", added(inspect.OIDNameConstraints, critical, literal(0x30, 0))},
	{"a subjectAltName of nothing", Error, "cert.der object.parse e_ext_san_no_entries", added(inspect.OIDSubjectAltName, nil, literal(0x30, 0))},
	{"a CRL distribution point with reasons only", Error, "e_distribution_point_incomplete", added(inspect.OIDCRLDistributionPoints, nil, literal(0x30, 6, 0x30, 4, 0x81, 2, 6, 0x40))},
}
