// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Tags of string types, as Attribute.Tag has them.
const (
	TagUTF8String      = 12
	TagNumericString   = 18
	TagPrintableString = 19
	TagT61String       = 20
	TagIA5String       = 22
	TagVisibleString   = 26
	TagUniversalString = 28
	TagBMPString       = 30
)

// Name is a distinguished name in encoded order. RFC 5280 4.1.2.4.
type Name struct {
	Raw  []byte
	RDNs [][]Attribute
}

// Attribute is an AttributeTypeAndValue.
type Attribute struct {
	OID       asn1.ObjectIdentifier
	Tag       int    // universal tag of the value
	Value     string // decoded; of a type that is no string "#" and hexadecimal
	Malformed bool   // characters that the string type does not allow
	Raw       []byte // of the value, with its header
}

// Attributes returns all attributes in encoded order.
func (n Name) Attributes() []Attribute {
	var out []Attribute
	for _, rdn := range n.RDNs {
		out = append(out, rdn...)
	}
	return out
}

// First returns the value of the first attribute of a type.
func (n Name) First(oid asn1.ObjectIdentifier) (string, bool) {
	for _, rdn := range n.RDNs {
		for _, a := range rdn {
			if a.OID.Equal(oid) {
				return a.Value, true
			}
		}
	}
	return "", false
}

// String writes the name for people, in encoded order, escaped as in RFC 4514:
// "C=US, O=Example Trust, CN=E1".
func (n Name) String() string {
	rdns := make([]string, len(n.RDNs))
	for i, rdn := range n.RDNs {
		parts := make([]string, len(rdn))
		for j, a := range rdn {
			parts[j] = AttributeName(a.OID) + "=" + escapeValue(a.Value)
		}
		rdns[i] = strings.Join(parts, "+")
	}
	return strings.Join(rdns, ", ")
}

// distinguishedName reads a Name.
func (d *decoder) distinguishedName(name string) Name {
	out := Name{Raw: d.raw(casn1.SEQUENCE, name)}
	if d.err() != nil {
		return Name{}
	}
	rdns := d.over(out.Raw, name).open(casn1.SEQUENCE, "")
	total := 0
	for rdns.more() {
		set := rdns.item(casn1.SET, len(out.RDNs)+1)
		rdn := set.relativeName()
		if total += len(rdn); total > maxRDNs {
			rdns.limit("more than %d attributes", maxRDNs)
		}
		out.RDNs = append(out.RDNs, rdn)
	}
	return out
}

// malformed reports whether an attribute has characters that its type does not allow.
func (n Name) malformed() bool {
	return slices.ContainsFunc(n.RDNs, func(rdn []Attribute) bool {
		return slices.ContainsFunc(rdn, func(a Attribute) bool { return a.Malformed })
	})
}

// relativeName reads the elements of a RelativeDistinguishedName, which DER
// sorts (X.690 11.6).
func (d *decoder) relativeName() []Attribute {
	var out []Attribute
	var previous []byte
	for d.more() && len(out) <= maxRDNs {
		in, der := d.sequence(0)
		if previous != nil && bytes.Compare(previous, der) >= 0 {
			d.wrong("X.690 11.6", "attributes of a set are not in DER order")
		}
		previous = der
		a := Attribute{OID: in.oid("type")}
		var tag casn1.Tag
		var contents []byte
		tag, contents, a.Raw = in.any("value")
		in.end()
		a.Tag = int(tag)
		a.Value, a.Malformed = decodeString(tag, contents)
		if !isString(tag) {
			a.Value = "#" + hex.EncodeToString(a.Raw)
		}
		out = append(out, a)
	}
	if len(out) == 0 {
		d.wrong("RFC 5280 4.1.2.4, SIZE (1..MAX)", "empty set of attributes")
	}
	return out
}

func isString(tag casn1.Tag) bool {
	switch tag {
	case TagUTF8String, TagNumericString, TagPrintableString, TagT61String,
		TagIA5String, TagVisibleString, TagUniversalString, TagBMPString:
		return true
	}
	return false
}

// decodeString decodes a string type. T61String is read as Latin-1, which is
// what issuers put there.
func decodeString(tag casn1.Tag, b []byte) (value string, malformed bool) {
	switch tag {
	case TagUTF8String:
		return strings.ToValidUTF8(string(b), "\uFFFD"), !utf8.Valid(b)
	case TagBMPString:
		return decodeBMP(b)
	case TagUniversalString:
		return decodeUniversal(b)
	}
	out := make([]rune, len(b))
	for i, c := range b {
		out[i] = rune(c)
		malformed = malformed || !allowed(tag, c)
	}
	return string(out), malformed
}

func allowed(tag casn1.Tag, c byte) bool {
	letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
	switch tag {
	case TagPrintableString:
		return letter || strings.IndexByte(" '()+,-./:=?", c) >= 0
	case TagNumericString:
		return c == ' ' || c >= '0' && c <= '9'
	case TagIA5String:
		return c < 0x80
	case TagVisibleString:
		return c >= 0x20 && c < 0x7f
	}
	return true
}

func decodeBMP(b []byte) (string, bool) {
	units := make([]uint16, len(b)/2)
	bad := len(b)%2 != 0
	for i := range units {
		units[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
		bad = bad || units[i] >= 0xd800 && units[i] < 0xe000
	}
	return string(utf16.Decode(units)), bad
}

func decodeUniversal(b []byte) (string, bool) {
	out := make([]rune, len(b)/4)
	bad := len(b)%4 != 0
	for i := range out {
		v := uint32(b[4*i])<<24 | uint32(b[4*i+1])<<16 | uint32(b[4*i+2])<<8 | uint32(b[4*i+3])
		out[i] = utf8.RuneError
		if v <= unicode.MaxRune && utf8.ValidRune(rune(v)) {
			out[i] = rune(v)
		} else {
			bad = true
		}
	}
	return string(out), bad
}

// escapeValue escapes as RFC 4514 2.4 does, and every character that does not
// print, so that a name cannot steer a terminal.
func escapeValue(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case strings.ContainsRune(`,+"\<>;=`, r),
			r == '#' && i == 0, r == ' ' && (i == 0 || i == len(s)-1):
			b.WriteByte('\\')
			b.WriteRune(r)
		case !printable(r):
			for _, c := range []byte(string(r)) {
				fmt.Fprintf(&b, `\%02X`, c)
			}
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// printable leaves out controls, bidi and zero-width characters and every
// space but U+0020.
func printable(r rune) bool { return unicode.IsPrint(r) }
