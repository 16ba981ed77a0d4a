// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

var _ = encodes(ext.NamePolicies, addPolicies)

// Qualifiers of RFC 5280 4.2.1.4.
const (
	oidCPS    profiles.OID = "1.3.6.1.5.5.7.2.1"
	oidNotice profiles.OID = "1.3.6.1.5.5.7.2.2"
)

// addPolicies writes RFC 5280 4.2.1.4 with the qualifiers that it knows.
func addPolicies(b *cryptobyte.Builder, v ext.Policies, _ extensionContext) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, p := range v {
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
func addQualifiers(b *cryptobyte.Builder, p ext.Policy) {
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
