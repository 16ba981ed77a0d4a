// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"encoding/json"
)

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
