// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/profiles/ext"
)

var _ = encodes(ext.NameCRLPoints, addCRLPoints)

// addCRLPoints writes one DistributionPoint with all URLs (BR 7.1.2.11.2).
func addCRLPoints(b *cryptobyte.Builder, v ext.CRLPoints, _ extensionContext) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { addURIs(b, v) })
	})
}
