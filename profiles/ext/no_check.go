// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ext

import "rootceremony/profiles/value"

// NameOCSPNoCheck is that of RFC 6960 4.2.2.2.1.
const NameOCSPNoCheck Name = "ocsp-no-check"

var noCheck = Spec{
	Name: NameOCSPNoCheck, OID: "1.3.6.1.5.5.7.48.1.5", Title: "id-pkix-ocsp-nocheck", Key: "", Zero: OCSPNoCheck{},
	Allowed: map[value.Kind]string{
		value.OCSPResponder: may,
		value.CertRequest:   may,
	},
	Refused:  map[value.Kind]value.Reason{value.RootCA: ofResponder, value.SubordinateCA: ofResponder, value.CrossCertifiedCA: ofResponder, value.CRL: ofResponder, value.OCSPResponse: ofResponder},
	Sections: Sections{RFC: "RFC 6960 4.2.2.2.1", BR: map[Part]string{BRResponder: "7.1.2.8.6"}},
	Schema: Schema{
		Forms: "no value",
	},
}

// OCSPNoCheck takes no value.
type OCSPNoCheck struct{}

// Check reports nothing: there is no value.
func (OCSPNoCheck) Check() error { return nil }

// Content says what is encoded.
func (OCSPNoCheck) Content() []string { return []string{"NULL"} }

// Issued gives the bytes: a NULL has no text form.
func (OCSPNoCheck) Issued() (string, bool) { return "0500", true }
