// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/asn1"
	"math/big"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// BasicConstraints is RFC 5280 4.2.1.9. PathLen is nil for none.
type BasicConstraints struct {
	CA        bool
	CAEncoded bool // the BOOLEAN is there; with CA false that is an encoded DEFAULT
	PathLen   *int
}

// BasicConstraints reads basicConstraints.
func (x Extensions) BasicConstraints() (BasicConstraints, bool, error) {
	return read(x, OIDBasicConstraints, func(d *decoder) BasicConstraints {
		in := d.open(casn1.SEQUENCE, "")
		var out BasicConstraints
		out.CA, out.CAEncoded = in.boolean(casn1.BOOLEAN, "cA")
		if in.more() {
			n := in.small(casn1.INTEGER, "pathLenConstraint")
			out.PathLen = &n
		}
		in.end()
		return out
	})
}

// KeyUsage is RFC 5280 4.2.1.3. Bit i of Bits is bit i of the BIT STRING, as
// in crypto/x509: digitalSignature is 1, keyCertSign 32, cRLSign 64.
type KeyUsage struct {
	Bits      uint16
	BitLength int
	Minimal   bool // no trailing zero bits (X.690 11.2.2)
}

// Names returns the names of the bits that are set, in order.
func (k KeyUsage) Names() []string {
	var out []string
	for i, name := range keyUsageNames {
		if k.Bits&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	return out
}

// KeyUsage reads keyUsage.
func (x Extensions) KeyUsage() (KeyUsage, bool, error) {
	return read(x, OIDKeyUsage, func(d *decoder) KeyUsage {
		bits := d.bitString(casn1.BIT_STRING, "")
		out := KeyUsage{BitLength: bits.BitLength, Minimal: minimalBits(bits)}
		if bits.BitLength > 16 {
			d.fail("%d bits", bits.BitLength)
			return out
		}
		for i := range bits.BitLength {
			out.Bits |= uint16(bits.At(i)) << i
		}
		return out
	})
}

func minimalBits(bits asn1.BitString) bool {
	return bits.BitLength == 0 || bits.At(bits.BitLength-1) == 1
}

// ExtKeyUsage reads extKeyUsage, RFC 5280 4.2.1.12.
func (x Extensions) ExtKeyUsage() ([]asn1.ObjectIdentifier, bool, error) {
	return read(x, OIDExtKeyUsage, (*decoder).oids)
}

// SubjectKeyID reads subjectKeyIdentifier, RFC 5280 4.2.1.2.
func (x Extensions) SubjectKeyID() ([]byte, bool, error) {
	return read(x, OIDSubjectKeyID, func(d *decoder) []byte {
		return d.contents(casn1.OCTET_STRING, "")
	})
}

// AuthorityKeyID is RFC 5280 4.2.1.1. Fields that are absent are nil.
type AuthorityKeyID struct {
	KeyID  []byte
	Issuer []byte // authorityCertIssuer with its header
	Names  []GeneralName
	Serial *big.Int
}

// AuthorityKeyID reads authorityKeyIdentifier.
func (x Extensions) AuthorityKeyID() (AuthorityKeyID, bool, error) {
	return read(x, OIDAuthorityKeyID, func(d *decoder) AuthorityKeyID {
		in := d.open(casn1.SEQUENCE, "")
		var out AuthorityKeyID
		if in.at(context(0)) {
			out.KeyID = append([]byte{}, in.contents(context(0), "keyIdentifier")...)
		}
		if in.at(constructed(1)) {
			out.Issuer = in.raw(constructed(1), "authorityCertIssuer")
			out.Names = in.over(out.Issuer, "authorityCertIssuer").generalNames(constructed(1), "")
		}
		if in.at(context(2)) {
			out.Serial = in.taggedInteger(context(2), "authorityCertSerialNumber")
		}
		in.end()
		return out
	})
}

// taggedInteger reads an implicitly tagged INTEGER.
func (d *decoder) taggedInteger(tag casn1.Tag, name string) *big.Int {
	contents := d.contents(tag, name)
	out := new(big.Int)
	if d.err() != nil {
		return out
	}
	if len(contents) == 0 || len(contents) > 1 && (contents[0] == 0 && contents[1]&0x80 == 0 ||
		contents[0] == 0xff && contents[1]&0x80 != 0) {
		d.failIn(name, "number is not minimally encoded (X.690 8.3.2)")
		return out
	}
	out.SetBytes(contents)
	if contents[0]&0x80 != 0 {
		out.Sub(out, new(big.Int).Lsh(big.NewInt(1), uint(len(contents))*8))
	}
	return out
}

// CRLNumber reads cRLNumber, RFC 5280 5.2.3.
func (x Extensions) CRLNumber() (*big.Int, bool, error) { return x.number(OIDCRLNumber) }

// DeltaCRLIndicator reads deltaCRLIndicator, RFC 5280 5.2.4.
func (x Extensions) DeltaCRLIndicator() (*big.Int, bool, error) {
	return x.number(OIDDeltaCRLIndicator)
}

func (x Extensions) number(oid asn1.ObjectIdentifier) (*big.Int, bool, error) {
	return read(x, oid, func(d *decoder) *big.Int { return d.integer("") })
}

// InvalidityDate reads invalidityDate of a CRL entry, RFC 5280 5.3.2.
func (x Extensions) InvalidityDate() (Time, bool, error) {
	return read(x, OIDInvalidityDate, func(d *decoder) Time { return d.generalized("") })
}
