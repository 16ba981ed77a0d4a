// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"fmt"
	"slices"
)

// need is a mechanism that keys of a kind cannot do without (PKCS#11 v2.40,
// current mechanisms 2.1 and 2.3).
type need struct {
	mechanism uint64
	name      string
}

var (
	needsRSA = []need{{0x0000, "CKM_RSA_PKCS_KEY_PAIR_GEN"}, {0x0001, "CKM_RSA_PKCS"}}
	needsEC  = []need{{0x1040, "CKM_EC_KEY_PAIR_GEN"}, {0x1041, "CKM_ECDSA"}}
)

// Unoffered says what a token lacks to sign with a key of this algorithm and, if
// asked, to generate it: a mechanism that it does not list, or a size beyond its
// limits. It is empty where nothing is missing, and where the token lists no
// mechanisms at all. What a token lists is a claim of its module.
func (i Info) Unoffered(a Algorithm, generate bool) string {
	if len(i.Mechanisms) == 0 {
		return ""
	}
	kind, needs := keyKinds[a], needsRSA
	bits, smallest := kind.bits, keyKinds[RSA2048].bits
	if kind.curve != nil {
		needs, bits, smallest = needsEC, kind.curve.Params().BitSize, keyKinds[ECDSAP256].curve.Params().BitSize
	}
	if !generate {
		needs = needs[1:]
	}
	for _, n := range needs {
		at := slices.IndexFunc(i.Mechanisms, func(m Mechanism) bool { return m.Type == n.mechanism })
		if at < 0 {
			return n.name
		}
		if m := i.Mechanisms[at]; !m.takes(uint64(bits), uint64(smallest)) {
			return fmt.Sprintf("%s with %d bits (its limits are %d and %d)", n.name, bits, m.MinKey, m.MaxKey)
		}
	}
	return ""
}

// takes reports whether a key size in bits is within the limits. Some modules
// give no limits, and some give them in bytes: a limit below the smallest size
// that is of use, in bits, is taken for that.
func (m Mechanism) takes(bits, smallest uint64) bool {
	if m.MaxKey < smallest {
		bits = (bits + 7) / 8
	}
	return m.MaxKey == 0 || m.MinKey <= bits && bits <= m.MaxKey
}

// Offers lists the algorithms of keys that the token can generate and sign with,
// as far as it says.
func (i Info) Offers() []Algorithm {
	return slices.DeleteFunc(Algorithms(), func(a Algorithm) bool { return i.Unoffered(a, true) != "" })
}
