// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/hex"
	"net/netip"
	"strings"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Tags of GeneralName, RFC 5280 4.2.1.6.
const (
	TagOtherName     = 0
	TagEmail         = 1
	TagDNS           = 2
	TagX400          = 3
	TagDirectoryName = 4
	TagEDIParty      = 5
	TagURI           = 6
	TagIP            = 7
	TagRegisteredID  = 8
)

// GeneralName is one name of any kind.
type GeneralName struct {
	Tag int
	// Value is for comparing and reading: the text of an e-mail address, DNS
	// name or URI (bytes that are not ASCII as Latin-1), an IP address or
	// prefix, a directory name as Name.String, an OID; hexadecimal otherwise.
	Value     string
	Malformed bool   // not ASCII, or an IP address of the wrong length or mask
	Directory *Name  // of TagDirectoryName
	Bytes     []byte // contents without the header
	Raw       []byte
}

// generalNames reads GeneralNames, which holds at least one.
func (d *decoder) generalNames(tag casn1.Tag, name string) []GeneralName {
	list := d.open(tag, name)
	var out []GeneralName
	for list.more() && list.below(len(out)) {
		out = append(out, list.generalName("", false))
	}
	list.notEmpty(len(out))
	return out
}

// generalName reads one name; prefix says that an IP address comes with
// a mask, as in name constraints.
func (d *decoder) generalName(name string, prefix bool) GeneralName {
	tag, contents, raw := d.any(name)
	if d.err() != nil {
		return GeneralName{}
	}
	out := GeneralName{Tag: int(tag & 0x1f), Bytes: contents, Raw: raw}
	if tag&0xc0 != 0x80 || out.Tag > TagRegisteredID {
		d.failIn(name, "expected GeneralName, found %s", tagName(tag))
		return out
	}
	switch out.Tag {
	case TagOtherName, TagX400, TagDirectoryName, TagEDIParty:
		if tag&0x20 == 0 {
			d.failIn(name, "GeneralName [%d] is not constructed", out.Tag)
		}
	default:
		if tag&0x20 != 0 {
			d.failIn(name, "GeneralName [%d] is not primitive", out.Tag)
		}
	}
	d.fillName(&out, name, prefix)
	return out
}

func (d *decoder) fillName(out *GeneralName, name string, prefix bool) {
	if d.err() != nil {
		return
	}
	switch out.Tag {
	case TagEmail, TagDNS, TagURI:
		out.Value, out.Malformed = decodeString(casn1.Tag(TagIA5String), out.Bytes)
	case TagDirectoryName:
		in := d.over(out.Bytes, name)
		dn := in.distinguishedName("directoryName")
		in.end()
		out.Directory, out.Value = &dn, dn.String()
	case TagIP:
		out.Value, out.Malformed = addressText(out.Bytes, prefix)
	case TagRegisteredID:
		out.Value = d.over(oidElement(out.Bytes), name).oid("registeredID").String()
	default:
		out.Value = hex.EncodeToString(out.Bytes)
	}
}

// oidElement puts the universal header back on the contents of an implicitly
// tagged OBJECT IDENTIFIER; longer ones than 127 bytes are left to fail.
func oidElement(contents []byte) []byte {
	if len(contents) > 127 {
		return nil
	}
	return append([]byte{6, byte(len(contents))}, contents...)
}

func addressText(b []byte, prefix bool) (string, bool) {
	if !prefix {
		a, ok := netip.AddrFromSlice(b)
		if !ok {
			return hex.EncodeToString(b), true
		}
		return a.String(), false
	}
	a, ok := netip.AddrFromSlice(b[:len(b)/2])
	if !ok || len(b)%2 != 0 {
		return hex.EncodeToString(b), true
	}
	mask := b[len(b)/2:]
	ones, contiguous := maskLength(mask)
	if !contiguous {
		m, _ := netip.AddrFromSlice(mask)
		return a.String() + "/" + m.String(), true
	}
	p := netip.PrefixFrom(a, ones)
	return p.String(), p.Masked() != p
}

func maskLength(mask []byte) (ones int, contiguous bool) {
	ended := false
	for i := range len(mask) * 8 {
		set := mask[i/8]&(0x80>>(i%8)) != 0
		switch {
		case set && ended:
			return 0, false
		case set:
			ones++
		default:
			ended = true
		}
	}
	return ones, true
}

// URIs returns the values of the names that are URIs.
func URIs(names []GeneralName) []string {
	var out []string
	for _, n := range names {
		if n.Tag == TagURI {
			out = append(out, n.Value)
		}
	}
	return out
}

// String writes the name with its kind, on one line, safe for a terminal.
func (n GeneralName) String() string {
	kind := "[?]"
	if n.Tag >= 0 && n.Tag < len(generalNameKinds) {
		kind = generalNameKinds[n.Tag]
	}
	return kind + " " + safe(n.Value)
}

// safe replaces characters that do not print by an escape.
func safe(s string) string {
	var b strings.Builder
	for _, r := range s {
		if printable(r) {
			b.WriteRune(r)
			continue
		}
		for _, c := range []byte(string(r)) {
			b.WriteString(`\x` + hex.EncodeToString([]byte{c}))
		}
	}
	return b.String()
}

// nameText is a general name with a note when its bytes are not right.
func nameText(n GeneralName) string {
	if n.Malformed {
		return n.String() + " (malformed)"
	}
	return n.String()
}

func (p *printer) names(label string, list []GeneralName) {
	for _, n := range list {
		if n.Directory != nil {
			p.name(label+", directoryName", *n.Directory)
			continue
		}
		p.line(label, "%s", nameText(n))
	}
}
