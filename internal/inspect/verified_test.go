// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import "testing"

// TestNameOf guards against a signature that is taken for one that verified: two lists
// of parts that join to the same bytes have different names.
func TestNameOf(t *testing.T) {
	names := map[[32]byte][]string{}
	for _, parts := range [][]string{{"ab", "c"}, {"a", "bc"}, {"abc", ""}, {"", "abc"}, {"abc"}} {
		var list [][]byte
		for _, p := range parts {
			list = append(list, []byte(p))
		}
		if other, taken := names[nameOf(list...)]; taken {
			t.Errorf("%q and %q have one name", parts, other)
		}
		names[nameOf(list...)] = parts
	}
}
