// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"slices"
	"testing"
)

// No octet of what is signed can differ from what was declared without a
// finding that blocks, even if the issuer signed it. The octets of a serial
// number are random, and only their number is declared.
func TestEveryOctet(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	l := newLinter(t)
	w := newHierarchy(t)
	for name, m := range map[string]*made{"root": w.root, "issuing": w.e1, "delegate": w.delegate, "cross": w.cross, "revoking": w.revoking, "request": w.request} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			by := w.root
			if m == w.root || m == w.request {
				by = nil
			}
			for i := range m.tbs {
				if m.cert != nil && inside(m.tbs, m.cert.Serial.Bytes(), i) {
					continue
				}
				tbs := slices.Clone(m.tbs)
				tbs[i] ^= 1
				if r := resign(t, m, by, tbs).check(l); len(r.Blocking()) == 0 {
					t.Errorf("octet %d may be %02x instead of %02x", i, tbs[i], m.tbs[i])
				}
			}
		})
	}
	t.Run("response", func(t *testing.T) {
		t.Parallel()
		m := w.response
		for i := range m.tbs {
			tbs := slices.Clone(m.tbs)
			tbs[i] ^= 1
			if r := reanswer(t, m, w, tbs).check(l); len(r.Blocking()) == 0 {
				t.Errorf("octet %d may be %02x instead of %02x", i, tbs[i], m.tbs[i])
			}
		}
	})
}

// inside reports whether octet i of b belongs to the first place where part is.
func inside(b, part []byte, i int) bool {
	at := bytes.Index(b, part)
	return at >= 0 && i >= at && i < at+len(part)
}
