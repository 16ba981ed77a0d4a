// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/asn1"
	"fmt"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// The reader of issuingDistributionPoint, RFC 5280 5.2.5.
var _ = reads(known{
	name: "issuingDistributionPoint", oid: OIDIssuingDistributionPoint,
	text: textIssuingPoint,
	said: canonicalIssuingPoint,
})

// Flag is a BOOLEAN DEFAULT FALSE: its value, and whether it is encoded.
type Flag struct{ Value, Encoded bool }

// IssuingDistributionPoint is RFC 5280 5.2.5.
type IssuingDistributionPoint struct {
	HasName                    bool
	FullNames                  []GeneralName
	Relative                   bool
	OnlyContainsUserCerts      Flag
	OnlyContainsCACerts        Flag
	OnlyContainsAttributeCerts Flag
	IndirectCRL                Flag
	HasReasons                 bool
	OnlySomeReasons            asn1.BitString
}

// IssuingDistributionPoint reads issuingDistributionPoint.
func (x Extensions) IssuingDistributionPoint() (IssuingDistributionPoint, bool, error) {
	return read(x, OIDIssuingDistributionPoint, func(d *decoder) IssuingDistributionPoint {
		in := d.open(casn1.SEQUENCE, "")
		var out IssuingDistributionPoint
		if out.HasName = in.at(constructed(0)); out.HasName {
			out.FullNames, out.Relative = in.pointName()
		}
		out.OnlyContainsUserCerts = in.flag(1, "onlyContainsUserCerts")
		out.OnlyContainsCACerts = in.flag(2, "onlyContainsCACerts")
		if out.HasReasons = in.at(context(3)); out.HasReasons {
			out.OnlySomeReasons = in.bitString(context(3), "onlySomeReasons")
		}
		out.IndirectCRL = in.flag(4, "indirectCRL")
		out.OnlyContainsAttributeCerts = in.flag(5, "onlyContainsAttributeCerts")
		in.end()
		return out
	})
}

func (d *decoder) flag(n uint8, name string) Flag {
	value, encoded := d.boolean(context(n), name)
	return Flag{value, encoded}
}

func textIssuingPoint(p *printer, x Extensions) error {
	v, _, err := x.IssuingDistributionPoint()
	if err != nil {
		return err
	}
	p.pointName(v.HasName, v.Relative, v.FullNames)
	p.flag("only user certificates", v.OnlyContainsUserCerts)
	p.flag("only CA certificates", v.OnlyContainsCACerts)
	if v.HasReasons {
		p.bits("only some reasons", v.OnlySomeReasons)
	}
	p.flag("indirect CRL", v.IndirectCRL)
	p.flag("only attribute certificates", v.OnlyContainsAttributeCerts)
	return nil
}

func (p *printer) flag(label string, f Flag) {
	switch {
	case f.Value:
		p.line(label, "TRUE")
	case f.Encoded:
		p.line(label, "FALSE (an encoded DEFAULT)")
	}
}

func canonicalIssuingPoint(x Extensions) (string, error) {
	v, _, err := x.IssuingDistributionPoint()
	return fmt.Sprint(URIs(v.FullNames), v.OnlyContainsUserCerts.Value, v.OnlyContainsCACerts.Value), err
}
