// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"crypto/sha256"
	_ "crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"

	"github.com/gowebpki/jcs"

	"rootceremony/transcripts/event"
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

// Decode reads plan.json strictly. Whether it is the plan of a ceremony file, only
// planning again can tell.
func Decode(stored []byte) (*Plan, error) {
	var p Plan
	return &p, event.DecodeStrict(stored, &p)
}

// DecodeSite reads site.json strictly: it has one spelling, that of RFC 8785, because
// nothing in a bundle can make it again.
func DecodeSite(stored []byte) (*Site, error) {
	var s Site
	if err := event.DecodeStrict(stored, &s); err != nil {
		return nil, err
	}
	again, err := s.Canonical()
	if err == nil && !bytes.Equal(again, stored) {
		err = errors.New("not in canonical form (RFC 8785), or a key is misspelled")
	}
	return &s, err
}
