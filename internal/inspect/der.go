// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/asn1"
	"fmt"
	"math/big"
	"strconv"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Caps on what is read. Real objects stay far below them.
const (
	maxObject     = 1 << 20  // certificate, request, OCSP response
	maxList       = 16 << 20 // CRL read as a whole; see scanList
	maxExtensions = 256
	maxRDNs       = 256
	maxNames      = 10_000 // names, subtrees or policies in one extension
	maxSingles    = 100
	maxEmbedded   = 32 // certificates in an OCSP response
	maxFaults     = 100
)

// state is how far a walk came.
type state struct {
	err    error
	faults *[]Fault // what it went on over; nil for a walk that forgives nothing
}

// decoder walks DER. The first failure stays and turns all later reads into
// no-ops, so that a walk reads like the ASN.1 it follows; the caller checks
// failed once, at the end.
type decoder struct {
	rest   cryptobyte.String
	name   string
	index  int // of an element of a list, from 1; 0 for none
	parent *decoder
	state  *state
}

func newDecoder(der []byte, name string) *decoder { return forgiving(der, name, nil) }

// forgiving starts a decoder that goes on over faults, and notes them.
func forgiving(der []byte, name string, faults *[]Fault) *decoder {
	return &decoder{rest: der, name: name, state: &state{faults: faults}}
}

// over starts a decoder on bytes that were already read, as with an
// OCTET STRING that holds DER.
func (d *decoder) over(der []byte, name string) *decoder {
	return &decoder{rest: der, name: name, parent: d, state: d.state}
}

func (d *decoder) err() error { return d.state.err }

func (d *decoder) path() string {
	name := d.name
	if d.index > 0 {
		name += "[" + strconv.Itoa(d.index) + "]"
	}
	if d.parent == nil {
		return name
	}
	if name == "" || d.name == "" {
		return d.parent.path() + name
	}
	return d.parent.path() + "." + name
}

func (d *decoder) fail(format string, args ...any) { d.failBy("", format, args...) }

func (d *decoder) failBy(clause, format string, args ...any) {
	if d.state.err == nil {
		d.state.err = &Malformed{Fault{Clause: clause, Text: d.path() + ": " + fmt.Sprintf(format, args...)}}
	}
}

// wrong is what a walk that forgives goes on over.
func (d *decoder) wrong(clause, format string, args ...any) {
	if d.state.faults == nil {
		d.failBy(clause, format, args...)
		return
	}
	if d.state.err == nil && len(*d.state.faults) < maxFaults {
		*d.state.faults = append(*d.state.faults, Fault{Clause: clause, Text: d.path() + ": " + fmt.Sprintf(format, args...)})
	}
}

// limit refuses what is more than is read here, which nothing forbids.
func (d *decoder) limit(format string, args ...any) {
	if d.state.err == nil {
		d.state.err = fmt.Errorf("%s: %s", d.path(), fmt.Sprintf(format, args...))
	}
}

func (d *decoder) in(name string) *decoder { return &decoder{name: name, parent: d, state: d.state} }

func (d *decoder) failIn(name, format string, args ...any) { d.in(name).fail(format, args...) }

// more reports whether there is something left to read.
func (d *decoder) more() bool { return d.state.err == nil && !d.rest.Empty() }

// end refuses trailing data.
func (d *decoder) end() {
	if d.more() {
		d.fail("%d bytes of trailing data", len(d.rest))
	}
}

// at reports whether the next element has the tag.
func (d *decoder) at(tag casn1.Tag) bool { return d.state.err == nil && d.rest.PeekASN1Tag(tag) }

// open reads an element and returns a decoder of its contents.
func (d *decoder) open(tag casn1.Tag, name string) *decoder {
	return d.enter(tag, &decoder{name: name, parent: d, state: d.state})
}

func (d *decoder) enter(tag casn1.Tag, sub *decoder) *decoder {
	if d.state.err == nil && !d.rest.ReadASN1(&sub.rest, tag) {
		sub.fail("expected %s in DER", tagName(tag))
	}
	return sub
}

// item is open for the n-th element of a list, n from 1.
func (d *decoder) item(tag casn1.Tag, n int) *decoder {
	return d.enter(tag, &decoder{index: n, parent: d, state: d.state})
}

// sequence is item for a SEQUENCE that also returns the element with its header.
func (d *decoder) sequence(n int) (sub *decoder, raw []byte) {
	before := d.rest
	sub = d.item(casn1.SEQUENCE, n)
	return sub, before[:len(before)-len(d.rest)]
}

// raw reads an element with its header.
func (d *decoder) raw(tag casn1.Tag, name string) []byte {
	var out cryptobyte.String
	if d.state.err == nil && !d.rest.ReadASN1Element(&out, tag) {
		d.failIn(name, "expected %s in DER", tagName(tag))
	}
	return out
}

// any reads the next element.
func (d *decoder) any(name string) (tag casn1.Tag, contents, raw []byte) {
	if d.state.err != nil {
		return 0, nil, nil
	}
	var element, inner cryptobyte.String
	if !d.rest.ReadAnyASN1Element(&element, &tag) {
		d.failIn(name, "expected an element in DER")
		return 0, nil, nil
	}
	whole := element
	if !element.ReadAnyASN1(&inner, &tag) {
		d.failIn(name, "expected an element in DER")
	}
	return tag, inner, whole
}

func (d *decoder) contents(tag casn1.Tag, name string) []byte {
	return d.open(tag, name).rest
}

func (d *decoder) oid(name string) asn1.ObjectIdentifier {
	var out asn1.ObjectIdentifier
	before := d.rest
	if d.state.err != nil || d.rest.ReadASN1ObjectIdentifier(&out) {
		return out
	}
	d.rest = before
	if contents := d.contents(casn1.OBJECT_IDENTIFIER, name); d.state.err == nil && ArcsFault(contents) == "" {
		d.in(name).limit("an object identifier with an arc of more than 31 bits, which is not supported here")
	}
	d.failIn(name, "expected OBJECT IDENTIFIER in DER")
	return nil
}

// ArcsFault says what is wrong with the contents of an OBJECT IDENTIFIER: each of its arcs is
// in as few octets as it needs (X.690 8.19.2), of any size; "" where nothing is.
func ArcsFault(contents []byte) string {
	begins := true
	for _, b := range contents {
		if begins && b == 0x80 {
			return "with an arc that is not minimal"
		}
		begins = b < 0x80
	}
	if !begins || len(contents) == 0 {
		return "that is empty or cut off"
	}
	return ""
}

func (d *decoder) integer(name string) *big.Int {
	out, before := new(big.Int), d.rest
	if d.state.err != nil || d.rest.ReadASN1Integer(out) {
		return out
	}
	d.rest = before
	contents := d.contents(casn1.INTEGER, name)
	if len(contents) == 0 {
		d.failIn(name, "expected INTEGER in DER")
		return out
	}
	d.in(name).wrong("X.690 8.3.2", "an INTEGER that is not minimally encoded")
	if out.SetBytes(contents); contents[0]&0x80 != 0 {
		out.Sub(out, new(big.Int).Lsh(big.NewInt(1), uint(8*len(contents))))
	}
	return out
}

// small reads a non-negative INTEGER or ENUMERATED that fits into 31 bits.
func (d *decoder) small(tag casn1.Tag, name string) int {
	contents := d.contents(tag, name)
	if d.state.err != nil {
		return 0
	}
	switch n := len(contents); {
	case n == 0 || n > 4 || contents[0]&0x80 != 0:
		d.failIn(name, "expected a number from 0 to 2^31-1")
	case n > 1 && contents[0] == 0 && contents[1]&0x80 == 0:
		d.in(name).failBy("X.690 8.3.2", "number is not minimally encoded")
	}
	out := 0
	for _, b := range contents[:min(len(contents), 4)] {
		out = out<<8 | int(b)
	}
	return out
}

// boolean reads BOOLEAN DEFAULT FALSE; encoded tells whether it was there.
func (d *decoder) boolean(tag casn1.Tag, name string) (value, encoded bool) {
	if !d.at(tag) {
		return false, false
	}
	contents := d.contents(tag, name)
	switch {
	case d.state.err != nil:
	case len(contents) != 1:
		d.in(name).failBy("X.690 8.2.1", "BOOLEAN of %d octets", len(contents))
	case contents[0] != 0 && contents[0] != 0xff:
		d.in(name).wrong("X.690 11.1", "BOOLEAN is neither 00 nor FF")
	}
	return d.state.err == nil && contents[0] != 0, true
}

// bitString reads a BIT STRING under any tag.
func (d *decoder) bitString(tag casn1.Tag, name string) asn1.BitString {
	contents := d.contents(tag, name)
	if d.state.err != nil {
		return asn1.BitString{}
	}
	if len(contents) == 0 {
		d.failIn(name, "BIT STRING without its first octet")
		return asn1.BitString{}
	}
	pad, octets := int(contents[0]), contents[1:]
	if pad > 7 || len(octets) == 0 && pad != 0 || pad > 0 && octets[len(octets)-1]&(1<<pad-1) != 0 {
		d.in(name).failBy("X.690 11.2", "BIT STRING with bad padding")
		return asn1.BitString{}
	}
	return asn1.BitString{Bytes: octets, BitLength: len(octets)*8 - pad}
}

// bitOctets reads a BIT STRING of whole octets, as keys and signatures are.
func (d *decoder) bitOctets(name string) []byte {
	bits := d.bitString(casn1.BIT_STRING, name)
	if bits.BitLength%8 != 0 {
		d.failIn(name, "BIT STRING of %d bits is not whole octets", bits.BitLength)
	}
	return bits.Bytes
}

// algorithm reads an AlgorithmIdentifier and returns its DER.
// RFC 5280 4.1.1.2.
func (d *decoder) algorithm(name string) []byte {
	der := d.raw(casn1.SEQUENCE, name)
	if d.state.err != nil {
		return nil
	}
	in := d.over(der, name).open(casn1.SEQUENCE, "")
	in.oid("algorithm")
	if in.more() {
		in.any("parameters")
	}
	in.end()
	return der
}

func context(n uint8) casn1.Tag     { return casn1.Tag(n).ContextSpecific() }
func constructed(n uint8) casn1.Tag { return context(n).Constructed() }
