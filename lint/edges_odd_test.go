// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/asn1"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// oddEdges are objects that nobody means to make.
var oddEdges = slices.Concat(answerEdges, pathEdges, []edge{
	{"nc.syntax", notApplies, "no constraints", e1Of},
	{"crl.entry-ext", notYet + "|notice has holdInstructionCode", "a hold instruction before BR 7.2.2", maker(entries(func(t *testing.T, w *hierarchy) [][]byte {
		return [][]byte{rawEntry(t, w.e1.cert.Serial, signing, holdCode(t))}
	})).but(bindingOn("2023-01-01", PackTLS))},
	{"set.organization", "warning the country of", "abroad, and another organization of the same country", maker(e1Of).but(known(func(w *hierarchy, c *Context) {
		otherOrganizations("Quite another", "One more")(w, c)
		c.Authorities = append(c.Authorities, Organization{Of: "one", Organization: "Example Trust", Country: "NL"})
	}))},
	{"cert.extension-unique", "error occurs 2 times [entries]", "a reason twice in an entry", entries(func(t *testing.T, w *hierarchy) [][]byte {
		return [][]byte{rawEntry(t, w.e1.cert.Serial, signing, rawReason(t, 10, 4), rawReason(t, 10, 4))}
	})},
	{"cert.declared-eq-issued", "", "a request that asks for extensions", askingRequest},
	{"cert.declared-eq-issued", "error 0 attributes, but 1 are declared", "a request that should ask for extensions", maker(askingRequest).but(breaking(part(3, func(t *testing.T, _ *made, _ []byte) []byte { return explicit(t, 0) })))},
	{"key.size-smime", "", "a CA without basicConstraints", maker(e1Of).but(breaking(drop(inspect.OIDBasicConstraints)), bindingOn("", PackSMIME))},
	{"prog.ms-root-validity", "warning more than 10 years", "of a root signed on an unknown day", agedRoot(profiles.TLSServer).but(bindingOn("", PackMicrosoft), unknownDay)},
})

// pathEdges are certificates that one reader of paths refuses.
var pathEdges = []edge{
	{"chain.paths", "error zcrypto: ", "what zcrypto alone refuses", maker(e1Of).but(breaking(unreadByZCrypto))},
	{"chain.paths", "error zcrypto: ", "a specimen that zcrypto alone refuses", maker(e1Of).but(breaking(unreadByZCrypto), ofSpecimen)},
	{"chain.paths", "error zcrypto: ", "an issuer that zcrypto alone refuses", maker(e1Of).but(issuedBy(unreadByZCrypto))},
	{"chain.paths", "error crypto/x509: ", "a specimen of two algorithms", maker(e1Of).but(breaking(algorithms(nil, ecdsaSHA512)), ofSpecimen)},
	{"chain.paths", "", "a specimen, which nobody signed", maker(e1Of).but(ofSpecimen, func(t *testing.T, _ *hierarchy, m *made) { m.der = forgedDER(t, m.cert) })},
	{"chain.paths", "error crypto/x509 at|error zcrypto at", "what nobody signed", maker(e1Of).but(func(t *testing.T, _ *hierarchy, m *made) { m.der = forgedDER(t, m.cert) })},
	{"chain.paths", "error crypto/x509: ", "a specimen of an issuer whose key cannot be read", maker(e1Of).but(ofSpecimen, func(t *testing.T, w *hierarchy, m *made) {
		issuer := *w.root.cert
		issuer.Raw = part(atKey, func(t *testing.T, _ *made, _ []byte) []byte {
			return ec("1.3.132.0.34", slices.Concat([]byte{4}, make([]byte, 95), []byte{1})...)(t)
		})(t, w.root).der
		m.ctx.Issuer = &issuer
	})},
}

// unreadByZCrypto adds a cabfOrganizationIdentifier that is none, which zcrypto reads and
// crypto/x509 does not.
var unreadByZCrypto = added(asn1.ObjectIdentifier{2, 23, 140, 3, 1}, nil, literal(5, 0))

// unknownDay takes the time of signing away.
var unknownDay = known(func(_ *hierarchy, c *Context) { c.Signing = time.Time{} })

// askingRequest is a request for a CA.
func askingRequest(t *testing.T, w *hierarchy) *made {
	r := *w.request.obj.request()
	r.Extensions = []profiles.Extension{{Name: ext.NameBasicConstraints, Critical: true, Value: ext.BasicConstraints{CA: true}}}
	m := *w.request
	m.obj.Declared = &r
	list := seq(t, der(t, inspect.OIDBasicConstraints, ""), critical, tlv(t, 0, 4, false, []byte{0x30, 3, 1, 1, 0xff}))
	return redo(t, &m, func(p [][]byte) [][]byte {
		p[3] = tlv(t, 2, 0, true, extensionRequest(t, list))
		return p
	})
}

// answerEdges are odd OCSP responses.
var answerEdges = []edge{
	{"ocsp.window", "", "exactly eight hours for a subscriber", maker(statusOf).but(ofSubscriber, breaking(answered(3, until(0, 8*time.Hour-time.Second))))},
	{"ocsp.window", "error is less than 8 hours", "a second less for a subscriber", maker(statusOf).but(ofSubscriber, breaking(answered(3, until(0, 8*time.Hour-2*time.Second))))},
	{"ocsp.window", "", "exactly ten days for a subscriber", maker(statusOf).but(ofSubscriber, breaking(answered(3, until(0, 10*day-time.Second))))},
	{"ocsp.certid-issuer", "", "a hash without parameters", maker(statusOf).but(breaking(id(func(t *testing.T, p [][]byte) { p[0] = seq(t, split(t, p[0])[0]) })))},
	{"ocsp.signer", "error lacks digitalSignature", "by the CA, with another certificate of it", answeredByCA(put(atSerial, 2, 1, 5))},
	{"ocsp.signer", "error lacks digitalSignature|error embedded certificate is not that", "by the CA, with a certificate of its name and another key", answeredByCA(part(atKey, func(t *testing.T, _ *made, _ []byte) []byte { return strangerKey(t) }))},
	{"ocsp.signer", "error lacks digitalSignature|error embedded certificate is not that", "by the CA, with a certificate of its key and another name", answeredByCA(part(atSubject, unnamed))},
}

// ofSubscriber says that a response is about a certificate of a subscriber.
func ofSubscriber(_ *testing.T, _ *hierarchy, m *made) {
	m.obj.response().Covers = profiles.SubscriberCertificates
}

// answeredByCA is a response that the CA signs and adds a certificate to.
func answeredByCA(change breaker) maker {
	return func(t *testing.T, w *hierarchy) *made {
		m := response(t, responseProfile(t, w.e1), w.root, w.root, w.e1, w.crl)
		m.by = &made{key: w.root.key, der: change(t, w.root).der}
		return reanswerBy(t, m, m.tbs)
	}
}

// TestBigCRL holds Microsoft's size of a CRL at its limit.
func TestBigCRL(t *testing.T) {
	w := newHierarchy(t)
	on, err := newTarget(&w.crl.obj, &w.crl.ctx, w.crl.der)
	if err != nil {
		t.Fatal(err)
	}
	for size, want := range map[int]int{microsoftCRL - 1: 0, microsoftCRL: 1} {
		on.der = make([]byte, size)
		if got := checkMicrosoftStatus(on); len(got) != want {
			t.Errorf("of %d octets: %v", size, got)
		}
	}
}

// Keys that no parser makes anything of are refused by name, and stop nothing.
func TestOddKeys(t *testing.T) {
	spki := spki(t, key(t, "ecdsa-p256", "odd"))
	three := seq(t, append(split(t, spki), []byte{5, 0})...)
	for name, odd := range map[string][]byte{"nothing": nil, "no SEQUENCE": {5, 0}, "three parts": three} {
		if b := publicKeyBits(odd); b != nil {
			t.Errorf("%s: bits %x", name, b)
		}
		if b := keyAlgorithm(odd); b != nil {
			t.Errorf("%s: algorithm %x", name, b)
		}
	}
	if b := publicKeyBits(seq(t, seq(t), []byte{5, 0})); b != nil {
		t.Errorf("no BIT STRING: bits %x", b)
	}
	if _, err := parseKey([]byte{5, 0}); err == nil || !strings.HasPrefix(err.Error(), "reading the public key: ") {
		t.Errorf("no SEQUENCE: %v", err)
	}
	x25519 := seq(t, seq(t, rawOID(t, "1.3.101.110")), bits(t, make([]byte, 32)))
	if _, err := parseKey(x25519); err == nil || !strings.HasPrefix(err.Error(), "public key of type *ecdh.PublicKey") {
		t.Errorf("X25519: %v", err)
	}
	beside := &ecdsa.PublicKey{Curve: elliptic.P256(), X: big.NewInt(1), Y: big.NewInt(1)} //nolint:staticcheck // no other way makes such a point
	if ps := keyShape(beside, nil); len(ps) != 1 || !strings.HasPrefix(ps[0].details, "the point is not on P-256") {
		t.Errorf("a point beside the curve: %v", ps)
	}
}

// A key that nothing here reads is told by what it is.
func TestUnreadKeys(t *testing.T) {
	good := spki(t, key(t, "ecdsa-p256", "odd"))
	alg := split(t, good)[0]
	compressed := append([]byte{2}, make([]byte, 32)...)
	beside := append([]byte{4}, make([]byte, 64)...)
	for want, odd := range map[string][]byte{
		"the key is ecPublicKey on curve secp256k1, and not on P-256, P-384 or P-521": seq(t, seq(t, rawOID(t, "1.2.840.10045.2.1"), rawOID(t, "1.3.132.0.10")), bits(t, beside)),
		"the key is a compressed point on P-256, which readers need not support":      seq(t, alg, bits(t, compressed)),
		"the key is no point on P-256":                                                seq(t, alg, bits(t, beside)),
		"the key is RSASSA-PSS, and neither RSA, ECDSA nor Ed25519":                   seq(t, seq(t, rawOID(t, "1.2.840.113549.1.1.10")), bits(t, beside)),
		"the key is not readable: unreadable key":                                     {5, 0},
		"the key is not readable: Ed25519":                                            seq(t, seq(t, rawOID(t, "1.3.101.112")), bits(t, make([]byte, 31))),
		"the key is not readable: rsaEncryption":                                      seq(t, seq(t, rawOID(t, "1.2.840.113549.1.1.1"), []byte{5, 0}), bits(t, beside)),
	} {
		if ps := keyShape(nil, odd); len(ps) != 1 || ps[0].details != want || ps[0].cites == "" {
			t.Errorf("%v, want %q", ps, want)
		}
	}
}
