// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/profiles/ext"
)

var _ = encodes(ext.NameBasicConstraints, addBasicConstraints)

// addBasicConstraints writes RFC 5280 4.2.1.9. cA FALSE is left out, a path
// length of zero is written.
func addBasicConstraints(b *cryptobyte.Builder, v ext.BasicConstraints, _ extensionContext) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		if v.CA {
			addTrue(b)
		}
		if n := v.PathLength; n != nil {
			b.AddASN1Int64(int64(*n))
		}
	})
}
