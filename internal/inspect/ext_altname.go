// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import casn1 "golang.org/x/crypto/cryptobyte/asn1"

// Rows of subjectAltName and issuerAltName.
var (
	_ = reads(known{name: "subjectAltName", oid: OIDSubjectAltName, text: textNames(Extensions.SubjectAltName)})
	_ = reads(known{name: "issuerAltName", oid: OIDIssuerAltName, text: textNames(Extensions.IssuerAltName)})
)

// SubjectAltName reads subjectAltName, RFC 5280 4.2.1.6.
func (x Extensions) SubjectAltName() ([]GeneralName, bool, error) {
	return read(x, OIDSubjectAltName, altNames)
}

// IssuerAltName reads issuerAltName, RFC 5280 4.2.1.7.
func (x Extensions) IssuerAltName() ([]GeneralName, bool, error) {
	return read(x, OIDIssuerAltName, altNames)
}

func altNames(d *decoder) []GeneralName { return d.generalNames(casn1.SEQUENCE, "") }

func textNames(get func(Extensions) ([]GeneralName, bool, error)) func(*printer, Extensions) error {
	return func(p *printer, x Extensions) error {
		v, _, err := get(x)
		if err == nil {
			p.names("name", v)
		}
		return err
	}
}
