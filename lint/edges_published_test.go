// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
	"testing"

	"rootceremony/internal/inspect"
)

// secp256k1 is a curve that nothing here reads.
const secp256k1 = "1.3.132.0.10"

// publishedEdges are certificates and requests of others, which are there and stay.
var publishedEdges = slices.Concat([]edge{
	{"chain.paths", "", "an issuer that ends before", maker(e1Of).but(issuedBy(validFrom("2026-01-01", "2029-01-01"))).foreign()},
	{"chain.paths", "", "an issuer that begins later", maker(e1Of).but(issuedBy(validFrom("2027-06-01", "2040-01-01"))).foreign()},
	{"chain.paths", "", "an issuer that began long before", maker(e1Of).but(issuedBy(validFrom("1990-01-01", "2029-01-01"))).foreign()},
	{"chain.paths", "error crypto/x509 at|error crypto/x509 at|error crypto/x509 at|error zcrypto at", "an issuer that had ended before it begins", maker(e1Of).but(issuedBy(validFrom("2010-01-01", "2020-01-01"))).foreign()},
	{"chain.validity-nested", "warning is after that of the issuer", "an issuer that ends before", maker(e1Of).but(issuedBy(validFrom("2026-01-01", "2029-01-01"))).foreign()},
	{"chain.validity-nested", "error is after that of the issuer", "an issuer that had ended before it begins", maker(e1Of).but(issuedBy(validFrom("2010-01-01", "2020-01-01"))).foreign()},
	{"chain.validity-nested", "error is before that of the issuer", "an issuer that begins when it has ended", maker(e1Of).but(issuedBy(validFrom("2045-01-01", "2046-01-01"))).foreign()},
	{"set.dn-bytes", "error in other bytes", "a newer spelling than another's", maker(e1Of).but(besideSpelling("2020-01-01")).foreign()},
	{"set.dn-bytes", "", "the oldest spelling", maker(e1Of).but(besideSpelling("2028-01-01")).foreign()},
	{"cert.der", "error keyUsage has trailing zero bits", "keyUsage of eight bits", maker(e1Of).but(breaking(fixed(inspect.OIDKeyUsage, 3, 2, 0, 6))).foreign()},
	{"cert.criticality", "", "basicConstraints of a responder that is not below a root for TLS", maker(delegateOf).but(breaking(added(inspect.OIDBasicConstraints, nil, literal(0x30, 0))), bindingOn("", PackSMIME))},
	{"cert.criticality", "error basicConstraints", "basicConstraints of a responder below a root for TLS", maker(delegateOf).but(breaking(added(inspect.OIDBasicConstraints, nil, literal(0x30, 0))), webOnly)},
	{"root.extensions", "warning (BR 7.1.2.11.2)", "where the CRL of a root is", maker(theRootOf).but(breaking(added(inspect.OIDCRLDistributionPoints, nil, point(e1Point))), bindingOn("", PackTLS))},
	{"sub.eku", "error (SBR 7.1.2.2 g)", "no purpose in a CA for S/MIME that only the SBRs bind", plainMailCA.but(breaking(drop(inspect.OIDExtKeyUsage)), bindingOn("", PackSMIME))},
	{"sub.eku", "error (SBR 7.1.2.2 g, BR 7.1.2.3.3)", "no purpose in a CA for S/MIME that both bind", plainMailCA.but(breaking(drop(inspect.OIDExtKeyUsage)), bindingOn("", PackSMIME, PackTLS))},
	{"cert.url", "error (BR 7.1.2.10.3)", "the certificate of the issuer by ldap", maker(e1Of).but(breaking(aia(caIssuers, "ldap://x.example.com/cn=CA")))},
	{"cert.url", "error (BR 7.1.2.11.2)", "the CRL by ldap", maker(e1Of).but(breaking(valued(inspect.OIDCRLDistributionPoints, point("ldap://x.example.com/cn=CA"))))},
}, unreadKeyEdges, rolloverEdges, affiliateEdges)

// unreadKeyEdges are keys that nothing here reads, or none that a document lists.
var unreadKeyEdges = []edge{
	{"key.size-apple", "not-checked a library", "a key that nothing reads", maker(theRootOf).but(bindingOn("", PackApple), ofCurve(secp256k1)).foreign()},
	{"key.quality", "not-checked a library", "another curve, in a PKI of its own", maker(e1Of).but(private, ofCurve(secp256k1)).foreign()},
	{"key.quality", "error not on P-256", "another curve, where the BRs say which", maker(e1Of).but(webOnly, ofCurve(secp256k1)).foreign()},
	{"key.quality", "not-checked a library", "P-224, in a PKI of its own", maker(e1Of).but(private, ofKey(p224)).foreign()},
	{"key.quality", "error P-224", "P-224, where the BRs say which", maker(e1Of).but(webOnly, ofKey(p224)).foreign()},
	{"key.quality", "error not readable", "a key of RSA that is none", maker(e1Of).but(private, ofKey(func(t *testing.T) []byte {
		return seq(t, seq(t, rawOID(t, "1.2.840.113549.1.1.1"), []byte{5, 0}), bits(t, []byte{4, 1, 7}))
	})).foreign()},
	{"key.quality", "error exponent 1", "RSA of exponent 1, in a PKI of its own", maker(e1Of).but(private, ofKey(func(t *testing.T) []byte { return rsaSPKI(t, ofBits(2048)(t), 1) })).foreign()},
	{"req.signature", "not-checked a library", "a request for a key that nothing reads", maker(func(_ *testing.T, w *hierarchy) *made { return w.request }).but(private, breaking(part(2, func(t *testing.T, _ *made, _ []byte) []byte {
		return ec(secp256k1, 4, 1, 1)(t)
	}))).foreign()},
}

// validFrom gives a certificate another validity, of whole days.
func validFrom(from, to string) breaker {
	return part(atValidity, func(t *testing.T, _ *made, _ []byte) []byte {
		return seq(t, der(t, date(from+"T00:00:00Z"), "utc"), der(t, date(to+"T00:00:00Z"), "utc"))
	})
}

// ofKey certifies another key.
func ofKey(spki func(*testing.T) []byte) func(*testing.T, *hierarchy, *made) {
	return breaking(part(atKey, func(t *testing.T, _ *made, _ []byte) []byte { return spki(t) }))
}

// ofCurve certifies a key on another curve.
func ofCurve(oid string) func(*testing.T, *hierarchy, *made) { return ofKey(ec(oid, 4, 1, 1)) }

// besideSpelling puts another certificate beside it, valid since a day, with its name in other letters.
func besideSpelling(since string) func(*testing.T, *hierarchy, *made) {
	return func(t *testing.T, w *hierarchy, m *made) {
		other := part(atSubject, func(_ *testing.T, _ *made, name []byte) []byte {
			name = slices.Clone(name)
			name[len(name)-2] ^= 0x20
			return name
		})(t, w.e1).cert
		other.NotBefore.Time = date(since + "T00:00:00Z")
		m.ctx.Siblings = append(m.ctx.Siblings, Sibling{"other", other, nil})
	}
}
