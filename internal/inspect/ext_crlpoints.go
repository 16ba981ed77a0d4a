// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/asn1"
	"slices"
	"strconv"
	"strings"

	ctx509 "github.com/google/certificate-transparency-go/x509"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Rows of cRLDistributionPoints, and of freshestCRL, which has its syntax.
var (
	_ = reads(known{
		name: "cRLDistributionPoints", oid: OIDCRLDistributionPoints,
		text:   textPoints(Extensions.CRLDistributionPoints),
		said:   canonicalPoints,
		second: secondPoints,
	})
	_ = reads(known{name: "freshestCRL", oid: OIDFreshestCRL, text: textPoints(Extensions.FreshestCRL)})
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

func textPoints(get func(Extensions) ([]DistributionPoint, bool, error)) func(*printer, Extensions) error {
	return func(p *printer, x Extensions) error {
		v, _, err := get(x)
		if err != nil {
			return err
		}
		for i, point := range v {
			p.line("point "+strconv.Itoa(i+1), "")
			p.under(func() { p.point(point) })
		}
		return nil
	}
}

func (p *printer) point(v DistributionPoint) {
	p.pointName(v.HasName, v.Relative, v.FullNames)
	if v.HasReasons {
		p.bits("reasons", v.Reasons)
	}
	p.names("CRL issuer", v.CRLIssuer)
}

func (p *printer) pointName(has, relative bool, full []GeneralName) {
	switch {
	case !has:
		p.line("name", "absent")
	case relative:
		p.line("name", "relative to the CRL issuer")
	}
	p.names("full name", full)
}

func (p *printer) bits(label string, b asn1.BitString) {
	text := ""
	for i := range min(b.BitLength, 64) {
		text += strconv.Itoa(b.At(i))
	}
	p.line(label, "BIT STRING %s (%d bits)", text, b.BitLength)
}

func canonicalPoints(x Extensions) (string, error) {
	v, _, err := x.CRLDistributionPoints()
	var out []string
	for i, p := range v {
		if i > 0 {
			out = append(out, "another distribution point")
		}
		out = append(out, URIs(p.FullNames)...)
	}
	return strings.Join(out, ", "), err
}

func secondPoints(k *comparison, x Extensions, theirs *ctx509.Certificate) {
	v, ok, err := x.CRLDistributionPoints()
	if !ok || err != nil {
		return
	}
	var ours []string
	for _, p := range v {
		ours = append(ours, rawURIs(p.FullNames)...)
	}
	k.check("cRLDistributionPoints", slices.Equal(ours, theirs.CRLDistributionPoints))
}
