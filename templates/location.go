// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"errors"
	"fmt"
	"net/netip"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/profiles"
)

// Tags of GeneralName, RFC 5280 4.2.1.6.
const (
	tagOther     = 0
	tagEmail     = 1
	tagDNS       = 2
	tagDirectory = 4
	tagURI       = 6
	tagIP        = 7
)

// Object identifiers inside extensions.
const (
	oidCPS       profiles.OID = "1.3.6.1.5.5.7.2.1"
	oidNotice    profiles.OID = "1.3.6.1.5.5.7.2.2"
	oidOCSP      profiles.OID = "1.3.6.1.5.5.7.48.1"
	oidCAIssuers profiles.OID = "1.3.6.1.5.5.7.48.2"
)

// addPolicies writes RFC 5280 4.2.1.4 with the qualifiers that it knows.
func addPolicies(b *cryptobyte.Builder, e *profiles.Extension, _ surroundings) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, p := range e.Policies {
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
				addOID(b, p.OID)
				if p.CPS != "" || p.Notice != "" {
					b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { addQualifiers(b, p) })
				}
			})
		}
	})
}

// addQualifiers writes the CPS pointer, then the notice.
func addQualifiers(b *cryptobyte.Builder, p profiles.Policy) {
	if p.CPS != "" {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			addOID(b, oidCPS)
			addIA5(b, asn1.IA5String, p.CPS)
		})
	}
	if p.Notice != "" {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			addOID(b, oidNotice)
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(asn1.UTF8String, func(b *cryptobyte.Builder) { b.AddBytes([]byte(p.Notice)) })
			})
		})
	}
}

// addURIs writes DistributionPointName [0] with fullName [0].
func addURIs(b *cryptobyte.Builder, urls []string) {
	b.AddASN1(explicit(0), func(b *cryptobyte.Builder) {
		b.AddASN1(explicit(0), func(b *cryptobyte.Builder) {
			for _, u := range urls {
				addURI(b, u)
			}
		})
	})
}

// addURI writes a GeneralName that is a URI. A word that binding should have
// replaced is refused.
func addURI(b *cryptobyte.Builder, u string) {
	if u == profiles.IssuerURL || u == "" {
		b.SetError(fmt.Errorf("%q is not a URL", u))
		return
	}
	addIA5(b, implicit(tagURI), u)
}

// addCRLPoints writes one DistributionPoint with all URLs (BR 7.1.2.11.2).
func addCRLPoints(b *cryptobyte.Builder, e *profiles.Extension, _ surroundings) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { addURIs(b, e.CRLURLs) })
	})
}

// addInfoAccess writes RFC 5280 4.2.2.1 in the order given.
func addInfoAccess(b *cryptobyte.Builder, e *profiles.Extension, _ surroundings) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, d := range e.InfoAccess {
			method := oidCAIssuers
			if d.Method == "ocsp" {
				method = oidOCSP
			}
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
				addOID(b, method)
				addURI(b, d.URL)
			})
		}
	})
}

// addIssuingPoint writes RFC 5280 5.2.5; FALSE fields are left out.
func addIssuingPoint(b *cryptobyte.Builder, e *profiles.Extension, _ surroundings) {
	p := e.IssuingPoint
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		if len(p.URLs) > 0 {
			addURIs(b, p.URLs)
		}
		if p.OnlyUserCerts {
			addImplicitTrue(b, 1)
		}
		if p.OnlyCACerts {
			addImplicitTrue(b, 2)
		}
	})
}

// addNameConstraints writes RFC 5280 4.2.1.10. The default minimum of 0 is left
// out and there is no maximum.
func addNameConstraints(b *cryptobyte.Builder, e *profiles.Extension, _ surroundings) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for tag, list := range [][]profiles.GeneralSubtree{e.NameConstraints.Permitted, e.NameConstraints.Excluded} {
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
func addBase(b *cryptobyte.Builder, s profiles.GeneralSubtree) {
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
		err = errors.New("bits are set behind the mask")
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
