// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ext

import "rootceremony/profiles/value"

// NameCRLNumber is that of RFC 5280 5.2.3.
const NameCRLNumber Name = "crl-number"

var crlNumber = Spec{
	Name: NameCRLNumber, OID: "2.5.29.20", Title: "cRLNumber", Key: "", Zero: CRLNumber{},
	Allowed: map[value.Kind]string{
		value.CRL: "RFC 5280 5.2.3",
	},
	Refused:  map[value.Kind]value.Reason{value.RootCA: ofCRL, value.SubordinateCA: ofCRL, value.CrossCertifiedCA: ofCRL, value.OCSPResponder: ofCRL, value.OCSPResponse: ofCRL, value.CertRequest: ofCRL},
	Sections: Sections{CRL: "RFC 5280 5.2.3", BR: map[Part]string{BRCRL: "7.2.2"}},
	Schema: Schema{
		Forms: "no value; the number comes from the ceremony file",
	},
}

// CRLNumber is the number of the CRL, which the ceremony file gives.
type CRLNumber struct{}

// Check reports nothing: there is no value.
func (CRLNumber) Check() error { return nil }

// Content says what numbers can be.
func (CRLNumber) Content() []string {
	return []string{"greater than that of every earlier CRL, at most 20 octets"}
}

// Issued leaves it to the comparison of the CRL.
func (CRLNumber) Issued() (string, bool) { return "", false }
