// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"
)

// verified remembers which signatures verify: those on the certificates and lists of a
// ceremony are asked about by many rules, and one on P-384 takes a millisecond.
var verified signatures //nolint:gochecknoglobals // a cache of pure results

// maxVerified bounds what is remembered; a folder that is linted may have any number.
const maxVerified = 4096

// signatures has the results of verifying by name. The zero value is empty, and safe for
// concurrent use.
type signatures struct {
	mu      sync.Mutex
	results map[[32]byte]error
}

// nameOf is a digest of all that decides whether a signature verifies: each part, with its
// length before it.
func nameOf(parts ...[]byte) [32]byte {
	h := sha256.New()
	for _, p := range parts {
		_ = binary.Write(h, binary.BigEndian, uint64(len(p)))
		h.Write(p)
	}
	return [32]byte(h.Sum(nil))
}

// result gives what verifying the signature of a name gave, if that is known.
func (s *signatures) result(name [32]byte) (result error, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	result, known = s.results[name]
	return result, known
}

// add remembers a result. A memory that is full is emptied.
func (s *signatures) add(name [32]byte, result error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.results == nil || len(s.results) >= maxVerified {
		s.results = map[[32]byte]error{}
	}
	s.results[name] = result
}
