// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"golang.org/x/crypto/cryptobyte"

	"rootceremony/profiles/ext"
)

var _ = encodes(ext.NameRaw, addRaw)

// addRaw writes the bytes as they are.
func addRaw(b *cryptobyte.Builder, v ext.Raw, _ extensionContext) { b.AddBytes(v.DER) }
