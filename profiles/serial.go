// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"regexp"
	"strings"
)

// Serial is the serial number of a certificate that a CRL or a response speaks
// about: lower-case hexadecimal without leading zeros, or a reference to a
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

var serialHex = regexp.MustCompile(`^([1-9a-f][0-9a-f]{0,38}|[1-7][0-9a-f]{39})$`)

// valid reports whether it is a number of at most 20 octets or a reference.
func (s Serial) valid() bool {
	_, refers := s.Artifact()
	return refers || serialHex.MatchString(string(s))
}
