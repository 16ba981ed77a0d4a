// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package value

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"encoding/asn1"
)

// OID is an object identifier that JSON shows in dotted form.
type OID string

// Identifier gives the arcs. A profile's text was checked when it was read; a
// plan's is checked here.
func (o OID) Identifier() (asn1.ObjectIdentifier, error) {
	var id asn1.ObjectIdentifier
	for arc := range strings.SplitSeq(string(o), ".") {
		n, err := strconv.ParseUint(arc, 10, 31)
		if err != nil || strconv.FormatUint(n, 10) != arc {
			return nil, fmt.Errorf("object identifier %q is not numbers with dots", string(o))
		}
		id = append(id, int(n))
	}
	if len(id) < 2 || id[0] > 2 || id[0] < 2 && id[1] > 39 {
		return nil, fmt.Errorf("object identifier %q has an invalid first or second arc", string(o))
	}
	return id, nil
}

// HexBytes are bytes that JSON shows in lower-case hexadecimal.
type HexBytes []byte

// MarshalText gives lower-case hexadecimal.
func (h HexBytes) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(h)), nil }

// UnmarshalText reads lower-case hexadecimal.
func (h *HexBytes) UnmarshalText(b []byte) error {
	v, err := hex.DecodeString(string(b))
	if err == nil && hex.EncodeToString(v) != string(b) {
		err = fmt.Errorf("%q is not lower-case hexadecimal", b)
	}
	*h = v
	return err
}
