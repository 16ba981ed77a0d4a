// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"errors"
	"fmt"
	"net/netip"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/profiles/ext"
)

var _ = encodes(ext.NameNameConstraints, addNameConstraints)

// addNameConstraints writes RFC 5280 4.2.1.10. The default minimum of 0 is left
// out and there is no maximum.
func addNameConstraints(b *cryptobyte.Builder, v ext.NameConstraints, _ extensionContext) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for tag, list := range [][]ext.GeneralSubtree{v.Permitted, v.Excluded} {
			if len(list) == 0 {
				continue
			}
			b.AddASN1(explicit(uint8(tag)), func(b *cryptobyte.Builder) {
				for _, s := range list {
					b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { addBase(b, s) })
				}
			})
		}
	})
}

// addBase writes the GeneralName of a subtree.
func addBase(b *cryptobyte.Builder, s ext.GeneralSubtree) {
	switch s.Type {
	case "dns":
		addIA5(b, implicit(tagDNS), s.Value)
	case "email":
		addIA5(b, implicit(tagEmail), s.Value)
	case "uri":
		addIA5(b, implicit(tagURI), s.Value)
	case "ip":
		addNetwork(b, s.Value)
	case "directory":
		b.AddASN1(explicit(tagDirectory), func(b *cryptobyte.Builder) { addName(b, *s.Directory) })
	case "other":
		b.AddASN1(explicit(tagOther), func(b *cryptobyte.Builder) {
			addOID(b, s.OtherOID)
			b.AddASN1(explicit(0), func(b *cryptobyte.Builder) { b.AddBytes(s.OtherDER) })
		})
	default:
		b.SetError(fmt.Errorf("unknown kind of name %q", s.Type))
	}
}

// addNetwork writes address and mask: 8 octets for IPv4, 32 for IPv6.
func addNetwork(b *cryptobyte.Builder, cidr string) {
	p, err := netip.ParsePrefix(cidr)
	if err == nil && p != p.Masked() {
		err = errors.New("host bits are set")
	}
	if err != nil {
		b.SetError(fmt.Errorf("network %q: %w", cidr, err))
		return
	}
	octets := p.Addr().AsSlice()
	for i := range p.Addr().AsSlice() {
		ones := min(max(p.Bits()-8*i, 0), 8)
		octets = append(octets, byte(0xff<<(8-ones)))
	}
	b.AddASN1(implicit(tagIP), func(b *cryptobyte.Builder) { b.AddBytes(octets) })
}
