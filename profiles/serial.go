// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"math/big"
	"regexp"
	"strings"
)

// Serial is the serial number of a certificate that a CRL or a response speaks
// about: lower-case hexadecimal without leading zeros, with a minus sign where an old
// tool issued a negative one (RFC 5280 4.1.2.2), or a reference to a
// certificate of the same ceremony, whose number is drawn only there. In JSON a
// reference is "cert:ARTIFACT.serial"; on a screen it is what String gives.
type Serial string

const (
	serialOf  = "cert:"
	serialEnd = ".serial"
)

// SerialOf refers to the certificate that is an artifact.
func SerialOf(artifact string) Serial { return Serial(serialOf + artifact + serialEnd) }

// Artifact gives the artifact that it refers to, if it does.
func (s Serial) Artifact() (string, bool) {
	name, ok := strings.CutPrefix(string(s), serialOf)
	if !ok {
		return "", false
	}
	name, ok = strings.CutSuffix(name, serialEnd)
	return name, ok && name != ""
}

// String says it for people.
func (s Serial) String() string {
	if name, ok := s.Artifact(); ok {
		return "serial number of " + name
	}
	return string(s)
}

// LongestSerial is the octets of the longest serial number that is read. RFC 5280
// 4.1.2.2 lets CAs use 20, and some have used more.
const LongestSerial = 64

var serialHex = regexp.MustCompile(`^(0|-?[1-9a-f][0-9a-f]{0,127})$`)

// SerialFromHex reads a serial number as people copy it from other tools: digits in
// either case, with leading zeros or without.
func SerialFromHex(text string) (Serial, bool) {
	n, ok := new(big.Int).SetString(text, 16)
	if !ok || strings.HasPrefix(text, "+") || strings.Contains(text, "_") {
		return "", false
	}
	s := Serial(n.Text(16))
	return s, s.valid()
}

// valid reports whether it is a number that a certificate may have, though none of
// ours would, or a reference.
func (s Serial) valid() bool {
	_, refers := s.Artifact()
	return refers || serialHex.MatchString(string(s))
}
