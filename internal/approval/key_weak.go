// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"crypto/ed25519"
	"encoding/hex"
	"slices"

	"golang.org/x/crypto/ssh"
)

// smallOrder are the points of edwards25519 whose order is 1, 2, 4 or 8, in all encodings
// but for the bit of the sign. RFC 8032 lets them be public keys, and so do crypto/ed25519
// and OpenSSH; under each anybody can sign some texts, and any text after a few tries.
var smallOrder = []string{
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
}

// ofAnybody reports whether anybody can sign under a key, without its private half.
func ofAnybody(key ssh.PublicKey) bool {
	if t := key.Type(); t != ssh.KeyAlgoED25519 && t != ssh.KeyAlgoSKED25519 {
		return false
	}
	var fields struct {
		Type, Point string
		Rest        []byte `ssh:"rest"`
	}
	if err := ssh.Unmarshal(key.Marshal(), &fields); err != nil || len(fields.Point) != ed25519.PublicKeySize {
		return true // which no reader of keys takes
	}
	point := []byte(fields.Point)
	point[len(point)-1] &= 0x7f
	return slices.Contains(smallOrder, hex.EncodeToString(point))
}
