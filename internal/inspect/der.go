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
	maxList       = 16 << 20 // CRL read as a whole; see ScanRevocationList
	maxExtensions = 256
	maxRDNs       = 256
	maxNames      = 10_000 // names, subtrees or policies in one extension
	maxSingles    = 100
	maxEmbedded   = 32 // certificates in an OCSP response
)

// decoder walks DER. The first failure stays and turns all later reads into
// no-ops, so that a walk reads like the ASN.1 it follows; the caller checks
// failed once, at the end.
type decoder struct {
	rest   cryptobyte.String
	name   string
	index  int // of an element of a list, from 1; 0 for none
	parent *decoder
	failed *error
}

func newDecoder(der []byte, name string) *decoder {
	return &decoder{rest: der, name: name, failed: new(error)}
}

// over starts a decoder on bytes that were already read, as with an
// OCTET STRING that holds DER.
func (d *decoder) over(der []byte, name string) *decoder {
	return &decoder{rest: der, name: name, parent: d, failed: d.failed}
}

func (d *decoder) err() error { return *d.failed }

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

func (d *decoder) fail(format string, args ...any) {
	if *d.failed == nil {
		*d.failed = fmt.Errorf("%s: %s", d.path(), fmt.Sprintf(format, args...))
	}
}

func (d *decoder) failIn(name, format string, args ...any) {
	(&decoder{name: name, parent: d, failed: d.failed}).fail(format, args...)
}

// more reports whether there is something left to read.
func (d *decoder) more() bool { return *d.failed == nil && !d.rest.Empty() }

// end refuses trailing data.
func (d *decoder) end() {
	if d.more() {
		d.fail("%d bytes of trailing data", len(d.rest))
	}
}

// at reports whether the next element has the tag.
func (d *decoder) at(tag casn1.Tag) bool { return *d.failed == nil && d.rest.PeekASN1Tag(tag) }

// open reads an element and returns a decoder of its contents.
func (d *decoder) open(tag casn1.Tag, name string) *decoder {
	return d.enter(tag, &decoder{name: name, parent: d, failed: d.failed})
}

func (d *decoder) enter(tag casn1.Tag, sub *decoder) *decoder {
	if *d.failed == nil && !d.rest.ReadASN1(&sub.rest, tag) {
		sub.fail("expected %s in DER", tagName(tag))
	}
	return sub
}

// item is open for the n-th element of a list, n from 1.
func (d *decoder) item(tag casn1.Tag, n int) *decoder {
	return d.enter(tag, &decoder{index: n, parent: d, failed: d.failed})
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
	if *d.failed == nil && !d.rest.ReadASN1Element(&out, tag) {
		d.failIn(name, "expected %s in DER", tagName(tag))
	}
	return out
}

// any reads the next element.
func (d *decoder) any(name string) (tag casn1.Tag, contents, raw []byte) {
	if *d.failed != nil {
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
	if *d.failed == nil && !d.rest.ReadASN1ObjectIdentifier(&out) {
		d.failIn(name, "expected OBJECT IDENTIFIER in DER")
	}
	return out
}

func (d *decoder) integer(name string) *big.Int {
	out := new(big.Int)
	if *d.failed == nil && !d.rest.ReadASN1Integer(out) {
		d.failIn(name, "expected INTEGER in DER")
	}
	return out
}

// small reads a non-negative INTEGER or ENUMERATED that fits into 31 bits.
func (d *decoder) small(tag casn1.Tag, name string) int {
	contents := d.contents(tag, name)
	if *d.failed != nil {
		return 0
	}
	switch n := len(contents); {
	case n == 0 || n > 4 || contents[0]&0x80 != 0:
		d.failIn(name, "expected a number from 0 to 2^31-1")
	case n > 1 && contents[0] == 0 && contents[1]&0x80 == 0:
		d.failIn(name, "number is not minimally encoded (X.690 8.3.2)")
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
	if *d.failed == nil && (len(contents) != 1 || contents[0] != 0 && contents[0] != 0xff) {
		d.failIn(name, "BOOLEAN is neither 00 nor FF (X.690 11.1)")
		return false, true
	}
	return len(contents) == 1 && contents[0] == 0xff, true
}

// bitString reads a BIT STRING under any tag.
func (d *decoder) bitString(tag casn1.Tag, name string) asn1.BitString {
	contents := d.contents(tag, name)
	if *d.failed != nil {
		return asn1.BitString{}
	}
	if len(contents) == 0 {
		d.failIn(name, "BIT STRING without its first octet")
		return asn1.BitString{}
	}
	pad, octets := int(contents[0]), contents[1:]
	if pad > 7 || len(octets) == 0 && pad != 0 || pad > 0 && octets[len(octets)-1]&(1<<pad-1) != 0 {
		d.failIn(name, "BIT STRING with bad padding (X.690 11.2)")
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
	if *d.failed != nil {
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
