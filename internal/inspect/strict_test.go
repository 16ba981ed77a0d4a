// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// replace changes bytes of an object without changing its length.
func replace(t *testing.T, der []byte, old, new string) []byte {
	t.Helper()
	o, n := unhex(t, old), unhex(t, new)
	if len(o) != len(n) || !bytes.Contains(der, o) {
		t.Fatalf("cannot replace %s by %s", old, new)
	}
	return bytes.Replace(der, o, n, 1)
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestCertificateRefused(t *testing.T) {
	good := load(t, "fake-sub.pem")
	offset := bytes.Clone(good)
	offset[bytes.Index(good, []byte{23, 13})+14] = '+'
	for name, tt := range map[string]struct {
		der  []byte
		want string
	}{
		"trailing data":         {append(bytes.Clone(good), 0), "trailing data"},
		"truncated":             {good[:len(good)-1], "expected SEQUENCE"},
		"version 4":             {replace(t, good, "a003020102", "a003020103"), "version 4"},
		"version 2":             {replace(t, good, "a003020102", "a003020101"), "fields of a later one"},
		"time with an offset":   {offset, "YYMMDDHHMMSSZ"},
		"boolean 01":            {replace(t, good, "0603551d0f0101ff", "0603551d0f010101"), "neither 00 nor FF"},
		"set out of its length": {replace(t, good, "310b300906035504061302", "310c300906035504061302"), "issuer[1]"},
		"empty":                 {nil, "expected SEQUENCE"},
		"too long":              {make([]byte, maxObject+1), "more than"},
	} {
		_, err := ParseCertificate(tt.der)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", name, err, tt.want)
		}
	}
}

// TestAlgorithmsMayDiffer keeps what RFC 5280 4.1.1.2 forbids readable, since
// a rule reports it.
func TestAlgorithmsMayDiffer(t *testing.T) {
	der := bytes.Clone(load(t, "fake-sub.pem"))
	at := bytes.LastIndex(der, unhex(t, "2a8648ce3d040303"))
	der[at+7] = 4
	c, err := ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(c.InnerAlgorithm, c.OuterAlgorithm) {
		t.Error("algorithms are equal")
	}
	text, err := Text(der)
	if err != nil || !strings.Contains(text, "DIFFERS") {
		t.Errorf("the dump does not say so (error %v)", err)
	}
}

// TestDisagreement changes what our walk read and expects the field's name.
func TestDisagreement(t *testing.T) {
	for want, change := range map[string]func(*Certificate){
		"serialNumber":         func(c *Certificate) { c.Serial.SetInt64(1) },
		"issuer":               func(c *Certificate) { c.RawIssuer = c.RawSubject },
		"subject":              func(c *Certificate) { c.RawSubject = c.RawIssuer },
		"validity.notBefore":   func(c *Certificate) { c.NotBefore.Time = c.NotBefore.Add(time.Second) },
		"validity.notAfter":    func(c *Certificate) { c.NotAfter.Time = time.Time{} },
		"subjectPublicKeyInfo": func(c *Certificate) { c.RawSPKI = nil },
		"extensions":           func(c *Certificate) { c.Extensions = c.Extensions[1:] },
		"extensions[2]":        func(c *Certificate) { c.Extensions[1].Critical = false },
		"signatureValue":       func(c *Certificate) { c.Signature = nil },
		"version":              func(c *Certificate) { c.Version = 2 },
	} {
		c, err := ParseCertificate(load(t, "fake-sub.pem"))
		if err != nil {
			t.Fatal(err)
		}
		change(c)
		err = c.compare()
		if err == nil || err.Error() != "certificate: "+want+": the two parsers disagree" {
			t.Errorf("%s changed: %v", want, err)
		}
	}
}

func TestListDisagreement(t *testing.T) {
	for want, change := range map[string]func(*RevocationList){
		"certificateList: issuer":     func(l *RevocationList) { l.Issuer.RDNs = nil },
		"certificateList: thisUpdate": func(l *RevocationList) { l.ThisUpdate.Time = time.Time{} },
		"certificateList: nextUpdate": func(l *RevocationList) { l.NextUpdate = nil },
		"certificateList: revokedCertificates": func(l *RevocationList) {
			l.Entries = l.Entries[1:]
		},
		"certificateList: revokedCertificates[2]: entry: userCertificate": func(l *RevocationList) {
			l.Entries[1].Serial = l.Entries[0].Serial
		},
		"certificateList: revokedCertificates[3]: entry: crlEntryExtensions[1]": func(l *RevocationList) {
			l.Entries[2].Extensions[0].Critical = true
		},
		"certificateList: crlExtensions": func(l *RevocationList) { l.Extensions = nil },
	} {
		l, err := ParseRevocationList(load(t, "fake-crl.pem"))
		if err != nil {
			t.Fatal(err)
		}
		change(l)
		err = l.compare()
		if err == nil || err.Error() != want+": the two parsers disagree" {
			t.Errorf("want %s, error %v", want, err)
		}
	}
}

func TestReadersRefuse(t *testing.T) {
	for _, tt := range []struct {
		name, value string
		oid         asn1.ObjectIdentifier
		read        func(Extensions) error
	}{
		{"empty purposes", "3000", OIDExtKeyUsage, func(x Extensions) error { _, _, err := x.ExtKeyUsage(); return err }},
		{"padding", "03020701", OIDKeyUsage, func(x Extensions) error { _, _, err := x.KeyUsage(); return err }},
		{"trailing data", "0302010600", OIDKeyUsage, func(x Extensions) error { _, _, err := x.KeyUsage(); return err }},
		{"negative path length", "30060101ff0201ff", OIDBasicConstraints,
			func(x Extensions) error { _, _, err := x.BasicConstraints(); return err }},
		{"long path length", "30070101ff02020001", OIDBasicConstraints,
			func(x Extensions) error { _, _, err := x.BasicConstraints(); return err }},
		{"no subtrees", "3000", OIDNameConstraints,
			func(x Extensions) error { _, _, err := x.NameConstraints(); return err }},
		{"empty subtrees", "3002a000", OIDNameConstraints,
			func(x Extensions) error { _, _, err := x.NameConstraints(); return err }},
		{"universal name", "30030c0161", OIDSubjectAltName,
			func(x Extensions) error { _, _, err := x.SubjectAltName(); return err }},
	} {
		x := Extensions{{OID: tt.oid, Value: unhex(t, tt.value)}}
		if err := tt.read(x); err == nil {
			t.Errorf("%s: accepted", tt.name)
		}
	}
}

func TestReadersKeepEncoding(t *testing.T) {
	x := Extensions{
		{OID: OIDKeyUsage, Value: unhex(t, "03020006")},
		{OID: OIDBasicConstraints, Value: unhex(t, "3003010100")},
		{OID: OIDIssuingDistributionPoint, Value: unhex(t, "3003810100")},
		{OID: OIDNameConstraints, Value: unhex(t, "3010 a00e 300c 8207 6578616d706c65 800100")},
		{OID: OIDCRLNumber, Value: unhex(t, "020101")},
		{OID: OIDCRLNumber, Value: unhex(t, "020102")},
	}
	if ku, _, err := x.KeyUsage(); err != nil || ku.Minimal || strings.Join(ku.Names(), " ") != "keyCertSign cRLSign" {
		t.Errorf("key usage %+v, error %v", ku, err)
	}
	if bc, _, err := x.BasicConstraints(); err != nil || bc.CA || !bc.CAEncoded {
		t.Errorf("basic constraints %+v, error %v", bc, err)
	}
	if p, _, err := x.IssuingDistributionPoint(); err != nil || p.OnlyContainsUserCerts != (Flag{false, true}) || p.IndirectCRL.Encoded {
		t.Errorf("issuing distribution point %+v, error %v", p, err)
	}
	if nc, _, err := x.NameConstraints(); err != nil || len(nc.Permitted) != 1 || !nc.Permitted[0].MinimumEncoded || nc.Permitted[0].Value != "example" {
		t.Errorf("name constraints %+v, error %v", nc, err)
	}
	if _, present, err := x.CRLNumber(); !present || err == nil {
		t.Error("a duplicate extension is accepted")
	}
	if _, present, err := x.SubjectKeyID(); present || err != nil {
		t.Errorf("an absent extension gives present %t, error %v", present, err)
	}
}

// list makes a CRL by hand, with what openssl will not write.
func list(t *testing.T, revoked func(*cryptobyte.Builder)) []byte {
	t.Helper()
	alg := unhex(t, "300a06082a8648ce3d040303")
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Int64(1)
			b.AddBytes(alg)
			b.AddASN1(casn1.SEQUENCE, func(*cryptobyte.Builder) {})
			b.AddASN1UTCTime(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
			b.AddASN1(casn1.SEQUENCE, revoked)
		})
		b.AddBytes(alg)
		b.AddASN1BitString([]byte{1})
	})
	der, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestListKeepsWhatRulesReport(t *testing.T) {
	l, err := ParseRevocationList(list(t, func(*cryptobyte.Builder) {}))
	if err != nil || !l.HasEntriesField || l.EntryCount != 0 || l.NextUpdate != nil {
		t.Errorf("empty field: %+v, error %v", l, err)
	}
	entry := unhex(t, "301e 020105 170d3236313130313030303030305a 300a 3008 0603551d15 0401 02")
	for reason, tag := range map[string]int{"0a0101": 10, "020101": 2, "040101": -1} {
		value := unhex(t, reason)
		der := list(t, func(b *cryptobyte.Builder) {
			b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddBytes(entry[2:20])
				b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1ObjectIdentifier(OIDReasonCode)
						b.AddASN1OctetString(value)
					})
				})
			})
		})
		l, err := ParseRevocationList(der)
		if err != nil || len(l.Entries) != 1 {
			t.Errorf("reason %s: %v", reason, err)
			continue
		}
		e := l.Entries[0]
		if e.ReasonTag != tag || (e.Reason != nil) != (tag > 0) {
			t.Errorf("reason %s: tag %d, reason %v", reason, e.ReasonTag, e.Reason)
		}
	}
}
