// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"slices"
	"strings"
)

// Ref is what an artifact of a plan says of something that the ceremony brings
// or that was read. Plan.json has it as "key:ID", "key:ID.spki", "cert:ID",
// "cert:ID.serial", "crl:ID", "input:ID", "input:ID.spki" or "self". It is no
// text, so that none of these words comes onto a screen: [Ref.String] says it
// for people. The zero Ref is none.
type Ref struct {
	what refWhat
	id   string
	part refPart
}

// refWhat is what a reference is to.
type refWhat string

const (
	refSelf    refWhat = "self"
	refKey     refWhat = "key"
	refCert    refWhat = "cert"
	refCRL     refWhat = "crl"
	refInput   refWhat = "input"
	refUnbound refWhat = "lost" // to a certificate that could not be bound
)

// refPart is what of it is meant.
type refPart string

const (
	refSPKI   refPart = "spki"
	refSerial refPart = "serial"
)

// Self is the issuer of what signs itself.
func Self() Ref { return Ref{what: refSelf} }

// KeyRef is to a key of the plan.
func KeyRef(id string) Ref { return Ref{what: refKey, id: id} }

// CertRef is to a certificate that the ceremony signs.
func CertRef(artifact string) Ref { return Ref{what: refCert, id: artifact} }

// CRLRef is to a CRL that the ceremony signs.
func CRLRef(artifact string) Ref { return Ref{what: refCRL, id: artifact} }

// InputRef is to an input.
func InputRef(id string) Ref { return Ref{what: refInput, id: id} }

// SPKI is the public key of what a reference is to.
func (r Ref) SPKI() Ref { return Ref{r.what, r.id, refSPKI} }

// Serial is the serial number of the certificate that a reference is to.
func (r Ref) Serial() Ref { return Ref{r.what, r.id, refSerial} }

// ID is the name of what a reference is to, in the ceremony file.
func (r Ref) ID() string { return r.id }

// IsSelf reports whether it is [Self].
func (r Ref) IsSelf() bool { return r.what == refSelf }

// IsInput reports whether it is to an input.
func (r Ref) IsInput() bool { return r.what == refInput }

// isKey reports whether it is to a key of the plan.
func (r Ref) isKey() bool { return r.what == refKey }

// IsZero reports whether it is to nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

// refWords say for people what a reference is to.
var refWords = map[refWhat]string{refKey: "key", refCert: "certificate", refCRL: "CRL", refInput: "input"}

// String says it for people.
func (r Ref) String() string {
	switch {
	case r.IsZero():
		return ""
	case r.IsSelf():
		return "itself"
	case r.what == refUnbound:
		return "a missing certificate"
	}
	s := refWords[r.what] + " " + r.id
	return map[refPart]string{"": "", refSPKI: "public key of ", refSerial: "serial number of "}[r.part] + s
}

// MarshalText gives the word of plan.json.
func (r Ref) MarshalText() ([]byte, error) {
	s := string(r.what)
	if r.id != "" {
		s += ":" + r.id
	}
	if r.part != "" {
		s += "." + string(r.part)
	}
	return []byte(s), nil
}

// UnmarshalText reads a word of plan.json.
func (r *Ref) UnmarshalText(text []byte) error {
	what, rest, _ := strings.Cut(string(text), ":")
	id, part, _ := strings.Cut(rest, ".")
	*r = Ref{refWhat(what), id, refPart(part)}
	again, err := r.MarshalText()
	known := refWords[r.what] != "" && id != "" && slices.Contains([]refPart{"", refSPKI, refSerial}, r.part)
	if err != nil || string(again) != string(text) || !known && *r != Self() && !r.IsZero() {
		return fmt.Errorf("%q is not a plan reference", text)
	}
	return nil
}
