// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto"
	"crypto/sha256"
	"slices"
	"sync"
)

// maxKeys is how many keys a memory holds. A ceremony has a handful; a folder of
// certificates that is linted may have any number.
const maxKeys = 4096

// keysLooked is the memory of the process: what a key is does not depend on who
// asks, and a ceremony that continues plans, verifies and carries out with the
// same keys.
var keysLooked keyMemory //nolint:gochecknoglobals // a cache of pure results

// keyMemory caches the results of costly checks of public keys, since a key is
// in many objects and its checks take some milliseconds. The zero value is
// empty. It is safe for concurrent use.
type keyMemory struct {
	mu    sync.Mutex
	known map[[32]byte]*keyVerdict
}

// keyVerdict is the result of the costly checks of one key.
type keyVerdict struct {
	once     sync.Once
	problems []problem
}

// problems checks a key once and returns the result.
func (m *keyMemory) problems(spki []byte, key crypto.PublicKey) []problem {
	v := m.verdict(sha256.Sum256(spki))
	v.once.Do(func() { v.problems = computable(key) })
	return slices.Clone(v.problems)
}

// verdict gives the place of a key. A memory that is full is emptied.
func (m *keyMemory) verdict(name [32]byte) *keyVerdict {
	m.mu.Lock()
	defer m.mu.Unlock()
	v := m.known[name]
	if v != nil {
		return v
	}
	if m.known == nil || len(m.known) >= maxKeys {
		m.known = map[[32]byte]*keyVerdict{}
	}
	v = &keyVerdict{}
	m.known[name] = v
	return v
}
