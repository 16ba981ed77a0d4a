// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"fmt"
	"slices"

	"rootceremony/internal/algorithm"
)

// mechanismNames are the mechanisms that this program uses or people ask for.
var mechanismNames = map[uint]string{
	0x0: "CKM_RSA_PKCS_KEY_PAIR_GEN", 0xa: "CKM_RSA_X9_31_KEY_PAIR_GEN", 0x1: "CKM_RSA_PKCS", 0xd: "CKM_RSA_PKCS_PSS",
	0x40: "CKM_SHA256_RSA_PKCS", 0x41: "CKM_SHA384_RSA_PKCS", 0x42: "CKM_SHA512_RSA_PKCS",
	0x1040: "CKM_EC_KEY_PAIR_GEN", 0x1041: "CKM_ECDSA",
	0x1044: "CKM_ECDSA_SHA256", 0x1045: "CKM_ECDSA_SHA384", 0x1046: "CKM_ECDSA_SHA512",
	0x1055: "CKM_EC_EDWARDS_KEY_PAIR_GEN", 0x1057: "CKM_EDDSA",
}

// MechanismNamed gives the number of a mechanism that is known here by its name.
func MechanismNamed(name string) (number uint64, known bool) {
	for n, have := range mechanismNames {
		if have == name {
			return uint64(n), true
		}
	}
	return 0, false
}

// Unoffered says what a token lacks to sign with a key of this algorithm and, if
// asked, to generate it: a mechanism that it does not list, or a size beyond its
// limits. It is empty where nothing is missing, and where the token lists no
// mechanisms at all. What a token lists is a claim of its module.
func (i Info) Unoffered(k algorithm.Key, generate bool) string {
	if len(i.Mechanisms) == 0 {
		return ""
	}
	if _, lacks := i.generator(k); generate && lacks != "" {
		return lacks
	}
	return i.lacks(k, k.PKCS11().Sign)
}

// lacks says why a token does not offer a mechanism with a key, or nothing.
func (i Info) lacks(k algorithm.Key, need algorithm.Mechanism) string {
	at := slices.IndexFunc(i.Mechanisms, func(m Mechanism) bool { return m.Type == need.Type })
	if at < 0 {
		return need.Name
	}
	if m := i.Mechanisms[at]; !m.takes(uint64(k.Bits()), uint64(k.Family().Smallest().Bits())) {
		return fmt.Sprintf("%s with %d bits (its limits are %d and %d)", need.Name, k.Bits(), m.MinKey, m.MaxKey)
	}
	return ""
}

// generator is the mechanism by which a token makes a key: the usual one, or another that
// it lists in its place. lacks says why none is of use.
func (i Info) generator(k algorithm.Key) (m algorithm.Mechanism, lacks string) {
	names := k.PKCS11()
	if lacks = i.lacks(k, names.Generate); lacks == "" || len(i.Mechanisms) == 0 {
		return names.Generate, ""
	}
	for _, other := range names.Otherwise {
		if i.lacks(k, other) == "" {
			return other, ""
		}
	}
	return names.Generate, lacks
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
