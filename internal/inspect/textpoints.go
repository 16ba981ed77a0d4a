// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/asn1"
	"errors"
	"strconv"
)

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

func textAccess(get func(Extensions) ([]AccessDescription, bool, error)) func(*printer, Extensions) error {
	return func(p *printer, x Extensions) error {
		v, _, err := get(x)
		if err != nil {
			return err
		}
		for _, a := range v {
			p.names(OIDName(a.Method), []GeneralName{a.Name})
		}
		return nil
	}
}

func textReason(p *printer, x Extensions) error {
	e := RevokedEntry{Extensions: x}
	e.readReason()
	if e.Reason == nil {
		return errors.New("reasonCode is neither ENUMERATED nor INTEGER")
	}
	p.line("reason", "%d (%s), %s", *e.Reason, ReasonName(*e.Reason), TagName(e.ReasonTag))
	return nil
}

func textInvalidityDate(p *printer, x Extensions) error {
	t, _, err := x.InvalidityDate()
	if err == nil {
		p.time("date", t)
	}
	return err
}
