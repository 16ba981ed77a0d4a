// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/asn1"
	"math/big"
)

// Rows of cRLNumber and deltaCRLIndicator, which are numbers.
var (
	_ = reads(known{name: "cRLNumber", oid: OIDCRLNumber, text: textNumber(OIDCRLNumber)})
	_ = reads(known{name: "deltaCRLIndicator", oid: OIDDeltaCRLIndicator, text: textNumber(OIDDeltaCRLIndicator)})
)

// CRLNumber reads cRLNumber, RFC 5280 5.2.3.
func (x Extensions) CRLNumber() (*big.Int, bool, error) { return x.number(OIDCRLNumber) }

// DeltaCRLIndicator reads deltaCRLIndicator, RFC 5280 5.2.4.
func (x Extensions) DeltaCRLIndicator() (*big.Int, bool, error) {
	return x.number(OIDDeltaCRLIndicator)
}

func (x Extensions) number(oid asn1.ObjectIdentifier) (*big.Int, bool, error) {
	return read(x, oid, func(d *decoder) *big.Int { return d.integer("") })
}

// maxNumber is how many octets of a number are still written in decimal;
// RFC 5280 5.2.3 allows 20.
const maxNumber = 32

func textNumber(oid asn1.ObjectIdentifier) func(*printer, Extensions) error {
	return func(p *printer, x Extensions) error {
		n, _, err := x.number(oid)
		switch {
		case err != nil:
			return err
		case n.BitLen() > 8*maxNumber:
			p.serial("number", n)
		default:
			p.line("number", "%s", n)
		}
		return nil
	}
}
