// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package value

import (
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// dottedOID reads the contents of an OBJECT IDENTIFIER.
func dottedOID(contents []byte) (OID, error) {
	var out []byte
	var arc uint64
	for i, c := range contents {
		if arc == 0 && c == 0x80 || arc > 1<<50 || i == len(contents)-1 && c&0x80 != 0 {
			return "", fmt.Errorf("object identifier %x is not DER", contents)
		}
		arc = arc<<7 | uint64(c&0x7f)
		if c&0x80 != 0 {
			continue
		}
		if out == nil {
			first := min(arc/40, 2)
			out = fmt.Appendf(nil, "%d.%d", first, arc-40*first)
		} else {
			out = fmt.Appendf(out, ".%d", arc)
		}
		arc = 0
	}
	if out == nil {
		return "", errors.New("an object identifier is empty")
	}
	return OID(out), nil
}

// maxDER bounds the nesting of DER that a profile carries.
const maxDER = 16

// CheckDER reports bytes that are not exactly one DER value. It follows
// constructed values, but not what an OCTET STRING or BIT STRING may hold.
func CheckDER(der []byte) error {
	s := cryptobyte.String(der)
	if !skipDER(&s, maxDER) || !s.Empty() {
		return errors.New("the bytes are not exactly one value in DER")
	}
	return nil
}

// skipDER reads over one value.
func skipDER(s *cryptobyte.String, depth int) bool {
	var contents cryptobyte.String
	var tag asn1.Tag
	if depth == 0 || !s.ReadAnyASN1(&contents, &tag) {
		return false
	}
	if tag&0x20 == 0 {
		return true
	}
	for !contents.Empty() {
		if !skipDER(&contents, depth-1) {
			return false
		}
	}
	return true
}
