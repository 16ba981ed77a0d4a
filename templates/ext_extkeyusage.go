// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/profiles/ext"
)

var _ = encodes(ext.NameExtKeyUsage, addExtKeyUsage)

func addExtKeyUsage(b *cryptobyte.Builder, v ext.ExtKeyUsage, _ extensionContext) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, p := range v {
			addOID(b, p.OID)
		}
	})
}
