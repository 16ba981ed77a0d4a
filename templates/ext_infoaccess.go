// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

var _ = encodes(ext.NameInfoAccess, addInfoAccess)

// Methods of RFC 5280 4.2.2.1.
const (
	oidOCSP      profiles.OID = "1.3.6.1.5.5.7.48.1"
	oidCAIssuers profiles.OID = "1.3.6.1.5.5.7.48.2"
)

// addInfoAccess writes RFC 5280 4.2.2.1 in the order given.
func addInfoAccess(b *cryptobyte.Builder, v ext.InfoAccess, _ extensionContext) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, d := range v {
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
