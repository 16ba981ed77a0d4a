// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

// TestKeyOfAnybody guards a policy against a public key under which anybody can sign: it
// looks like any other, and whoever gave it can say that it was somebody else.
func TestKeyOfAnybody(t *testing.T) {
	for name, point := range map[string][]byte{
		"order 1":                    append([]byte{1}, make([]byte, 31)...),
		"order 1, with a sign":       append(append([]byte{1}, make([]byte, 30)...), 0x80),
		"order 2":                    append(append([]byte{0xec}, bytes.Repeat([]byte{0xff}, 30)...), 0x7f),
		"order 4":                    make([]byte, 32),
		"order 4, with a sign":       append(make([]byte, 31), 0x80),
		"order 1, spelled otherwise": append(append([]byte{0xee}, bytes.Repeat([]byte{0xff}, 30)...), 0x7f),
		"order 8":                    unhex(t, "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
		"order 8, the other":         unhex(t, "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
	} {
		for _, format := range []string{ssh.KeyAlgoED25519, ssh.KeyAlgoSKED25519} {
			raw := ssh.Marshal(struct{ Type, Key string }{format, string(point)})
			if format == ssh.KeyAlgoSKED25519 {
				raw = ssh.Marshal(struct{ Type, Key, Application string }{format, string(point), application})
			}
			public, err := ssh.ParsePublicKey(raw)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := ParsePublicKey(PublicKey{public}.String()); err == nil || !strings.Contains(err.Error(), "anybody can sign under it") {
				t.Errorf("%s, %s: %v", name, format, err)
			}
			if format == ssh.KeyAlgoED25519 && !signedByNobody(public) {
				t.Errorf("%s: nobody can sign under it, so there is no reason to refuse it", name)
			}
		}
	}
}

// signedByNobody reports whether one of some texts has a signature that needs no private
// key: R is the neutral element and S is 0, which verifies where the order of the public
// key divides what is hashed (RFC 8032 5.1.7).
func signedByNobody(public ssh.PublicKey) bool {
	nobody := &ssh.Signature{Format: ssh.KeyAlgoED25519, Blob: append([]byte{1}, make([]byte, ed25519.SignatureSize-1)...)}
	for i := range 200 {
		if public.Verify([]byte{byte(i)}, nobody) == nil {
			return true
		}
	}
	return false
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	data, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
