// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package value

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// Name is a distinguished name: written out attribute by attribute, or, when
// it must equal an existing one byte for byte, as DER.
type Name struct {
	Attributes []Attribute `json:"attributes,omitempty"` // one per RDN, in order
	DER        HexBytes    `json:"der,omitempty"`
}

// Attribute is an AttributeTypeAndValue, alone in its RDN.
type Attribute struct {
	Type   string     `json:"type"` // name in YAML, e.g. "organization"
	OID    OID        `json:"oid"`
	String StringType `json:"string"`
	Value  string     `json:"value"`
}

// StringType is an ASN.1 string type.
type StringType string

// String types of attribute values.
const (
	PrintableString StringType = "printable"
	UTF8String      StringType = "utf8"
	IA5String       StringType = "ia5"
)

// stringTitles are the names that ASN.1 gives to string types.
var stringTitles = map[StringType]string{
	UTF8String: "UTF8String", PrintableString: "PrintableString", IA5String: "IA5String",
}

// Title is the name that ASN.1 gives to the string type.
func (s StringType) Title() string { return stringTitles[s] }

// Content writes a name attribute by attribute, each with the type of string
// that it is encoded as, or the DER that it is.
func (n *Name) Content() string {
	var parts []string
	for _, a := range n.Attributes {
		kind := a.Type
		if k := AttributeKindOf(a.Type); k == nil || k.OID != a.OID {
			kind += " " + string(a.OID)
		}
		parts = append(parts, fmt.Sprintf("%s %s (%s)", kind, a.Value, a.String.Title()))
	}
	if len(n.DER) > 0 {
		parts = append(parts, "DER "+hex.EncodeToString(n.DER))
	}
	return strings.Join(parts, ", ")
}

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
		if p.Tag == byte(t.Tag()) {
			return t, string(p.Value), true
		}
	}
	return "", "", false
}

// Tag is the ASN.1 tag of the string type.
func (s StringType) Tag() int {
	switch s {
	case PrintableString:
		return int(asn1.PrintableString)
	case IA5String:
		return int(asn1.IA5String)
	}
	return int(asn1.UTF8String)
}

// ParseName reads the DER of a Name (RFC 5280 4.1.2.4). It refuses an empty
// name and anything that is not exactly one Name.
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
