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

// utc makes a validity of two encoded times.
func validity(from, to func(t *testing.T, m *made) []byte) breaker {
	return part(atValidity, func(t *testing.T, m *made, _ []byte) []byte { return seq(t, from(t, m), to(t, m)) })
}

// moment encodes a time relative to the signing.
func moment(params string, d time.Duration) func(*testing.T, *made) []byte {
	return func(t *testing.T, m *made) []byte { return der(t, m.ctx.Signing.Add(d), params) }
}

// text encodes a time unchanged.
func text(tag int, s string) func(*testing.T, *made) []byte {
	return func(t *testing.T, _ *made) []byte { return tlv(t, 0, tag, false, []byte(s)) }
}

// start and end are the encoded times of the object itself.
func start(t *testing.T, m *made) []byte { return der(t, m.cert.NotBefore.Time, "utc") }
func end(t *testing.T, m *made) []byte   { return der(t, m.cert.NotAfter.Time, "utc") }

// algorithms sets the inner and the outer AlgorithmIdentifier.
func algorithms(inner, outer []byte) breaker {
	return func(t *testing.T, m *made) *made {
		at := atAlgorithm
		if m.obj.revocationList() != nil {
			at = 1
		}
		out := m
		if inner != nil {
			out = redo(t, m, func(p [][]byte) [][]byte { p[at] = inner; return p })
		}
		if outer == nil {
			return out
		}
		return outside(func(_ *testing.T, _ *made, p [][]byte) [][]byte { p[1] = outer; return p })(t, out)
	}
}

// AlgorithmIdentifiers.
var (
	ecdsaSHA1   = []byte{0x30, 9, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1}
	ecdsaSHA224 = []byte{0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1}
	ecdsaSHA512 = []byte{0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4}
	ecdsaNull   = []byte{0x30, 12, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3, 5, 0}
	rsaSHA256   = []byte{0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 11, 5, 0}
	rsaSHA1     = []byte{0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 5, 5, 0}
	rsaMD5      = []byte{0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 4, 5, 0}
)

// algorithmFaults break the algorithm of a certificate or CRL signed by ECDSA.
var algorithmFaults = []broken{
	{"inner algorithm differs", Error, "cert.alg-table", algorithms(ecdsaSHA512, nil)},
	{"outer algorithm differs", Error, "cert.alg-table", algorithms(nil, ecdsaSHA512)},
	{"NULL parameters with ECDSA", Error, "cert.alg-table", algorithms(ecdsaNull, ecdsaNull)},
	{"ECDSA with SHA-1", Error, "cert.alg-table", algorithms(ecdsaSHA1, ecdsaSHA1)},
	{"RSA with SHA-1", Error, "cert.alg-table", algorithms(rsaSHA1, rsaSHA1)},
	{"RSA with MD5", Error, "cert.alg-table", algorithms(rsaMD5, rsaMD5)},
	{"ECDSA with SHA-224", Error, "cert.alg-table", algorithms(ecdsaSHA224, ecdsaSHA224)},
	{"a hash that does not fit the key", Error, "chain.sigalg-key", algorithms(ecdsaSHA512, ecdsaSHA512)},
	{"an algorithm for another kind of key", Error, "chain.sigalg-key", algorithms(rsaSHA256, rsaSHA256)},
}

// signatureFaults break the signature itself.
func signatureFaults(rule string) []broken {
	return []broken{
		{"signed by another key", Error, rule, func(t *testing.T, m *made) *made {
			stranger := *m
			stranger.key = key(t, algorithm.ECDSAP384, "stranger")
			return resign(t, m, &stranger, m.tbs)
		}},
		{"one bit of the signature", Error, rule, outside(func(_ *testing.T, _ *made, p [][]byte) [][]byte {
			p[2] = slices.Clone(p[2])
			p[2][len(p[2])-1] ^= 1
			return p
		})},
		{"an empty signature", Error, rule + " object.parse", outside(func(_ *testing.T, _ *made, p [][]byte) [][]byte {
			p[2] = []byte{3, 1, 0}
			return p
		})},
		{"octets after the end", Error, "object.parse", func(_ *testing.T, m *made) *made {
			out := *m
			out.der = append(slices.Clone(m.der), 5, 0)
			return &out
		}},
		{"indefinite length", Error, "object.parse", func(_ *testing.T, m *made) *made {
			out := *m
			out.der = slices.Concat([]byte{0x30, 0x80}, m.der[4:], []byte{0, 0})
			return &out
		}},
	}
}

// frameFaults break what every certificate has, regardless of who trusts it.
var frameFaults = []broken{
	{"version 1", Error, "cert.version object.parse", part(atVersion, func(*testing.T, *made, []byte) []byte { return nil })},
	{"version 2", Error, "cert.version object.parse", put(atVersion, 0xa0, 3, 2, 1, 1)},
	{"version 4", Error, "cert.version object.parse", put(atVersion, 0xa0, 3, 2, 1, 3)},
	{"an encoded version 1", Error, "cert.version object.parse", put(atVersion, 0xa0, 3, 2, 1, 0)},
	{"a unique identifier", Error, "cert.version object.parse", func(t *testing.T, m *made) *made {
		return redo(t, m, func(p [][]byte) [][]byte { return slices.Insert(p, atExtensions, []byte{0x82, 2, 0, 1}) })
	}},
	{"serial number 0", Error, "cert.serial", put(atSerial, 2, 1, 0)},
	{"a negative serial number", Error, "cert.serial object.parse", put(atSerial, 2, 9, 0x80, 1, 2, 3, 4, 5, 6, 7, 8)},
	{"a serial number of 8 octets", Warning, "cert.serial", put(atSerial, 2, 8, 0x71, 1, 2, 3, 4, 5, 6, 7)},
	{"a sequential serial number", Error, "cert.serial", put(atSerial, 2, 1, 7)},
	{"a serial number of 21 octets", Error, "cert.serial object.parse", put(atSerial, slices.Concat([]byte{2, 21, 0, 0xff}, make([]byte, 19))...)},
	{"a serial number of 2^159 and more", Error, "cert.serial object.parse", put(atSerial, slices.Concat([]byte{2, 21, 0, 0x80}, make([]byte, 19))...)},
	{"a serial number with a superfluous octet", Error, "cert.der object.parse", put(atSerial, 2, 11, 0, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 9)},
	{"notAfter as GeneralizedTime before 2050", Error, "cert.time", validity(start, func(t *testing.T, m *made) []byte { return der(t, m.cert.NotAfter.Time, "generalized") })},
	{"notBefore as GeneralizedTime before 2050", Error, "cert.time", validity(func(t *testing.T, m *made) []byte { return der(t, m.cert.NotBefore.Time, "generalized") }, end)},
	{"a time without seconds", Error, "object.parse cert.der", validity(text(asn1.TagUTCTime, "2612010000Z"), end)},
	{"a time with an offset", Error, "object.parse cert.der", validity(text(asn1.TagUTCTime, "261201000000+0100"), end)},
	{"a fraction of a second", Error, "object.parse cert.der cert.time", validity(text(asn1.TagGeneralizedTime, "20261201000000.5Z"), end)},
	{"the 31st of November", Error, "object.parse cert.der", validity(text(asn1.TagUTCTime, "261131000000Z"), end)},
	{"notAfter before notBefore", Error, "cert.time", validity(start, moment("utc", -3*day))},
	{"expired at the signing", Error, "time.not-after", validity(start, moment("utc", -time.Second))},
	{"no extensions", Error, "cert.extensions-required ocspcert.exact ocspcert.purpose object.parse", func(t *testing.T, m *made) *made {
		return redo(t, m, func(p [][]byte) [][]byte { return p[:atExtensions] })
	}},
	{"an empty list of extensions", Error, "object.parse cert.der", put(atExtensions, 0xa3, 2, 0x30, 0)},
	{"keyUsage twice", Error, "cert.extension-unique object.parse", twice(inspect.OIDKeyUsage)},
	{"authorityKeyIdentifier twice", Error, "cert.extension-unique object.parse", twice(inspect.OIDAuthorityKeyID)},
	{"an encoded FALSE", Error, "cert.der", flagged(inspect.OIDSubjectKeyID, []byte{1, 1, 0})},
	{"a TRUE of 01", Error, "cert.der object.parse", flagged(inspect.OIDKeyUsage, []byte{1, 1, 1})},
	{"octets after the value of an extension", Error, "cert.der object.parse", fixed(inspect.OIDKeyUsage, 3, 2, 1, 6, 5, 0)},
	{"keyUsage that is no BIT STRING", Error, "cert.der object.parse cert.ku", fixed(inspect.OIDKeyUsage, 4, 1, 6)},
	{"keyUsage with zero bits at the end", Error, "cert.der", fixed(inspect.OIDKeyUsage, 3, 2, 0, 6)},
	{"keyUsage without a bit", Error, "ocspcert.exact cert.ku cert.ca-usage cert.der", fixed(inspect.OIDKeyUsage, 3, 1, 0)},
	{"a critical subjectKeyIdentifier", Error, "cert.criticality", flagged(inspect.OIDSubjectKeyID, critical)},
	{"a critical authorityKeyIdentifier", Error, "cert.criticality", flagged(inspect.OIDAuthorityKeyID, critical)},
	{"keyUsage that is not critical", Error, "cert.criticality", flagged(inspect.OIDKeyUsage, nil)},
	{"a subjectKeyIdentifier of another key", Error, "cert.ski", fixed(inspect.OIDSubjectKeyID, slices.Concat([]byte{4, 20}, make([]byte, 20))...)},
	{"an empty subjectKeyIdentifier", Error, "cert.ski", fixed(inspect.OIDSubjectKeyID, 4, 0)},
	{"a subjectKeyIdentifier that is no OCTET STRING", Error, "cert.der object.parse", fixed(inspect.OIDSubjectKeyID, 3, 2, 0, 1)},
}

// issuedFaults break what a certificate owes to its issuer.
var issuedFaults = []broken{
	{"an issuer in other bytes", Error, "chain.issuer-dn", part(atIssuer, func(_ *testing.T, _ *made, b []byte) []byte {
		out := slices.Clone(b)
		out[len(out)-1] ^= 1
		return out
	})},
	{"an issuer in another string type", Error, "chain.issuer-dn", swap(atIssuer, []byte{0x13, 2, 'U', 'S'}, []byte{0x0c, 2, 'U', 'S'})},
	{"an empty issuer", Error, "chain.issuer-dn", put(atIssuer, 0x30, 0)},
	{"the issuer's own key", Error, "key.distinct", part(atKey, func(_ *testing.T, m *made, _ []byte) []byte { return m.by.cert.RawSPKI })},
	{"valid after the issuer", Error, "chain.validity-nested", validity(start, text(asn1.TagUTCTime, "480101000000Z"))},
	{"an authorityKeyIdentifier of another key", Error, "chain.aki", valued(inspect.OIDAuthorityKeyID, func(t *testing.T, _ *made) []byte {
		return seq(t, tlv(t, asn1.ClassContextSpecific, 0, false, bytes.Repeat([]byte{7}, 20)))
	})},
	{"issuer and serial number in authorityKeyIdentifier", Error, "cert.aki", valued(inspect.OIDAuthorityKeyID, func(t *testing.T, m *made) []byte {
		return seq(t, tlv(t, asn1.ClassContextSpecific, 0, false, subjectKeyID(m.by.cert.Extensions)),
			explicit(t, 1, explicit(t, 4, m.by.cert.RawSubject)), tlv(t, asn1.ClassContextSpecific, 2, false, []byte{1}))
	})},
	{"an empty authorityKeyIdentifier", Error, "cert.aki", fixed(inspect.OIDAuthorityKeyID, 0x30, 0)},
	{"no authorityKeyIdentifier", Error, "cert.aki", drop(inspect.OIDAuthorityKeyID)},
	{"a serial number that was used", Error, "set.serial-unique", func(t *testing.T, m *made) *made {
		out := *m
		twin := redo(t, m, func(p [][]byte) [][]byte { p[atSubject] = m.by.cert.RawSubject; return p })
		out.ctx.Siblings = append(slices.Clone(m.ctx.Siblings), Sibling{"twin", twin.cert, nil})
		return &out
	}},
	{"signed for another issuer", Error, "chain.issuer-key", func(t *testing.T, m *made) *made {
		out := *m
		out.ctx.IssuerKey = spki(t, key(t, algorithm.ECDSAP384, "stranger"))
		return &out
	}},
}
