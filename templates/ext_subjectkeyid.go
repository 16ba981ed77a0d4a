// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"golang.org/x/crypto/cryptobyte"

	"rootceremony/profiles/ext"
)

var _ = encodes(ext.NameSubjectKeyID, addSubjectKeyID)

func addSubjectKeyID(b *cryptobyte.Builder, v ext.SubjectKeyID, in extensionContext) {
	id, err := keyID(v, in.spki)
	if err != nil {
		b.SetError(err)
		return
	}
	b.AddASN1OctetString(id)
}
