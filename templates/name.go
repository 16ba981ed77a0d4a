// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"errors"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/profiles"
	"rootceremony/profiles/value"
)

// stringTags are the tags of the string types of attribute values.
var stringTags = map[profiles.StringType]asn1.Tag{
	profiles.PrintableString: asn1.PrintableString,
	profiles.UTF8String:      asn1.UTF8String,
	profiles.IA5String:       asn1.IA5String,
}

// EncodeName returns the DER of a Name: one attribute per RDN in the order
// given (BR 7.1.4.1), or the existing bytes. An empty name is refused, since a
// CA must have one (RFC 5280 4.1.2.4 and 4.1.2.6).
func EncodeName(n profiles.Name) ([]byte, error) {
	switch {
	case len(n.DER) > 0 && len(n.Attributes) > 0:
		return nil, errors.New("a name is given twice, by attributes and by its DER")
	case len(n.DER) > 0:
		if _, err := value.ParseName(n.DER); err != nil {
			return nil, err
		}
		return slices.Clone([]byte(n.DER)), nil
	case len(n.Attributes) == 0:
		return nil, errors.New("the name is empty")
	}
	return build(func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			for _, a := range n.Attributes {
				addAttribute(b, a)
			}
		})
	})
}

// addAttribute writes a RelativeDistinguishedName of one attribute.
func addAttribute(b *cryptobyte.Builder, a profiles.Attribute) {
	if err := a.Check(); err != nil {
		b.SetError(fmt.Errorf("%s: %w", a.Type, err))
		return
	}
	b.AddASN1(asn1.SET, func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			addOID(b, a.OID)
			b.AddASN1(stringTags[a.String], func(b *cryptobyte.Builder) { b.AddBytes([]byte(a.Value)) })
		})
	})
}

// addName writes a Name.
func addName(b *cryptobyte.Builder, n profiles.Name) {
	der, err := EncodeName(n)
	if err != nil {
		b.SetError(err)
		return
	}
	b.AddBytes(der)
}
