// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"errors"

	"golang.org/x/crypto/cryptobyte"

	"rootceremony/profiles/ext"
)

var _ = encodes(ext.NameCRLNumber, addCRLNumber)

func addCRLNumber(b *cryptobyte.Builder, _ ext.CRLNumber, in extensionContext) {
	if in.number == nil {
		b.SetError(errors.New("only a CRL has a number"))
		return
	}
	b.AddASN1BigInt(in.number)
}
