// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto/dsa" //nolint:staticcheck // what others make
	"encoding/asn1"
	"math/big"
	"slices"
	"strings"
	"testing"

	"rootceremony/internal/inspect"
)

// faulty are objects that only a parser reads which forgives a fault: the clause that
// it is against, and what other rules then find.
var faulty = []struct {
	clause, also string
	make         maker
}{
	{"RFC 5280 4.1.2.5", "", maker(e1Of).but(breaking(validity(text(asn1.TagUTCTime, "2612010000Z"), end)))},
	{"RFC 5280 4.1.2.5", "", maker(e1Of).but(breaking(validity(text(asn1.TagUTCTime, "261201000000+0100"), end)))},
	{"RFC 5280 4.1.2.5", "cert.time", maker(e1Of).but(breaking(validity(text(asn1.TagGeneralizedTime, "20261201000000.5Z"), end)))},
	{"RFC 5280 4.1.2.5", "chain.validity-nested", maker(e1Of).but(breaking(validity(text(asn1.TagUTCTime, "6012010000Z"), end)))}, // of 1960
	{"RFC 5280 4.1, SIZE (1..MAX)", "cert.extensions-required", maker(e1Of).but(breaking(put(atExtensions, 0xa3, 2, 0x30, 0)))},
	{"X.690 11.1", "", maker(e1Of).but(breaking(flagged(inspect.OIDKeyUsage, []byte{1, 1, 1})))},
	{"X.690 8.3.2", "", maker(e1Of).but(breaking(put(atSerial, 2, 11, 0, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 9)))},
	{"X.690 8.3.2", "cert.serial", maker(e1Of).but(breaking(put(atSerial, 2, 3, 0xff, 0x80, 1)))}, // a negative one
	{"RFC 5280 4.1.2.4, SIZE (1..MAX)", "", maker(e1Of).but(breaking(subject(func(_ *testing.T, rdns [][]byte) [][]byte { return append([][]byte{{0x31, 0}}, rdns...) })))},
	{"X.690 11.6", "cert.rdn-single", maker(e1Of).but(breaking(subject(func(t *testing.T, rdns [][]byte) [][]byte {
		last := len(rdns) - 1
		return append(rdns[:last-1], tlv(t, 0, asn1.TagSet, true, rdns[last][2:], rdns[last-1][2:], rdns[last][2:]))
	})))},
	{"RFC 5280 4.1.2.1", "cert.version", maker(e1Of).but(breaking(put(atVersion, 0xa0, 3, 2, 1, 3)))}, // 4
	{"RFC 5280 4.1.2.1", "cert.version", maker(e1Of).but(breaking(put(atVersion, 0xa0, 3, 2, 1, 1)))}, // 2, with extensions
	{"RFC 5280 5.1.2.1", "", maker(listOf).but(breaking(put(0, 2, 1, 2)))},
	{"RFC 5280 4.1.2.5", "", maker(listOf).but(breaking(updates(text(asn1.TagUTCTime, "2612010930Z"), nil)))},
	{"house", "cert.der", maker(constrainedCA).but(breaking(fixed(inspect.OIDNameConstraints, 0x30, 0)))}, // the other parser refuses it
}

// What somebody else made is linted by all rules that can, and the fault is told with
// its clause; what is to be signed here has to be read without any.
func TestFaultyObjectsAreLinted(t *testing.T) {
	l, w := newLinter(t), newHierarchy(t)
	for _, c := range faulty {
		m := c.make(t, w)
		if r := m.check(l); len(r.Findings) != 1 || r.Findings[0].Rule != ruleParse || r.Findings[0].Status != Fatal {
			t.Errorf("%s: one that is to be signed here is linted:%s", c.clause, show(r))
		}
		m.ctx.Published = true
		r := m.check(l)
		told := slices.ContainsFunc(r.Findings, func(f Finding) bool {
			return f.Rule == ruleParse && f.Status == Error && f.Citation == c.clause && !strings.Contains(f.Details, "(RFC")
		})
		also := c.also == "" || slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Rule == c.also && f.Status != NotChecked })
		if !told || !also || r.Ran[EngineCeremony].Evaluated < 10 {
			t.Errorf("%s, with %s: %d rules linted it:%s", c.clause, c.also, r.Ran[EngineCeremony].Evaluated, show(r))
		}
	}
}

// What no parser reads is a fault against the module, not of the house.
func TestUnreadableNamesItsDocument(t *testing.T) {
	l, w := newLinter(t), newHierarchy(t)
	for _, c := range []struct {
		clause string
		make   maker
	}{
		{"RFC 5280 4.1", maker(e1Of).but(breaking(put(atIssuer, 4, 0)))},
		{"RFC 5280 4.1.2.5", maker(e1Of).but(breaking(validity(text(asn1.TagUTCTime, "261131000000Z"), end)))},
		{"RFC 5280 5.1", maker(listOf).but(breaking(put(1, 4, 0)))},
	} {
		m := c.make(t, w)
		m.ctx.Published = true
		if r := m.check(l); len(r.Findings) != 1 || r.Findings[0].Rule != ruleParse || r.Findings[0].Status != Fatal || r.Findings[0].Citation != c.clause {
			t.Errorf("%s:%s", c.clause, show(r))
		}
	}
}

// What zlint or crypto/x509 cannot read is linted by the other rules, and counted as not
// checked where only they could.
func TestOtherParsersRefuse(t *testing.T) {
	l, w := newLinter(t), newHierarchy(t)
	m := maker(e1Of).but(breaking(put(atSerial, 2, 9, 0x80, 1, 2, 3, 4, 5, 6, 7, 8))).foreign()(t, w) // crypto/x509 refuses a negative number
	r := m.check(l)
	if !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Rule == "chain.paths" && slices.Contains(f.Lacks, NeedReadable) }) {
		t.Errorf("the path is not left unchecked:%s", show(r))
	}
	if !found(r, "cert.serial", Error) {
		t.Errorf("cert.serial does not find it:%s", show(r))
	}
	m = maker(e1Of).but(breaking(attribute(oidOrganization, utf8Tag, "Ex\xff\xfe"))).foreign()(t, w)
	if r := m.check(l); found(r, ruleZLintParse, Fatal) || !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Rule == ruleZLintParse && f.Status == NotChecked }) || len(r.Notes) != 1 {
		t.Errorf("a name that zlint does not read:%s %q", show(r), r.Notes)
	}
	// What the second parser does not support is no fault of the object: a name of a CRL
	// relative to its issuer (RFC 5280 4.2.1.13), a compressed point (RFC 5480 2.2). The arc
	// of an identifier may have any size, too: it is a limit of ours.
	relative := fixed(inspect.OIDCRLDistributionPoints, 0x30, 0x11, 0x30, 0x0f, 0xa0, 0x0d, 0xa1, 0x0b, 0x30, 9, 6, 3, 0x55, 4, 3, 0x0c, 2, 'c', '1')
	for name, change := range map[string]breaker{"a relative name": relative, "a compressed point": part(atKey, func(t *testing.T, _ *made, _ []byte) []byte {
		good := split(t, spki(t, key(t, "ecdsa-p256", "odd")))
		point := publicKeyBits(seq(t, good...))
		return seq(t, good[0], bits(t, slices.Concat([]byte{2 + point[64]&1}, point[1:33])))
	})} {
		m := maker(e1Of).but(breaking(change)).foreign()(t, w)
		m.obj.Declared.DeclaredPurpose().Rules = nil
		r := m.check(l)
		if found(r, ruleParse, Error) || !found(r, ruleParse, NotChecked) || found(r, "key.quality", Error) || found(r, "cert.alg-table", Error) {
			t.Errorf("%s, which the second parser does not support:%s", name, show(r))
		}
	}
	m = maker(e1Of).but(breaking(added(asn1.ObjectIdentifier{2, 25, 1 << 40}, nil, literal(5, 0)))).foreign()(t, w)
	if r := m.check(l); len(r.Findings) != 1 || r.Findings[0].Citation != citeHouse || !strings.Contains(r.Findings[0].Details, "not supported here") {
		t.Errorf("a long arc of an identifier:%s", show(r))
	}
	// A key that nothing here reads, as DSA, does not stop the rules about the rest.
	m = maker(e1Of).foreign()(t, w)
	key, err := asn1.Marshal(struct {
		Algorithm struct {
			OID asn1.ObjectIdentifier
			Of  dsa.Parameters
		}
		Key asn1.BitString
	}{Key: asn1.BitString{Bytes: []byte{2, 1, 4}, BitLength: 24}, Algorithm: struct {
		OID asn1.ObjectIdentifier
		Of  dsa.Parameters
	}{asn1.ObjectIdentifier{1, 2, 840, 10040, 4, 1}, dsa.Parameters{P: big.NewInt(23), Q: big.NewInt(11), G: big.NewInt(4)}}})
	if err != nil {
		t.Fatal(err)
	}
	m.ctx.IssuerKey = key
	if r := m.check(l); found(r, ruleParse, Fatal) || !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Rule == "chain.signature" && slices.Contains(f.Lacks, NeedLibrary) }) {
		t.Errorf("an issuer with DSA:%s", show(r))
	}
}
