// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package value_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"rootceremony/profiles/value"

	"github.com/google/go-cmp/cmp"
)

func attribute(t *testing.T, kind string, as value.StringType, text string) value.Attribute {
	t.Helper()
	a, err := value.NewAttribute(kind, as, text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestMarkAttributes(t *testing.T) {
	country := attribute(t, "country", "", "US")
	long := strings.Repeat("ä", 60)
	cases := []struct{ kind, value, want string }{
		{"common-name", "E1", "REHEARSAL E1"},
		{"common-name", "REHEARSAL E1", "REHEARSAL E1"},
		{"organization", "Example Trust", "REHEARSAL Example Trust"},
		{"common-name", strings.Repeat("x", 54), "REHEARSAL " + strings.Repeat("x", 54)},
		{"common-name", long, "REHEARSAL " + strings.Repeat("ä", 45) + " ae47adce"},
	}
	for _, c := range cases {
		n := value.Name{Attributes: []value.Attribute{country, attribute(t, c.kind, "", c.value)}}
		want := value.Name{Attributes: []value.Attribute{country, attribute(t, c.kind, "", c.want)}}
		got := mark(t, n)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s %q: %s", c.kind, c.value, d)
		}
		if d := cmp.Diff(got, mark(t, got)); d != "" {
			t.Errorf("marking twice changes %q: %s", c.want, d)
		}
		if n.Attributes[1].Value != c.value {
			t.Errorf("marking changed the name it was given: %q", n.Attributes[1].Value)
		}
	}
}

func mark(t *testing.T, n value.Name) value.Name {
	t.Helper()
	out, err := value.Mark(n)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The common name is marked even when an organization is before it.
func TestMarkPrefersCommonName(t *testing.T) {
	n := mark(t, value.Name{Attributes: []value.Attribute{
		attribute(t, "organization", "", "Example"), attribute(t, "common-name", value.PrintableString, "R1"),
	}})
	if n.Attributes[0].Value != "Example" || n.Attributes[1].Value != "REHEARSAL R1" || n.Attributes[1].String != value.PrintableString {
		t.Errorf("got %+v", n.Attributes)
	}
}

// Two long names that differ at the end remain two names.
func TestMarkKeepsNamesApart(t *testing.T) {
	base := strings.Repeat("Long Name ", 6)
	seen := map[string]bool{}
	for _, end := range []string{"1", "2", "3"} {
		n := mark(t, value.Name{Attributes: []value.Attribute{attribute(t, "common-name", "", base+end)}})
		v := n.Attributes[0].Value
		if seen[v] || utf8.RuneCountInString(v) > 64 || !strings.HasPrefix(v, "REHEARSAL Long Name") {
			t.Errorf("got %q", v)
		}
		seen[v] = true
	}
}

func TestMarkDER(t *testing.T) {
	const country = "310b3009060355040613025553"
	unit := "31123010060355040b0c09" + hexOf("REHEARSAL")
	cases := []struct{ name, der, want string }{
		{
			"UTF8String", "301a" + country + "310b3009060355040" + "30c024531",
			"3024" + country + "31153013060355040" + "30c0c" + hexOf("REHEARSAL E1"),
		},
		{
			"PrintableString organization", "3018" + "3116301406035504" + "0a130d" + hexOf("Example Trust"),
			"3022" + "3120301e06035504" + "0a1317" + hexOf("REHEARSAL Example Trust"),
		},
		{
			"one RDN of two attributes, which are sorted again", "3016" + "3114" + "30080603550403" + "0c0131" + "30080603550407" + "0c0132",
			"3020" + "311e" + "30080603550407" + "0c0132" + "30120603550403" + "0c0b" + hexOf("REHEARSAL 1"),
		},
		{
			"TeletexString", "300f" + "310d300b06035504" + "03" + "1404" + "5a fc 72 69",
			"3019" + "3117301506035504" + "03" + "140e" + hexOf("REHEARSAL ") + "5a fc 72 69",
		},
		{"BMPString", "300d" + "310b300906035504" + "0a" + "1e02" + "0141", "3021" + "311f301d06035504" + "0a" + "1e16" + wideOf("REHEARSAL ", 2) + "0141"},
		{
			"UniversalString", "300f" + "310d300b06035504" + "03" + "1c04" + "0001f600",
			"3037" + "3135303306035504" + "03" + "1c2c" + wideOf("REHEARSAL ", 4) + "0001f600",
		},
		{"half a character, so that the mark is beside it", "300e" + "310c300a06035504" + "03" + "1e03" + "014100", "3022" + "310c300a06035504" + "03" + "1e03" + "014100" + unit},
		{"a bit string for a name", "300d" + "310b300906035504" + "03" + "0302" + "0041", "3021" + "310b300906035504" + "03" + "0302" + "0041" + unit},
		{"country only", "300d" + country, "3021" + country + unit},
	}
	for _, c := range cases {
		c.der, c.want = strings.ReplaceAll(c.der, " ", ""), strings.ReplaceAll(c.want, " ", "")
		got := mark(t, value.Name{DER: unhex(c.der)})
		if hex.EncodeToString(got.DER) != c.want {
			t.Errorf("%s: got %x, want %s", c.name, got.DER, c.want)
		}
		if again := mark(t, got); string(again.DER) != string(got.DER) {
			t.Errorf("%s: marking twice changes it", c.name)
		}
	}
}

func unhex(s string) []byte {
	out, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return out
}

// wideOf writes ASCII with several octets a character.
func wideOf(s string, width int) (out string) {
	for _, b := range []byte(s) {
		out += fmt.Sprintf("%0*x", 2*width, b)
	}
	return out
}

func hexOf(s string) string { return hex.EncodeToString([]byte(s)) }

// A name without text to mark is marked beside it: attribute by attribute as in DER.
func TestMarkBeside(t *testing.T) {
	n := value.Name{Attributes: []value.Attribute{attribute(t, "domain-component", "", "example")}}
	want := value.Name{Attributes: []value.Attribute{n.Attributes[0], attribute(t, "organizational-unit", value.UTF8String, "REHEARSAL")}}
	if d := cmp.Diff(want, mark(t, n)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(want, mark(t, want)); d != "" {
		t.Errorf("marking twice changes it: %s", d)
	}
}

func TestMarkRefuses(t *testing.T) {
	cases := []struct {
		name string
		n    value.Name
	}{
		{"empty", value.Name{}},
		{"not DER", value.Name{DER: unhex("3080")}},
	}
	for _, c := range cases {
		if got, err := value.Mark(c.n); err == nil {
			t.Errorf("%s: got %+v", c.name, got)
		}
	}
}

func TestParseName(t *testing.T) {
	parts, err := value.ParseName(unhex("301b31193017060a0992268993f22c6401191609" + hexOf("example.x")[:18]))
	if err != nil {
		t.Fatal(err)
	}
	want := []value.NamePart{{OID: "0.9.2342.19200300.100.1.25", Tag: 0x16, Value: []byte("example.x")}}
	if d := cmp.Diff(want, parts); d != "" {
		t.Error(d)
	}
	if as, text, ok := parts[0].Text(); as != value.IA5String || text != "example.x" || !ok {
		t.Errorf("got %s %q", as, text)
	}
	for _, bad := range []string{
		"", "3000", "30023100", "300131", "300d310b300906035504061302555300",
		"300d310b3009060355048613025553", "300d310b3009060380040613025553", "300c310a30080602550480130131",
	} {
		if _, err := value.ParseName(unhex(bad)); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}
