// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"rootceremony/internal/algorithm"

	"golang.org/x/crypto/cryptobyte"
)

// addAlgorithm writes the AlgorithmIdentifier of a signature.
func addAlgorithm(b *cryptobyte.Builder, alg algorithm.Signature) {
	der, err := alg.Identifier()
	if err != nil {
		b.SetError(err)
		return
	}
	b.AddBytes(der)
}
