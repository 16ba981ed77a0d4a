// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto/sha256"
	"sync"
)

// maxRemembered is how many results a memory holds. A ceremony has a handful of keys and
// issuers; a folder of certificates that is linted may have any number.
const maxRemembered = 4096

// memory caches the results of costly checks of bytes that are in many objects. The zero
// value is empty. It is safe for concurrent use.
type memory[V any] struct {
	mu    sync.Mutex
	known map[[32]byte]*remembered[V]
}

// remembered is the result of one check.
type remembered[V any] struct {
	once  sync.Once
	value V
}

// of gives the result for some bytes, which is computed once.
func (m *memory[V]) of(data []byte, compute func() V) V {
	r := m.place(sha256.Sum256(data))
	r.once.Do(func() { r.value = compute() })
	return r.value
}

// place gives the place of a result. A memory that is full is emptied.
func (m *memory[V]) place(name [32]byte) *remembered[V] {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.known[name]
	if r != nil {
		return r
	}
	if m.known == nil || len(m.known) >= maxRemembered {
		m.known = map[[32]byte]*remembered[V]{}
	}
	r = &remembered[V]{}
	m.known[name] = r
	return r
}
