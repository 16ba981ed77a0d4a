// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"golang.org/x/crypto/cryptobyte"

	"rootceremony/profiles/ext"
)

var _ = encodes(ext.NameOCSPNoCheck, addNoCheck)

// addNoCheck writes NULL, RFC 6960 4.2.2.2.1.
func addNoCheck(b *cryptobyte.Builder, _ ext.OCSPNoCheck, _ extensionContext) { b.AddASN1NULL() }
