// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"math/big"
	"slices"
	"strings"
	"testing"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// inheritedEdges are about what a CA has from other tools: names that parsers refuse,
// entries that are not DER, lists that contradict one another.
var inheritedEdges = slices.Concat(inheritedBytes, inheritedLists, privateLists, laterEdges)

// atSign puts an at sign into the first PrintableString, "US", of a name, which X.680 41.4
// does not have there.
func atSign(i int) breaker {
	return swap(i, []byte{inspect.TagPrintableString, 2, 'U', 'S'}, []byte{inspect.TagPrintableString, 2, 'U', '@'})
}

// oddParameters gives the algorithm a parameter that is no DER: a BOOLEAN of 1.
func oddParameters(t *testing.T, m *made) *made {
	return put(listAlgorithm, seq(t, der(t, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}, ""), []byte{1, 1, 1})...)(t, m)
}

// encodedFalse is an extension of an entry that is not DER: it says that it is not critical.
var encodedFalse = raw(nobodys, []byte{1, 1, 0}, 5, 0)

var inheritedBytes = []edge{
	{"cert.der", "notice in the name of the existing CA, which stays byte for byte: ", "an at sign in the name of a private CA", maker(listOf).but(breaking(atSign(listIssuer)), forIntent(profiles.Private))},
	{"cert.der", "error PrintableString contains|error PrintableString contains", "an at sign in a name of the web", maker(listOf).but(breaking(atSign(listIssuer)))},
	{"cert.der", "error BOOLEAN", "such a name, and what is no DER elsewhere", maker(listOf).but(breaking(atSign(listIssuer)), breaking(oddParameters), forIntent(profiles.Private))},
	{"cert.der", "notice as in the previous CRL: 1.2.3.4", "an entry that a private CA carries over", succeeding(e1On(june, encodedFalse), e1On(june, encodedFalse)).but(forIntent(profiles.Private))},
	{"cert.der", "error serial", "an entry that a CA of the web carries over", succeeding(e1On(june, encodedFalse), e1On(june, encodedFalse))},
	{"cert.der", "error serial", "a new entry of a private CA", succeeding(superseded, e1On(june, encodedFalse)).but(forIntent(profiles.Private))},
}

// asDelta makes a delta CRL of the older one.
func asDelta(t *testing.T, w *hierarchy, m *made) {
	old := listing(t, scoped(t, w, "x", 0, shard(), signing.AddDate(0, -2, 0)), w.root, superseded(t, w)...)
	old = extend(t, old, w.root, inspect.OIDDeltaCRLIndicator, critical, []byte{2, 1, 0})
	m.ctx.Earlier.CRLs[0].CRL = reread(t, old)
}

var inheritedLists = []edge{
	{"crl.continuity", "notice lists more than once: 1", "listed twice, and the second now, without the invalidityDate of the first",
		succeeding(e1On(june, reason(4), invalidity(0)).and(e1On(august, reason(5))), e1On(august, reason(5))).but(declaring)},
	{"crl.delta", "", "on hold there, and released", sinceDelta(shard()).but(delta(holds), leaving(profiles.Released), forIntent(profiles.Private), ofPrivateCA)},
	{"crl.delta", "error and this CRL does not", "on hold there, and dropped", sinceDelta(shard()).but(delta(holds), leaving(profiles.Dropped), forIntent(profiles.Private), ofPrivateCA)},
	{"crl.earlier", "", "lacks what an older one of users lists of a CA", maker(following(userOnly(), userOnly())).but(earlierCRL(0, userOnly(), 2), previousAmongThem)},
	{"crl.earlier", "", "lacks what an older delta CRL lists", maker(following(shard(), shard())).but(earlierCRL(0, shard(), 2), asDelta, previousAmongThem)},
	{"crl.scope-kept", "notice the previous one [", "of users before, and of all now", following(shard(), userOnly())},
	{"crl.scope-kept", "notice name the last CRLs of the other partitions", "a partition before, and all now", following(shard(), shard(shard1))},
}

// privateLists are about CRLs of private CAs, which RFC 5280 alone binds.
var privateLists = []edge{
	{"crl.number", "error CRL number -1", "a negative number, and the previous CRL is not given", privateList(breaking(valued(inspect.OIDCRLNumber, literal(2, 1, 0xff))))},
	{"crl.number", "not-checked", "a number, and the previous CRL is not given", privateList()},
	{"crl.number", "error CRL number 1, and the delta CRL adds to number 9", "a delta CRL before its base", privateList(breaking(added(inspect.OIDDeltaCRLIndicator, critical, literal(2, 1, 9))))},
	{"crl.number", "not-checked", "a delta CRL after its base", privateList(breaking(added(inspect.OIDDeltaCRLIndicator, critical, literal(2, 1, 0))))},
	{"crl.number", "error", "a base that cannot be read", privateList(breaking(added(inspect.OIDDeltaCRLIndicator, critical, literal(5, 0))))},
	{"crl.no-indirect", "error indirectCRL|error certificateIssuer", "an indirect CRL under the BRs", maker(listOf).but(breaking(added(inspect.OIDIssuingDistributionPoint, critical, literal(0x30, 3, 0x84, 1, 0xff))),
		listingE1(reason(4), raw(inspect.OIDCertificateIssuer, critical, 0x30, 2, 0xa4, 0)))},
	{"crl.no-indirect", "error indirectCRL", "an indirect CRL that lists none of another CA", maker(listOf).but(breaking(added(inspect.OIDIssuingDistributionPoint, critical, literal(0x30, 3, 0x84, 1, 0xff))), listingE1(reason(4)))},
	{"crl.criticality", "error deltaCRLIndicator is not critical", "a delta CRL that old clients take for a complete one", privateList(breaking(added(inspect.OIDDeltaCRLIndicator, nil, literal(2, 1, 0))))},
	{"crl.criticality", "error freshestCRL is critical", "a critical freshestCRL", privateList(breaking(added(inspect.OIDFreshestCRL, critical, literal(5, 0))))},
	{"crl.criticality", "error reasonCode of serial", "a critical reasonCode in a private PKI", privateList(listingE1(raw(inspect.OIDReasonCode, critical, 10, 1, 4)))},
	{"crl.criticality", "error invalidityDate of serial", "a critical invalidityDate in a private PKI", privateList(listingE1(reason(4), raw(inspect.OIDInvalidityDate, critical, slices.Concat([]byte{24, 15}, []byte("20261101000000Z"))...)))},
	{"cert.other-extension", "error has a critical 1.2.3.4 [entries] (RFC 5280 5.3)", "an entry with a critical extension of nobody in a private PKI", privateList(listingE1(reason(4), raw(asn1.ObjectIdentifier{1, 2, 3, 4}, critical, 5, 0)))},
	{"cert.other-extension", "", "an entry with an extension of nobody in a private PKI", privateList(listingE1(reason(4), raw(asn1.ObjectIdentifier{1, 2, 3, 4}, nil, 5, 0)))},
	{"cert.other-extension", "", "an entry with extensions of RFC 5280 that are critical", privateList(listingE1(raw(inspect.OIDReasonCode, critical, 10, 1, 4), raw(inspect.OIDCertificateIssuer, critical, 0x30, 2, 0xa4, 0)))},
	{"crl.criticality", "error certificateIssuer is not critical", "a certificateIssuer that clients pass over", privateList(listingE1(reason(4), raw(inspect.OIDCertificateIssuer, nil, 0x30, 2, 0xa4, 0)))},
	{"crl.idp", "error both onlyContainsUserCerts and onlyContainsCACerts", "for nothing", privateList(breaking(added(inspect.OIDIssuingDistributionPoint, critical, literal(0x30, 6, 0x81, 1, 0xff, 0x82, 1, 0xff))))},
	{"crl.idp", "error onlyContainsAttributeCerts", "for attribute certificates", privateList(breaking(added(inspect.OIDIssuingDistributionPoint, critical, literal(0x30, 3, 0x85, 1, 0xff))))},
	{"crl.idp", "error empty", "empty", privateList(breaking(added(inspect.OIDIssuingDistributionPoint, critical, literal(0x30, 0))))},
	{"crl.idp", "", "for users", privateList(breaking(added(inspect.OIDIssuingDistributionPoint, critical, literal(0x30, 3, 0x81, 1, 0xff))))},
	{"crl.idp", "error", "a scope that cannot be read", privateList(breaking(unreadableScope))},
	{"cert.der", "error invalidityDate is no GeneralizedTime", "an invalidityDate as UTCTime", privateList(listingE1(reason(4), raw(inspect.OIDInvalidityDate, nil, slices.Concat([]byte{23, 13}, []byte("261101000000Z"))...)))},
	{"cert.der", "", "an invalidityDate as GeneralizedTime", privateList(listingE1(reason(4), raw(inspect.OIDInvalidityDate, nil, slices.Concat([]byte{24, 15}, []byte("20261101000000Z"))...)))},
	{"crl.entry-belongs", "error freshestCRL", "a freshestCRL in a delta CRL", privateList(breaking(added(inspect.OIDDeltaCRLIndicator, critical, literal(2, 1, 0))), breaking(added(inspect.OIDFreshestCRL, nil, point("http://x1.c.example.com/delta.crl"))))},
	{"crl.entry-belongs", "", "a freshestCRL in a complete CRL", privateList(breaking(added(inspect.OIDFreshestCRL, nil, point("http://x1.c.example.com/delta.crl"))))},
	{"crl.entry-unique", "notice serial number 0 is not positive|notice serial number -1 is not positive", "serial numbers that no certificate should have", privateList(func(t *testing.T, w *hierarchy, m *made) {
		*m = *listing(t, m, w.root, rawEntry(t, big.NewInt(0), date(june)), rawEntry(t, big.NewInt(-1), date(june)), rawEntry(t, big.NewInt(1), date(june)))
	})},
	{"chain.issuer-can-sign", "", "a CRL by a signer that is no CA, where RFC 5280 alone holds", privateList(issuedBy(otherBasic(0x30, 0)))},
	{"chain.issuer-can-sign", "error cRLSign", "a CRL by a signer without cRLSign, where RFC 5280 alone holds", privateList(issuedBy(fixed(inspect.OIDKeyUsage, 3, 2, 2, 4)))},
	{"chain.issuer-can-sign", "error is not a CA", "a CRL by a signer that is no CA, where the BRs hold", maker(listOf).but(issuedBy(otherBasic(0x30, 0)))},
	{"crl.entry-belongs", "error removeFromCRL", "removeFromCRL in a complete CRL", privateList(listingE1(reason(8)))},
	{"crl.entry-belongs", "", "removeFromCRL in a delta CRL", privateList(breaking(added(inspect.OIDDeltaCRLIndicator, critical, literal(2, 1, 0))), listingE1(reason(8)))},
	{"crl.entry-belongs", "error certificateIssuer", "certificateIssuer in a direct CRL", privateList(listingE1(reason(4), raw(inspect.OIDCertificateIssuer, critical, 0x30, 2, 0xa4, 0)))},
	{"crl.entry-belongs", "", "certificateIssuer in an indirect CRL", privateList(breaking(added(inspect.OIDIssuingDistributionPoint, critical, literal(0x30, 3, 0x84, 1, 0xff))), listingE1(reason(4), raw(inspect.OIDCertificateIssuer, critical, 0x30, 2, 0xa4, 0)))},
	{"cert.der", "error a FALSE is encoded", "a FALSE in a scope", privateList(breaking(added(inspect.OIDIssuingDistributionPoint, critical, literal(0x30, 3, 0x81, 1, 0))))},
}

// laterEdges are about what one document asks for, of some kinds, or since later.
var laterEdges = []edge{
	{"cert.criticality", "warning keyUsage: critical is false", "keyUsage of a responder before BR 2.0.0", maker(delegateOf).but(breaking(flagged(inspect.OIDKeyUsage, nil)), bindingOn(beforeBR2, PackTLS))},
	{"cert.criticality", "error critical is false", "keyUsage of a responder since", maker(delegateOf).but(breaking(flagged(inspect.OIDKeyUsage, nil)), bindingOn("2023-09-15", PackTLS))},
	{"cert.time", "warning valid for the one second", "a certificate of one second", maker(e1Of).but(breaking(swap(atValidity, []byte("291130235959Z"), []byte("261201000000Z"))))},
	{"cert.time", "error is before notBefore", "a certificate that ends before it begins", maker(e1Of).but(breaking(swap(atValidity, []byte("291130235959Z"), []byte("261130235959Z"))))},
	{"chain.issuer-dn", "error is written with other string types", "an issuer in another string type", maker(e1Of).but(breaking(swap(atIssuer, []byte{0x13, 2, 'U', 'S'}, []byte{0x0c, 2, 'U', 'S'})))},
	{"chain.issuer-dn", "error but the issuing CA is", "another issuer", maker(e1Of).but(breaking(swap(atIssuer, []byte{0x13, 2, 'U', 'S'}, []byte{0x13, 2, 'U', 'T'})))},
	{"crl.issuer", "error is written with other string types", "a CRL whose issuer is in another string type", maker(listOf).but(breaking(swap(listIssuer, []byte{0x13, 2, 'U', 'S'}, []byte{0x0c, 2, 'U', 'S'})))},
	{"ocsp.signer", "error is not embedded", "a response without the certificate of its responder", maker(statusOf).but(breaking(bareResponse))},
	{"ocsp.signer", "notice is not embedded", "published without it", maker(statusOf).but(breaking(bareResponse), known(published))},
	{"cert.url", "error percent-encoded", "a space in a URL", maker(e1Of).but(breaking(valued(inspect.OIDCRLDistributionPoints, point("http://x1.c.example.com/a b.crl"))))},
	{"cert.url", "error percent-encoded", "a letter that is not of ASCII", maker(e1Of).but(breaking(valued(inspect.OIDCRLDistributionPoints, point("http://x1.c.example.com/\u00e9.crl"))))},
	{"cert.url", "", "percent-encoded, and all that a URL may have", maker(e1Of).but(breaking(valued(inspect.OIDCRLDistributionPoints, point("http://x1.c.example.com/a%20b-._~:/?[]@!$&'()*+,;=.crl"))))},
	{"cert.url", "warning leads each client", "a CRL at localhost", maker(e1Of).but(breaking(valued(inspect.OIDCRLDistributionPoints, point("http://localhost/a.crl"))))},
	{"cert.url", "warning leads each client", "a CRL on a loopback address", maker(e1Of).but(breaking(valued(inspect.OIDCRLDistributionPoints, point("http://127.0.0.1/a.crl"))))},
	{"cert.url", "warning leads each client", "a CRL on that of IPv6", maker(e1Of).but(breaking(valued(inspect.OIDCRLDistributionPoints, point("http://[::1]/a.crl"))))},
	{"cert.url", "warning leads each client", "a CRL on no address", maker(e1Of).but(breaking(valued(inspect.OIDCRLDistributionPoints, point("http://0.0.0.0/a.crl"))))},
	{"cert.url", "warning leads each client", "a name below localhost", maker(e1Of).but(breaking(valued(inspect.OIDCRLDistributionPoints, point("http://a.LOCALHOST./a.crl"))))},
	{"cert.url", "warning private network", "a CRL in a private network", maker(e1Of).but(breaking(valued(inspect.OIDCRLDistributionPoints, point("http://10.0.0.1/a.crl"))))},
	{"cert.url", "warning private network", "a CRL on the link alone", maker(e1Of).but(breaking(valued(inspect.OIDCRLDistributionPoints, point("http://[fe80::1]/a.crl"))))},
	{"cert.url", "notice private network", "the same of a private CA", maker(e1Of).but(breaking(valued(inspect.OIDCRLDistributionPoints, point("http://192.168.1.1/a.crl"))), private)},
	{"cert.url", "", "a CRL on a public address", maker(e1Of).but(breaking(valued(inspect.OIDCRLDistributionPoints, point("http://192.0.2.1/a.crl"))))},
	{"cert.url", "", "a name that begins like localhost", maker(e1Of).but(breaking(valued(inspect.OIDCRLDistributionPoints, point("http://localhost.example.com/a.crl"))))},
	{"crl.next-issuer", "warning thisUpdate", "a CRL of the time before its CA", maker(listOf).but(breaking(updates(text(asn1.TagUTCTime, "200101000000Z"), nil)))},
	{"ocspcert.purpose", "error ocsp-nocheck", "ocsp-nocheck with a value in a private PKI", maker(delegateOf).but(private, breaking(fixed(inspect.OIDOCSPNoCheck, 4, 0)))},
	{"ocspcert.purpose", "warning ocsp-nocheck", "a critical one", maker(delegateOf).but(private, breaking(flagged(inspect.OIDOCSPNoCheck, critical)))},
	{"ocspcert.purpose", "error keyUsage", "a responder that may sign CRLs alone", maker(delegateOf).but(private, breaking(fixed(inspect.OIDKeyUsage, 3, 2, 1, 2)))},
	{"ocspcert.purpose", "", "a responder with nonRepudiation alone", maker(delegateOf).but(private, breaking(fixed(inspect.OIDKeyUsage, 3, 2, 6, 0x40)))},
	{"ocspcert.purpose", "", "a responder without keyUsage and ocsp-nocheck", maker(delegateOf).but(private, breaking(drop(inspect.OIDKeyUsage)), breaking(drop(inspect.OIDOCSPNoCheck)))},
}

// bareResponse leaves the certificate of the responder out.
var bareResponse = basic(func(_ *testing.T, _ *made, p [][]byte) [][]byte { return p[:3] })

// privateList is a CRL of a private CA, of which the previous one is not given.
func privateList(changes ...func(*testing.T, *hierarchy, *made)) maker {
	return maker(listOf).but(append(changes, forIntent(profiles.Private), ofPrivateCA, known(func(_ *hierarchy, c *Context) { c.First, c.Previous = false, nil }))...)
}

// listingE1 has the CRL list e1, with extensions of the entry.
func listingE1(extensions ...func(*testing.T) []byte) func(*testing.T, *hierarchy, *made) {
	return func(t *testing.T, w *hierarchy, m *made) {
		*m = *listing(t, m, w.root, e1On(june, extensions...)(t, w)...)
	}
}

// TestFirstOf guards a message about thousands of serials, of which people read a few.
func TestFirstOf(t *testing.T) {
	serials := strings.Split("abcdefghij", "")
	for n, want := range map[int]string{0: "", 2: "a, b", 8: "a, b, c, d, e, f, g, h", 10: "a, b, c, d, e, f, g, h and 2 more"} {
		if got := FirstOf(serials[:n]); got != want {
			t.Errorf("of %d: %q, want %q", n, got, want)
		}
	}
}

// TestCopiedFindings guards a private CA against a finding about a name that it cannot change,
// and every other CA against its loss.
func TestCopiedFindings(t *testing.T) {
	declared := func(kind profiles.Kind, intent profiles.Intent, copied ...byte) *profiles.Certificate {
		c := &profiles.Certificate{Kind: kind, Purpose: profiles.Purpose{Intent: intent}}
		c.Subject.DER = copied
		return c
	}
	for _, c := range []struct {
		name   string
		by     *profiles.Certificate
		engine string
		field  profiles.Field
		aside  bool
	}{
		{"the subject of an existing CA", declared(profiles.RootCA, profiles.Private, 1), EngineZLint, FieldSubject, true},
		{"its issuer", declared(profiles.RootCA, profiles.Private, 1), EngineZLint, FieldIssuer, true},
		{"the issuer of a new CA", declared(profiles.SubordinateCA, profiles.Private), EngineZLint, FieldIssuer, true},
		{"the subject of a new CA", declared(profiles.SubordinateCA, profiles.Private), EngineZLint, FieldSubject, false},
		{"a new root", declared(profiles.RootCA, profiles.Private), EngineZLint, FieldIssuer, false},
		{"a CA of the web", declared(profiles.RootCA, profiles.TLSServer, 1), EngineZLint, FieldSubject, false},
		{"our own rules", declared(profiles.RootCA, profiles.Private, 1), EngineCeremony, FieldSubject, false},
		{"another field", declared(profiles.RootCA, profiles.Private, 1), EngineZLint, FieldValidity, false},
	} {
		found := []Finding{{Rule: "e_name", Engine: c.engine, Status: Error, Field: c.field}}
		suppress(&Object{Declared: c.by}, found)
		if got := found[0].Suppressed == copiedName; got != c.aside {
			t.Errorf("%s: set aside %t, want %t", c.name, got, c.aside)
		}
	}
}
