// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"errors"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/profiles/ext"
)

var _ = encodes(ext.NameAuthorityKeyID, addAuthorityKeyID)

// addAuthorityKeyID writes the key identifier and nothing else (BR 7.1.2.11.1).
func addAuthorityKeyID(b *cryptobyte.Builder, _ ext.AuthorityKeyID, in extensionContext) {
	if len(in.issuer.KeyID) == 0 {
		b.SetError(errors.New("the issuer has no key identifier"))
		return
	}
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(implicit(0), func(b *cryptobyte.Builder) { b.AddBytes(in.issuer.KeyID) })
	})
}
