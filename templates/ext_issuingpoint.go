// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/profiles/ext"
)

var _ = encodes(ext.NameIssuingPoint, addIssuingPoint)

// addIssuingPoint writes RFC 5280 5.2.5; FALSE fields are left out.
func addIssuingPoint(b *cryptobyte.Builder, p ext.IssuingPoint, _ extensionContext) {
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
