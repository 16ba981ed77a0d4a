// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"fmt"
	"slices"

	"rootceremony/internal/inspect"
)

// signatures is the memory of the process for [verifySignature]: those on the certificates
// and lists of a ceremony are asked about by many rules, and one on P-384 takes a
// millisecond.
var signatures memory[error] //nolint:gochecknoglobals // a cache of pure results

// verifySignature is [inspect.VerifySignature] for what may be of the past.
func verifySignature(spki, identifier, tbs, signature []byte) error {
	lengths := fmt.Appendf(nil, "%d %d %d ", len(spki), len(identifier), len(tbs)) // so that no two lists of parts join to the same bytes
	return signatures.of(slices.Concat(lengths, spki, identifier, tbs, signature), func() error {
		return inspect.VerifySignature(spki, identifier, tbs, signature, inspect.AllowSHA1())
	})
}
