// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates_test

import (
	"bytes"
	"encoding/hex"
	"math/big"
	"strings"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
	"rootceremony/templates"
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

func TestSerialNumber(t *testing.T) {
	cases := []struct{ random, want string }{
		{"ff" + strings.Repeat("00", 15), "7f" + strings.Repeat("00", 15)},
		{"01" + strings.Repeat("ab", 15), "1" + strings.Repeat("ab", 15)},
		{"00" + strings.Repeat("ab", 15), strings.Repeat("ab", 15)}, // 16 octets with the sign
		{"007f" + strings.Repeat("ab", 14), "407f" + strings.Repeat("ab", 14)},
		{"80" + "01" + strings.Repeat("ab", 14), "4001" + strings.Repeat("ab", 14)},
		{"80" + strings.Repeat("ff", 8), strings.Repeat("ff", 8)}, // 9 octets with the sign
		{strings.Repeat("55", 20), strings.Repeat("55", 20)},
	}
	for _, c := range cases {
		in := unhex(c.random)
		got, err := templates.SerialNumber(in, len(in))
		if err != nil || got.Text(16) != c.want {
			t.Errorf("%s: %x, %v", c.random, got, err)
			continue
		}
		if n := got.BitLen()/8 + 1; n != len(in) || got.Sign() != 1 {
			t.Errorf("%s: %d octets", c.random, n)
		}
		if hex.EncodeToString(in) != c.random {
			t.Errorf("%s was changed", c.random)
		}
	}
	for _, bad := range []struct {
		random []byte
		octets int
	}{
		{bytes.Repeat([]byte{0x55}, 8), 8}, {bytes.Repeat([]byte{0x55}, 21), 21}, {bytes.Repeat([]byte{0x55}, 15), 16},
		{make([]byte, 16), 16}, {bytes.Repeat([]byte{0xff}, 16), 16}, {nil, 16},
	} {
		if got, err := templates.SerialNumber(bad.random, bad.octets); err == nil {
			t.Errorf("%x, %d: %x", bad.random, bad.octets, got)
		}
	}
}

// Whatever cannot be encoded as declared is an error that says what.
func TestCertificateRefuses(t *testing.T) {
	root := fakeRoot(t)
	good, e1 := fakeIssuing(t, root)
	type call struct {
		c       profiles.Certificate
		spki    []byte
		serial  *big.Int
		signing time.Time
		issuer  templates.Issuer
	}
	extension := func(e profiles.Extension) func(*call) {
		return func(c *call) { c.c.Extensions = []profiles.Extension{e} }
	}
	minus := -1
	cases := []struct {
		want string
		edit func(*call)
	}{
		{"", func(*call) {}},
		{"has 15 octets, not the declared 16", func(c *call) { c.serial = new(big.Int).Rsh(c.serial, 8) }},
		{"not positive", func(c *call) { c.serial = big.NewInt(0) }},
		{"not positive", func(c *call) { c.serial = nil }},
		{"from 9 to 20", func(c *call) { c.c.SerialOctets = 21 }},
		{"SubjectPublicKeyInfo", func(c *call) { c.spki = append(bytes.Clone(c.spki), 0) }},
		{"SubjectPublicKeyInfo", func(c *call) { c.spki = nil }},
		{"fraction of a second", func(c *call) { c.signing = c.signing.Add(time.Millisecond) }},
		{"notAfter is before notBefore", func(c *call) { c.c.Validity.NotAfter = profiles.End{Time: "2026-01-01T00:00:00Z"} }},
		{"whole seconds", func(c *call) { c.c.Validity.NotBefore = "2026-01-01T00:00:00.5Z" }},
		{"cannot be encoded", func(c *call) {
			c.c.Validity = profiles.Validity{NotBefore: "1949-12-31T23:59:59Z", NotAfter: years(100)}
		}},
		{"unknown signature algorithm", func(c *call) { c.c.Signature = "sha1-rsa" }},
		{"encoding issuer", func(c *call) { c.issuer.Name = nil }},
		{"encoding issuer", func(c *call) { c.issuer.Name = unhex("3000") }},
		{"no key identifier", func(c *call) { c.issuer.KeyID = nil }},
		{"must equal its subject", func(c *call) { c.c.Kind = profiles.RootCA }},
		{"signed with its own key", func(c *call) {
			c.c.Kind = profiles.RootCA
			c.issuer.Name = e1.Name
		}},
		{"name is empty", func(c *call) { c.c.Subject = profiles.Name{} }},
		{"given twice", func(c *call) { c.c.Subject.DER = e1.Name }},
		{"common-name: 65 characters", func(c *call) {
			c.c.Subject = profiles.Name{Attributes: []profiles.Attribute{{Type: "common-name", OID: "2.5.4.3", String: profiles.UTF8String, Value: strings.Repeat("x", 65)}}}
		}},
		{"the identifier of common-name is", func(c *call) {
			c.c.Subject = profiles.Name{Attributes: []profiles.Attribute{{Type: "common-name", OID: "2.5.4.10", String: profiles.UTF8String, Value: "x"}}}
		}},
		{"duplicate extension", func(c *call) {
			c.c.Extensions = append(c.c.Extensions[:len(c.c.Extensions):len(c.c.Extensions)], c.c.Extensions[0])
		}},
		{"unknown extension", extension(profiles.Extension{Name: "subject-alternative-name"})},
		{"value is missing", extension(profiles.Extension{Name: ext.NameKeyUsage})},
		{"of another extension", extension(profiles.Extension{Name: ext.NameOCSPNoCheck, Value: ext.KeyUsage{ext.CRLSign}})},
		{"unknown key usage", extension(profiles.Extension{Name: ext.NameKeyUsage, Value: ext.KeyUsage{"decipher"}})},
		{"only a CRL has a number", extension(profiles.Extension{Name: ext.NameCRLNumber})},
		{"path length", extension(profiles.Extension{Name: ext.NameBasicConstraints, Value: ext.BasicConstraints{CA: true, PathLength: &minus}})},
		{`"issuer" is not a URL`, extension(profiles.Extension{Name: ext.NameCRLPoints, Value: ext.CRLPoints{"issuer"}})},
		{"IA5String", extension(profiles.Extension{Name: ext.NameCRLPoints, Value: ext.CRLPoints{"http://ä/"}})},
		{"access method", extension(profiles.Extension{Name: ext.NameInfoAccess, Value: ext.InfoAccess{{Method: "x", URL: "http://a/"}}})},
		{"must be written by its name, key-usage", extension(profiles.Extension{Name: ext.NameRaw, Value: ext.Raw{OID: "2.5.29.15", DER: unhex("03020106")}})},
		{"exactly one value", extension(profiles.Extension{Name: ext.NameRaw, Value: ext.Raw{OID: "1.2.3", DER: unhex("0500" + "00")}})},
		{"host bits are set", extension(constraint(ext.GeneralSubtree{Type: "ip", Value: "10.0.0.1/8"}))},
		{"without a name", extension(constraint(ext.GeneralSubtree{Type: "directory"}))},
		{"unknown kind of name", extension(constraint(ext.GeneralSubtree{Type: "phone", Value: "1"}))},
		{"existing key identifier is missing", extension(profiles.Extension{Name: ext.NameSubjectKeyID, Value: ext.SubjectKeyID{Method: ext.SKIExisting}})},
		{"unknown method", extension(profiles.Extension{Name: ext.NameSubjectKeyID, Value: ext.SubjectKeyID{Method: "sha512"}})},
		{"but method", extension(profiles.Extension{Name: ext.NameSubjectKeyID, Value: ext.SubjectKeyID{Method: ext.SKISHA1, Value: []byte{1}}})},
	}
	for _, c := range cases {
		in := call{*good, e1.spki, serial(t, 0x42, 16), signing, root.Issuer}
		c.edit(&in)
		tbs, err := templates.Certificate(&in.c, in.spki, in.serial, in.signing, in.issuer)
		check(t, c.want, tbs, err)
	}
}

func constraint(s ext.GeneralSubtree) profiles.Extension {
	return profiles.Extension{Name: ext.NameNameConstraints, Value: ext.NameConstraints{Permitted: []ext.GeneralSubtree{s}}}
}

// check wants an error with that text and no bytes, or bytes and no error.
func check(t *testing.T, want string, got []byte, err error) {
	t.Helper()
	switch {
	case want == "" && (err != nil || got == nil):
		t.Errorf("unexpected error: %v", err)
	case want != "" && (err == nil || got != nil):
		t.Errorf("no error, want %q", want)
	case want != "" && !strings.Contains(err.Error(), want):
		t.Errorf("got %q, want %q", err, want)
	}
}

func TestStatusRefuses(t *testing.T) {
	root := fakeRoot(t)
	list := func(edit func(*profiles.RevocationList)) *profiles.RevocationList {
		l := &profiles.RevocationList{
			Artifact: "l", Signature: algorithm.ECDSASHA384, Number: "1", ThisUpdate: profiles.SigningTime, NextUpdate: years(1),
			Entries: []profiles.RevokedEntry{{Serial: "1", Date: profiles.SigningTime}},
		}
		edit(l)
		return l
	}
	for want, edit := range map[string]func(*profiles.RevocationList){
		"":                         func(*profiles.RevocationList) {},
		"resolve references first": func(l *profiles.RevocationList) { l.Entries[0].Serial = "cert:a.serial" },
		"revoked twice":            func(l *profiles.RevocationList) { l.Entries = append(l.Entries, l.Entries[0]) },
		"unknown reason":           func(l *profiles.RevocationList) { l.Entries[0].Reason = "unspecified" },
		"revocation date":          func(l *profiles.RevocationList) { l.Entries[0].Date = "" },
		"nextUpdate is not after":  func(l *profiles.RevocationList) { l.NextUpdate = profiles.End{Time: "2026-01-01T00:00:00Z"} },
		"is not a decimal number":  func(l *profiles.RevocationList) { l.Number = "0x1" },
		"number -1 is not from 0":  func(l *profiles.RevocationList) { l.Number = "-1" },
		`number "01" is not`:       func(l *profiles.RevocationList) { l.Number = "01" },
		"invalidity date":          func(l *profiles.RevocationList) { l.Entries[0].InvalidityDate = "never" },
		"unknown signature":        func(l *profiles.RevocationList) { l.Signature = "" },
		"encoding key-usage":       func(l *profiles.RevocationList) { l.Extensions = []profiles.Extension{{Name: ext.NameKeyUsage}} },
		"encoding thisUpdate":      func(l *profiles.RevocationList) { l.ThisUpdate = "now" },
	} {
		tbs, err := templates.RevocationList(list(edit), signing, root.Issuer)
		check(t, want, tbs, err)
	}
	for want, edit := range map[string]func(*profiles.Response){
		"":               func(*profiles.Response) {},
		"unknown status": func(r *profiles.Response) { r.Status = "unknown" },
		"status good with": func(r *profiles.Response) {
			r.Revoked = &profiles.RevokedEntry{Serial: "1", Date: profiles.SigningTime}
		},
		"revoked without a revocation": func(r *profiles.Response) { r.Status = "revoked" },
		"revocation is that of": func(r *profiles.Response) {
			r.Status, r.Revoked = "revoked", &profiles.RevokedEntry{Serial: "2", Date: profiles.SigningTime}
		},
		"unknown hash":             func(r *profiles.Response) { r.CertIDHash = "md5" },
		"unknown responder id":     func(r *profiles.Response) { r.Responder = "" },
		"resolve references first": func(r *profiles.Response) { r.Serial = "cert:a.serial" },
	} {
		r := profiles.Response{
			Artifact: "r", Signature: algorithm.ECDSASHA384, CertIDHash: "sha1", Responder: profiles.ResponderByKey,
			Serial: "1", Status: "good", ThisUpdate: profiles.SigningTime, NextUpdate: years(1),
		}
		edit(&r)
		data, err := templates.Response(&r, signing, root.Issuer, root.Issuer)
		check(t, want, data, err)
	}
}

func TestAssembleRefuses(t *testing.T) {
	root := fakeRoot(t)
	c, e1 := fakeIssuing(t, root)
	tbs, err := templates.Certificate(c, e1.spki, serial(t, 0x42, 16), signing, root.Issuer)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []struct {
		want string
		tbs  []byte
		alg  algorithm.Signature
		sig  []byte
	}{
		{"", tbs, c.Signature, []byte{1}},
		{"does not name the algorithm", tbs, algorithm.ECDSASHA256, []byte{1}},
		{"signature is empty", tbs, c.Signature, nil},
		{"not one DER SEQUENCE", append(bytes.Clone(tbs), 0), c.Signature, []byte{1}},
		{"is empty", unhex("3000"), c.Signature, []byte{1}},
		{"no serial number", unhex("3005a003020102"), c.Signature, []byte{1}},
		{"unknown signature algorithm", tbs, "none", []byte{1}},
	} {
		der, err := templates.Assemble(bad.tbs, bad.alg, bad.sig)
		check(t, bad.want, der, err)
	}
	for _, bad := range []struct {
		want string
		data []byte
		sig  []byte
		cert []byte
	}{
		{"", unhex("3000"), []byte{1}, unhex("3000")}, {"response data", unhex("0500"), []byte{1}, unhex("3000")},
		{"signature is empty", unhex("3000"), nil, unhex("3000")}, {"certificate of the responder", unhex("3000"), []byte{1}, unhex("300000")},
	} {
		der, err := templates.AssembleResponse(bad.data, c.Signature, bad.sig, [][]byte{bad.cert})
		check(t, bad.want, der, err)
	}
}
