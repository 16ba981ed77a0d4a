// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto"
	"slices"
)

// keysLooked is the memory of the process: what a key is does not depend on who
// asks, and a ceremony that continues plans, verifies and carries out with the
// same keys.
var keysLooked keyMemory //nolint:gochecknoglobals // a cache of pure results

// keyMemory caches the results of costly checks of public keys, since a key is
// in many objects and its checks take some milliseconds.
type keyMemory struct{ memory[[]problem] }

// problems checks a key once and returns the result.
func (m *keyMemory) problems(spki []byte, key crypto.PublicKey) []problem {
	return slices.Clone(m.of(spki, func() []problem { return computable(key) }))
}
