// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"fmt"
	"slices"

	"rootceremony/internal/algorithm"
)

// Unoffered says what a token lacks to sign with a key of this algorithm and, if
// asked, to generate it: a mechanism that it does not list, or a size beyond its
// limits. It is empty where nothing is missing, and where the token lists no
// mechanisms at all. What a token lists is a claim of its module.
func (i Info) Unoffered(k algorithm.Key, generate bool) string {
	if len(i.Mechanisms) == 0 {
		return ""
	}
	needs := []algorithm.Mechanism{k.PKCS11().Sign}
	if generate {
		needs = []algorithm.Mechanism{k.PKCS11().Generate, k.PKCS11().Sign}
	}
	for _, n := range needs {
		at := slices.IndexFunc(i.Mechanisms, func(m Mechanism) bool { return m.Type == n.Type })
		if at < 0 {
			return n.Name
		}
		if m := i.Mechanisms[at]; !m.takes(uint64(k.Bits()), uint64(k.Family().Smallest().Bits())) {
			return fmt.Sprintf("%s with %d bits (its limits are %d and %d)", n.Name, k.Bits(), m.MinKey, m.MaxKey)
		}
	}
	return ""
}

// takes reports whether a key size in bits is within the limits. Some modules
// give no limits, and some give them in bytes: a limit below the smallest size
// that is of use, in bits, is treated as bytes.
func (m Mechanism) takes(bits, smallest uint64) bool {
	if m.MaxKey < smallest {
		bits = (bits + 7) / 8
	}
	return m.MaxKey == 0 || m.MinKey <= bits && bits <= m.MaxKey
}

// Offers lists the algorithms of keys that the token can generate and sign
// with, as far as it reports them.
func (i Info) Offers() []algorithm.Key {
	return slices.DeleteFunc(algorithm.Keys(), func(k algorithm.Key) bool { return i.Unoffered(k, true) != "" })
}
