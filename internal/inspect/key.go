// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"slices"
	"strings"

	"rootceremony/internal/algorithm"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// KeyDescription names the kind of key in a SubjectPublicKeyInfo:
// "ECDSA P-384", "RSA 3072", "Ed25519", or the name of its algorithm, with the
// curve where a name of one follows (RFC 5480 2.1.1).
func KeyDescription(spki []byte) string {
	if name := algorithm.Describe(publicKey(spki)); name != "" {
		return name
	}
	d := newDecoder(spki, "subjectPublicKeyInfo")
	in := d.open(casn1.SEQUENCE, "").open(casn1.SEQUENCE, "algorithm")
	name := OIDName(in.oid("algorithm"))
	switch {
	case in.at(casn1.OBJECT_IDENTIFIER):
		name += " on curve " + OIDName(in.oid("curve"))
	case name == "ecPublicKey" && in.more():
		name += " with parameters of its own in the place of a named curve"
	}
	if d.err() != nil {
		return "unreadable key"
	}
	return name
}

// Unread is why a key is not read here.
type Unread string

// Why a key is not read: only one that is malformed is wrong.
const (
	KeyMalformed  Unread = "malformed"
	KeyUnknown    Unread = "of another algorithm"
	KeyOtherCurve Unread = "on another curve"
	KeyCompressed Unread = "a compressed point" // RFC 5480 2.2 lets readers support it
)

// curvesRead are the curves of keys that are read here.
var curvesRead = []string{"P-224", "P-256", "P-384", "P-521"}

// UnreadKey says of a SubjectPublicKeyInfo, which gives no key, why.
func UnreadKey(spki []byte) Unread {
	what := KeyDescription(spki)
	curve, onCurve := strings.CutPrefix(what, "ecPublicKey")
	switch {
	case what == "unreadable key", what == "rsaEncryption", what == "Ed25519":
		return KeyMalformed
	case !onCurve:
		return KeyUnknown
	case !slices.Contains(curvesRead, strings.TrimPrefix(curve, " on curve ")):
		return KeyOtherCurve
	}
	d := newDecoder(spki, "").open(casn1.SEQUENCE, "")
	d.open(casn1.SEQUENCE, "")
	if point := d.bitOctets(""); len(point) > 0 && (point[0] == 2 || point[0] == 3) {
		return KeyCompressed
	}
	return KeyMalformed
}
