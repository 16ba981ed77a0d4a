// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/asn1"
	"slices"
	"strings"

	ctx509 "github.com/google/certificate-transparency-go/x509"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Rows of authorityInfoAccess, and of subjectInfoAccess, which has its syntax.
var (
	_ = reads(known{
		name: "authorityInfoAccess", oid: OIDAuthorityInfoAccess,
		text:   textAccess(Extensions.AuthorityInfoAccess),
		said:   canonicalAccess,
		second: secondAccess,
	})
	_ = reads(known{name: "subjectInfoAccess", oid: OIDSubjectInfoAccess, text: textAccess(Extensions.SubjectInfoAccess)})
)

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

func canonicalAccess(x Extensions) (string, error) {
	v, _, err := x.AuthorityInfoAccess()
	out := make([]string, len(v))
	for i, a := range v {
		out[i] = a.Method.String() + " " + a.Name.Value
	}
	return strings.Join(out, ", "), err
}

func secondAccess(k *comparison, x Extensions, theirs *ctx509.Certificate) {
	v, ok, err := x.AuthorityInfoAccess()
	if !ok || err != nil {
		return
	}
	var issuers, responders []string
	for _, a := range v {
		switch {
		case a.Method.Equal(OIDAccessCAIssuers):
			issuers = append(issuers, rawURIs([]GeneralName{a.Name})...)
		case a.Method.Equal(OIDAccessOCSP):
			responders = append(responders, rawURIs([]GeneralName{a.Name})...)
		}
	}
	k.check("authorityInfoAccess", slices.Equal(issuers, theirs.IssuingCertificateURL) &&
		slices.Equal(responders, theirs.OCSPServer))
}
