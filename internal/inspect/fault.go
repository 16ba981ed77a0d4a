// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import "errors"

// Fault is what an object has against its ASN.1 module or DER, or that the second
// parser does not read it: it can be understood all the same.
type Fault struct {
	Clause string // what it is against; "" where no document says so
	Text   string
	// Unsupported says that it is none: the second parser does not support what is in it.
	Unsupported bool
}

// Malformed says that an object is not what its ASN.1 module has, in DER.
type Malformed struct{ Fault }

// Error gives the text and, where it names one, the clause.
func (m *Malformed) Error() string {
	if m.Clause == "" {
		return m.Text
	}
	return m.Text + " (" + m.Clause + ")"
}

// modules are where the ASN.1 of an object is defined.
var modules = map[string]string{
	KindCertificate: "RFC 5280 4.1", KindCRL: "RFC 5280 5.1", KindRequest: "RFC 2986 4", KindResponse: "RFC 6960 4.2.1",
}

// FaultOf says what is against which document in an error of [Parse] or
// [ParseForeign], for an object of a kind.
func FaultOf(kind string, err error) Fault {
	var m *Malformed
	if !errors.As(err, &m) || m.Fault.Text == "" {
		return Fault{Text: err.Error()}
	}
	if m.Clause == "" {
		return Fault{Clause: modules[kind], Text: err.Error()}
	}
	return m.Fault
}

// ParseForeign reads an object that somebody else made, as far as it can be
// understood, and says what is wrong with it. Where the second parser refuses it, it was
// read by one parser alone.
func ParseForeign(kind string, der []byte) (Object, []Fault, error) {
	faults := []Fault{}
	o, err := parse(kind, der, &faults)
	if err != nil {
		return nil, nil, err
	}
	return o, faults, nil
}

// forgive takes what the second parser says for a fault, where a walk forgives and found
// none itself: it refuses the same.
func forgive(err error, faults *[]Fault) error {
	if err == nil || faults == nil {
		return err
	}
	if len(*faults) == 0 {
		var limit *UnsupportedError
		*faults = append(*faults, Fault{Text: err.Error(), Unsupported: errors.As(err, &limit)})
	}
	return nil
}
