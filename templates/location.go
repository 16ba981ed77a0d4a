// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"fmt"

	"golang.org/x/crypto/cryptobyte"

	"rootceremony/profiles/ext"
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
	if u == ext.IssuerURL || u == "" {
		b.SetError(fmt.Errorf("%q is not a URL", u))
		return
	}
	addIA5(b, implicit(tagURI), u)
}
