// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/profiles/ext"
)

var _ = encodes(ext.NameKeyUsage, addKeyUsage)

// usageBits are bit numbers of RFC 5280 4.2.1.3; bit 0 is the leftmost.
var usageBits = map[ext.Usage]uint{
	ext.DigitalSignature: 0,
	ext.CertSign:         5,
	ext.CRLSign:          6,
}

// addKeyUsage writes a BIT STRING without trailing zero bits (X.690 11.2.2).
func addKeyUsage(b *cryptobyte.Builder, v ext.KeyUsage, _ extensionContext) {
	var octet byte
	unused := uint(7)
	for _, u := range v {
		bit := usageBits[u]
		octet |= 0x80 >> bit
		unused = min(unused, 7-bit)
	}
	b.AddASN1(asn1.BIT_STRING, func(b *cryptobyte.Builder) { b.AddBytes([]byte{byte(unused), octet}) })
}
