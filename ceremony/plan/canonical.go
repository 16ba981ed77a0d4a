// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"crypto/sha256"
	_ "crypto/sha512"
	"encoding/hex"
	"encoding/json"

	"github.com/gowebpki/jcs"
)

// CanonicalJSON gives RFC 8785 bytes.
func CanonicalJSON(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return jcs.Transform(raw)
}

// SHA256Hex gives a SHA-256 in lower-case hexadecimal.
func SHA256Hex(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Decode reads plan.json strictly.
func Decode(stored []byte) (*Plan, error) {
	var p Plan
	return &p, decodeKnown(stored, &p)
}

// DecodeSite reads site.json strictly.
func DecodeSite(stored []byte) (*Site, error) {
	var s Site
	return &s, decodeKnown(stored, &s)
}

// decodeKnown reads JSON without unknown keys.
func decodeKnown(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
