// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package algorithm

import (
	"crypto"
	"crypto/ed25519"
)

// ed25519Family is Ed25519 (RFC 8410), which others' certificates can have.
func ed25519Family() family {
	return family{
		name: Ed25519, title: "Ed25519", oid: "06032b6570", arc: "1.3.101.112",
		has:      func(key crypto.PublicKey) bool { _, ok := key.(ed25519.PublicKey); return ok },
		key:      func(crypto.PublicKey) Key { return "ed25519" },
		describe: func(crypto.PublicKey) string { return "Ed25519" },
		short:    func(crypto.PublicKey) string { return "Ed25519" },
		verify: func(key crypto.PublicKey, _ Scheme, message, signature []byte) error {
			k, ok := key.(ed25519.PublicKey)
			return verdict(ok && ed25519.Verify(k, message, signature))
		},
	}
}
