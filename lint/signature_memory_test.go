// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import "testing"

// TestVerifySignature guards against a signature that is taken for one that verified: of
// the same bytes in other parts, and with one of them changed.
func TestVerifySignature(t *testing.T) {
	w := newHierarchy(t)
	root, e1 := w.root.cert, w.e1.cert
	parts := [][]byte{root.RawSPKI, e1.OuterAlgorithm, e1.RawTBS, e1.Signature}
	for range 2 { // the second time from memory
		if err := verifySignature(parts[0], parts[1], parts[2], parts[3]); err != nil {
			t.Fatal(err)
		}
		for i := range parts {
			other := append([][]byte{}, parts...)
			other[i] = append([]byte{}, parts[i]...)
			other[i][len(other[i])-1] ^= 1
			if verifySignature(other[0], other[1], other[2], other[3]) == nil {
				t.Errorf("part %d changed: it verifies", i)
			}
		}
		joined := append(append([]byte{}, parts[2]...), parts[3]...)
		if verifySignature(parts[0], parts[1], joined, nil) == nil || verifySignature(nil, append(append([]byte{}, parts[0]...), parts[1]...), parts[2], parts[3]) == nil {
			t.Error("the same bytes in other parts: it verifies")
		}
	}
}
