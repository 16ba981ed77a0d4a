// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/asn1"
	"fmt"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Extension is one extension as it was encoded. RFC 5280 4.1.2.9.
type Extension struct {
	OID             asn1.ObjectIdentifier
	Critical        bool
	CriticalEncoded bool   // the BOOLEAN is there; with Critical false that is an encoded DEFAULT
	Value           []byte // contents of extnValue
}

// Extensions are extensions in encoded order, with typed readers. A reader
// returns present false when the extension is not there, and an error when it
// is there twice or cannot be read.
type Extensions []Extension

// Extension returns the first extension of a type and how many there are.
func (x Extensions) Extension(oid asn1.ObjectIdentifier) (first *Extension, count int) {
	for i := range x {
		if !x[i].OID.Equal(oid) {
			continue
		}
		if count++; first == nil {
			first = &x[i]
		}
	}
	return first, count
}

// reader starts a decoder on the value of the only extension of a type.
func (x Extensions) reader(oid asn1.ObjectIdentifier) (*decoder, error) {
	e, count := x.Extension(oid)
	switch {
	case count == 0:
		return nil, nil
	case count > 1:
		return nil, fmt.Errorf("extension %s appears %d times (RFC 5280 4.2)", OIDName(oid), count)
	}
	return newDecoder(e.Value, extensionName(oid)), nil
}

// read runs a walk over the value of the only extension of a type.
func read[T any](x Extensions, oid asn1.ObjectIdentifier, walk func(*decoder) T) (value T, present bool, err error) {
	d, err := x.reader(oid)
	if d == nil {
		return value, err != nil, err
	}
	value = walk(d)
	d.end()
	if d.err() != nil {
		var none T
		return none, true, d.err()
	}
	return value, true, nil
}

// extensions reads Extensions, which holds at least one.
func (d *decoder) extensions(name string) Extensions {
	list := d.open(casn1.SEQUENCE, name)
	var out Extensions
	for list.more() {
		if len(out) == maxExtensions {
			list.limit("more than %d extensions", maxExtensions)
			return nil
		}
		in, _ := list.sequence(len(out) + 1)
		e := Extension{OID: in.oid("extnID")}
		e.Critical, e.CriticalEncoded = in.boolean(casn1.BOOLEAN, "critical")
		e.Value = in.contents(casn1.OCTET_STRING, "extnValue")
		in.end()
		out = append(out, e)
	}
	if len(out) == 0 {
		list.wrong("RFC 5280 4.1, SIZE (1..MAX)", "no extension in the list")
	}
	return out
}

// below refuses lists longer than the cap.
func (d *decoder) below(n int) bool {
	if n >= maxNames {
		d.limit("more than %d elements", maxNames)
		return false
	}
	return true
}

// notEmpty refuses an empty SEQUENCE SIZE (1..MAX).
func (d *decoder) notEmpty(n int) {
	if n == 0 {
		d.fail("empty list (SIZE (1..MAX))")
	}
}
