// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// NamePart is an AttributeTypeAndValue of a name that came as DER.
type NamePart struct {
	RDN   int // number of its RDN, from 0
	OID   OID
	Tag   byte   // ASN.1 tag of the value
	Value []byte // contents of the value
}

// Text returns the value when its string type is one of [StringType], whose
// contents are UTF-8.
func (p NamePart) Text() (StringType, string, bool) {
	for _, t := range []StringType{PrintableString, UTF8String, IA5String} {
		if p.Tag == stringTag(t) {
			return t, string(p.Value), true
		}
	}
	return "", "", false
}

// stringTag is the ASN.1 tag of a string type.
func stringTag(t StringType) byte {
	switch t {
	case PrintableString:
		return byte(asn1.PrintableString)
	case IA5String:
		return byte(asn1.IA5String)
	}
	return byte(asn1.UTF8String)
}

// ParseName reads the DER of a Name (RFC 5280 4.1.2.4). It refuses an empty
// name and whatever is not exactly one.
func ParseName(der []byte) ([]NamePart, error) {
	s := cryptobyte.String(der)
	var rdns cryptobyte.String
	if !s.ReadASN1(&rdns, asn1.SEQUENCE) || !s.Empty() {
		return nil, errors.New("the name is not one DER SEQUENCE")
	}
	if rdns.Empty() {
		return nil, errors.New("the name is empty")
	}
	var parts []NamePart
	for i := 0; !rdns.Empty(); i++ {
		var rdn cryptobyte.String
		if !rdns.ReadASN1(&rdn, asn1.SET) || rdn.Empty() {
			return nil, errors.New("a relative name is not a DER SET of attributes")
		}
		for !rdn.Empty() {
			part, err := readPart(&rdn)
			if err != nil {
				return nil, err
			}
			part.RDN = i
			parts = append(parts, part)
		}
	}
	return parts, nil
}

// readPart reads one AttributeTypeAndValue.
func readPart(rdn *cryptobyte.String) (NamePart, error) {
	var atv, id, value cryptobyte.String
	var tag asn1.Tag
	if !rdn.ReadASN1(&atv, asn1.SEQUENCE) || !atv.ReadASN1(&id, asn1.OBJECT_IDENTIFIER) ||
		!atv.ReadAnyASN1(&value, &tag) || !atv.Empty() {
		return NamePart{}, errors.New("an attribute of the name is not a type and a value in DER")
	}
	dotted, err := dottedOID(id)
	if err != nil {
		return NamePart{}, err
	}
	return NamePart{OID: dotted, Tag: byte(tag), Value: value}, nil
}

// dottedOID reads the contents of an OBJECT IDENTIFIER.
func dottedOID(contents []byte) (OID, error) {
	var out []byte
	var arc uint64
	for i, c := range contents {
		if arc == 0 && c == 0x80 || arc > 1<<50 || i == len(contents)-1 && c&0x80 != 0 {
			return "", fmt.Errorf("object identifier %x is not DER", contents)
		}
		arc = arc<<7 | uint64(c&0x7f)
		if c&0x80 != 0 {
			continue
		}
		if out == nil {
			first := min(arc/40, 2)
			out = fmt.Appendf(nil, "%d.%d", first, arc-40*first)
		} else {
			out = fmt.Appendf(out, ".%d", arc)
		}
		arc = 0
	}
	if out == nil {
		return "", errors.New("an object identifier is empty")
	}
	return OID(out), nil
}

// maxDER bounds the nesting of DER that a profile carries.
const maxDER = 16

// checkDER reports bytes that are not exactly one DER value. It follows
// constructed values, but not what an OCTET STRING or BIT STRING may hold.
func checkDER(der []byte) error {
	s := cryptobyte.String(der)
	if !skipDER(&s, maxDER) || !s.Empty() {
		return errors.New("the bytes are not exactly one value in DER")
	}
	return nil
}

// skipDER reads over one value.
func skipDER(s *cryptobyte.String, depth int) bool {
	var contents cryptobyte.String
	var tag asn1.Tag
	if depth == 0 || !s.ReadAnyASN1(&contents, &tag) {
		return false
	}
	if tag&0x20 == 0 {
		return true
	}
	for !contents.Empty() {
		if !skipDER(&contents, depth-1) {
			return false
		}
	}
	return true
}
