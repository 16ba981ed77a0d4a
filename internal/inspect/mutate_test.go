// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"bytes"
	"testing"
)

// TestBytesChanged changes every fifth byte of each object by one bit. Nothing
// may panic, and what is still read is still dumped.
func TestBytesChanged(t *testing.T) {
	for _, name := range objects(t) {
		der := load(t, name)
		for i := 0; i < len(der); i += 5 {
			changed := bytes.Clone(der)
			changed[i] ^= 1 << (i % 8)
			mustDump(t, name, i, changed)
		}
	}
}

// mustDump expects a dump of everything that both parsers read.
func mustDump(t *testing.T, name string, at int, der []byte) {
	t.Helper()
	var err error
	switch Guess(der) {
	case KindCertificate:
		_, err = ParseCertificate(der)
	case KindCRL:
		_, err = ParseRevocationList(der)
	case KindRequest:
		_, err = ParseRequest(der)
	case KindResponse:
		_, err = ParseResponse(der)
	default:
		return
	}
	if dumped := dump(t, der); err == nil && !dumped {
		t.Errorf("%s with byte %d changed is read but not dumped", name, at)
	}
}
