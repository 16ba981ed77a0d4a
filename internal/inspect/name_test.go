// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"testing"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

func TestNameString(t *testing.T) {
	c, err := ParseCertificate(load(t, "fake-delegate.pem"))
	if err != nil {
		t.Fatal(err)
	}
	const want = "C=XX, O=FAKE Inspect Test, serialNumber=1+CN=FAKE Delegate"
	if got := c.Subject.String(); got != want {
		t.Errorf("subject %q, want %q", got, want)
	}
	if got, ok := c.Subject.First(OIDOrganization); !ok || got != "FAKE Inspect Test" {
		t.Errorf("organization %q, %t", got, ok)
	}
	if _, ok := c.Subject.First(OIDOrgUnit); ok {
		t.Error("an organizational unit that is not there")
	}
}

func TestEscapeValue(t *testing.T) {
	for in, want := range map[string]string{
		"a, b+c":         `a\, b\+c`,
		" #x ":           `\ #x\ `,
		"#x":             `\#x`,
		"\x1b[2J":        `\1B[2J`,
		"a\u202eb":       `a\E2\80\AEb`,
		"Főtanúsítvány":  "Főtanúsítvány",
		"zero\u200bhere": `zero\E2\80\8Bhere`,
	} {
		if got := escapeValue(in); got != want {
			t.Errorf("%q is written %q, want %q", in, got, want)
		}
	}
}

func TestDecodeString(t *testing.T) {
	for _, tt := range []struct {
		tag       casn1.Tag
		in, want  string
		malformed bool
	}{
		{TagPrintableString, "US", "US", false},
		{TagPrintableString, "a@b", "a@b", true},
		{TagUTF8String, "\xff", "\uFFFD", true},
		{TagIA5String, "\xe9", "é", true},
		{TagT61String, "\xe9", "é", false},
		{TagNumericString, "1 2", "1 2", false},
		{TagNumericString, "1a", "1a", true},
		{TagVisibleString, "a\n", "a\n", true},
		{TagBMPString, "\x00A\x01Q", "Aő", false},
		{TagBMPString, "\x00A\x01", "A", true},
		{TagUniversalString, "\x00\x00\x00A", "A", false},
		{TagUniversalString, "\x00\x11\x00\x00", "\uFFFD", true},
	} {
		got, malformed := decodeString(tt.tag, []byte(tt.in))
		if got != tt.want || malformed != tt.malformed {
			t.Errorf("%s %q gives %q, malformed %t", tagName(tt.tag), tt.in, got, malformed)
		}
	}
}

func TestAddressText(t *testing.T) {
	for _, tt := range []struct {
		in        string
		prefix    bool
		want      string
		malformed bool
	}{
		{"\xc0\x00\x02\x01", false, "192.0.2.1", false},
		{"\xc0\x00\x02", false, "c00002", true},
		{"\xc0\x00\x02\x00\xff\xff\xff\x00", true, "192.0.2.0/24", false},
		{"\xc0\x00\x02\x01\xff\xff\xff\x00", true, "192.0.2.1/24", true},
		{"\xc0\x00\x02\x00\xff\x00\xff\x00", true, "192.0.2.0/255.0.255.0", true},
		{"\xc0\x00\x02\x00\xff\xff\xff\x00\x00", true, "c0000200ffffff0000", true},
		{"", true, "", true},
	} {
		got, malformed := addressText([]byte(tt.in), tt.prefix)
		if got != tt.want || malformed != tt.malformed {
			t.Errorf("%x gives %q, malformed %t", tt.in, got, malformed)
		}
	}
}
