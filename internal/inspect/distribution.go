// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/asn1"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// DistributionPoint is RFC 5280 4.2.1.13.
type DistributionPoint struct {
	HasName      bool
	FullNames    []GeneralName
	Relative     bool // the name is relative to the CRL issuer
	HasReasons   bool
	Reasons      asn1.BitString
	HasCRLIssuer bool
	CRLIssuer    []GeneralName
}

// CRLDistributionPoints reads cRLDistributionPoints.
func (x Extensions) CRLDistributionPoints() ([]DistributionPoint, bool, error) {
	return read(x, OIDCRLDistributionPoints, (*decoder).distributionPoints)
}

// FreshestCRL reads freshestCRL, RFC 5280 4.2.1.15 and 5.2.6.
func (x Extensions) FreshestCRL() ([]DistributionPoint, bool, error) {
	return read(x, OIDFreshestCRL, (*decoder).distributionPoints)
}

func (d *decoder) distributionPoints() []DistributionPoint {
	list := d.open(casn1.SEQUENCE, "")
	var out []DistributionPoint
	for list.more() && list.below(len(out)) {
		in := list.item(casn1.SEQUENCE, len(out)+1)
		var p DistributionPoint
		if p.HasName = in.at(constructed(0)); p.HasName {
			p.FullNames, p.Relative = in.pointName()
		}
		if p.HasReasons = in.at(context(1)); p.HasReasons {
			p.Reasons = in.bitString(context(1), "reasons")
		}
		if p.HasCRLIssuer = in.at(constructed(2)); p.HasCRLIssuer {
			p.CRLIssuer = in.generalNames(constructed(2), "cRLIssuer")
		}
		in.end()
		out = append(out, p)
	}
	list.notEmpty(len(out))
	return out
}

// pointName reads DistributionPointName below its explicit tag.
func (d *decoder) pointName() (full []GeneralName, relative bool) {
	in := d.open(constructed(0), "distributionPoint")
	if in.at(constructed(1)) {
		in.open(constructed(1), "nameRelativeToCRLIssuer").relativeName()
		in.end()
		return nil, true
	}
	full = in.generalNames(constructed(0), "fullName")
	in.end()
	return full, false
}

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

// AccessDescription is RFC 5280 4.2.2.1.
type AccessDescription struct {
	Method asn1.ObjectIdentifier
	Name   GeneralName
}

// AuthorityInfoAccess reads authorityInfoAccess.
func (x Extensions) AuthorityInfoAccess() ([]AccessDescription, bool, error) {
	return read(x, OIDAuthorityInfoAccess, (*decoder).accessDescriptions)
}

// SubjectInfoAccess reads subjectInfoAccess, RFC 5280 4.2.2.2.
func (x Extensions) SubjectInfoAccess() ([]AccessDescription, bool, error) {
	return read(x, OIDSubjectInfoAccess, (*decoder).accessDescriptions)
}

func (d *decoder) accessDescriptions() []AccessDescription {
	list := d.open(casn1.SEQUENCE, "")
	var out []AccessDescription
	for list.more() && list.below(len(out)) {
		in := list.item(casn1.SEQUENCE, len(out)+1)
		a := AccessDescription{Method: in.oid("accessMethod"), Name: in.generalName("accessLocation", false)}
		in.end()
		out = append(out, a)
	}
	list.notEmpty(len(out))
	return out
}

// SubjectAltName reads subjectAltName, RFC 5280 4.2.1.6.
func (x Extensions) SubjectAltName() ([]GeneralName, bool, error) {
	return read(x, OIDSubjectAltName, altNames)
}

// IssuerAltName reads issuerAltName, RFC 5280 4.2.1.7.
func (x Extensions) IssuerAltName() ([]GeneralName, bool, error) {
	return read(x, OIDIssuerAltName, altNames)
}

func altNames(d *decoder) []GeneralName { return d.generalNames(casn1.SEQUENCE, "") }
