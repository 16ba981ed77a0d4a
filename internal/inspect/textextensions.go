// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/asn1"
	"fmt"
	"strconv"
	"strings"
)

// extensions writes a list of extensions.
func (p *printer) extensions(label string, x Extensions) {
	if x == nil {
		p.line(label, "absent")
		return
	}
	p.line(label, "%d, in encoded order", len(x))
	p.under(func() {
		for i := range x {
			e := &x[i]
			critical := ""
			switch {
			case e.Critical:
				critical = ", critical"
			case e.CriticalEncoded:
				critical = ", critical FALSE (an encoded DEFAULT)"
			}
			p.line(strconv.Itoa(i+1)+".", "%s%s", named(e.OID), critical)
			p.under(func() { p.extension(e) })
		}
	})
}

// extension writes the value of one extension, or its bytes.
func (p *printer) extension(e *Extension) {
	write, ok := extensionTexts[e.OID.String()]
	if !ok {
		p.hex("value", e.Value)
		return
	}
	if err := write(p, Extensions{*e}); err != nil {
		p.line("unreadable", "%s", err)
		p.hex("value", e.Value)
	}
}

// extensionTexts are the extensions that have a reader.
var extensionTexts = map[string]func(*printer, Extensions) error{
	OIDBasicConstraints.String():         textBasicConstraints,
	OIDKeyUsage.String():                 textKeyUsage,
	OIDExtKeyUsage.String():              textExtKeyUsage,
	OIDSubjectKeyID.String():             textSubjectKeyID,
	OIDAuthorityKeyID.String():           textAuthorityKeyID,
	OIDCertificatePolicies.String():      textPolicies,
	OIDNameConstraints.String():          textNameConstraints,
	OIDCRLDistributionPoints.String():    textPoints(Extensions.CRLDistributionPoints),
	OIDFreshestCRL.String():              textPoints(Extensions.FreshestCRL),
	OIDAuthorityInfoAccess.String():      textAccess(Extensions.AuthorityInfoAccess),
	OIDSubjectInfoAccess.String():        textAccess(Extensions.SubjectInfoAccess),
	OIDSubjectAltName.String():           textNames(Extensions.SubjectAltName),
	OIDIssuerAltName.String():            textNames(Extensions.IssuerAltName),
	OIDIssuingDistributionPoint.String(): textIssuingPoint,
	OIDCRLNumber.String():                textNumber(OIDCRLNumber),
	OIDDeltaCRLIndicator.String():        textNumber(OIDDeltaCRLIndicator),
	OIDReasonCode.String():               textReason,
	OIDInvalidityDate.String():           textInvalidityDate,
}

func textBasicConstraints(p *printer, x Extensions) error {
	v, _, err := x.BasicConstraints()
	if err != nil {
		return err
	}
	switch {
	case v.CA:
		p.line("cA", "TRUE")
	case v.CAEncoded:
		p.line("cA", "FALSE (an encoded DEFAULT)")
	default:
		p.line("cA", "FALSE")
	}
	if v.PathLen == nil {
		p.line("path length", "absent")
	} else {
		p.line("path length", "%d", *v.PathLen)
	}
	return nil
}

func textKeyUsage(p *printer, x Extensions) error {
	v, _, err := x.KeyUsage()
	if err != nil {
		return err
	}
	p.line("bits", "%s", orEmpty(strings.Join(v.Names(), ", ")))
	if extra := v.Bits >> len(keyUsageNames); extra != 0 {
		p.line("bits without a name", "0x%x00", extra<<1)
	}
	if !v.Minimal {
		p.line("encoding", "%d bits, trailing zero bits (X.690 11.2.2)", v.BitLength)
	}
	return nil
}

func textExtKeyUsage(p *printer, x Extensions) error {
	v, _, err := x.ExtKeyUsage()
	if err != nil {
		return err
	}
	for _, oid := range v {
		p.line("purpose", "%s", named(oid))
	}
	return nil
}

func textSubjectKeyID(p *printer, x Extensions) error {
	v, _, err := x.SubjectKeyID()
	if err != nil {
		return err
	}
	p.hex("key identifier", v)
	return nil
}

func textAuthorityKeyID(p *printer, x Extensions) error {
	v, _, err := x.AuthorityKeyID()
	if err != nil {
		return err
	}
	if v.KeyID != nil {
		p.hex("key identifier", v.KeyID)
	}
	p.names("issuer", v.Names)
	if v.Serial != nil {
		p.serial("serial number", v.Serial)
	}
	return nil
}

func textPolicies(p *printer, x Extensions) error {
	v, _, err := x.Policies()
	if err != nil {
		return err
	}
	for _, policy := range v {
		p.line("policy", "%s", named(policy.OID))
		for _, q := range policy.Qualifiers {
			p.under(func() { p.qualifier(q) })
		}
	}
	return nil
}

func (p *printer) qualifier(q Qualifier) {
	if q.Kind == QualifierOther {
		p.line("qualifier", "%s %s", named(q.OID), q.Value)
		return
	}
	if q.NoticeRef {
		p.hex("notice", q.Raw)
	}
	if q.Tag != 0 {
		p.line(q.Kind, "%s %s", TagName(q.Tag), strconv.Quote(q.Value))
	}
}

func textNameConstraints(p *printer, x Extensions) error {
	v, _, err := x.NameConstraints()
	if err != nil {
		return err
	}
	p.subtrees("permitted", v.Permitted)
	p.subtrees("excluded", v.Excluded)
	return nil
}

func (p *printer) subtrees(label string, list []Subtree) {
	for _, s := range list {
		note := ""
		if s.MinimumEncoded {
			note += fmt.Sprintf(", minimum %d encoded", s.Minimum)
		}
		if s.Maximum != nil {
			note += fmt.Sprintf(", maximum %d", *s.Maximum)
		}
		if s.Directory != nil {
			p.name(label+", directoryName"+note, *s.Directory)
			continue
		}
		p.line(label, "%s%s", nameText(s.GeneralName), note)
	}
}

// nameText is a general name with a note when its bytes are not right.
func nameText(n GeneralName) string {
	if n.Malformed {
		return n.String() + " (malformed)"
	}
	return n.String()
}

func (p *printer) names(label string, list []GeneralName) {
	for _, n := range list {
		if n.Directory != nil {
			p.name(label+", directoryName", *n.Directory)
			continue
		}
		p.line(label, "%s", nameText(n))
	}
}

func textNames(get func(Extensions) ([]GeneralName, bool, error)) func(*printer, Extensions) error {
	return func(p *printer, x Extensions) error {
		v, _, err := get(x)
		if err == nil {
			p.names("name", v)
		}
		return err
	}
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
