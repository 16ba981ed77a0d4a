// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ext

import (
	"strings"

	"rootceremony/internal/source"
	"rootceremony/profiles/value"
)

// NameCRLPoints is that of RFC 5280 4.2.1.13.
const NameCRLPoints Name = "crl-distribution-points"

var crlPoints = Spec{
	Name: NameCRLPoints, OID: "2.5.29.31", Title: "cRLDistributionPoints", Key: "crl_urls", Zero: CRLPoints(nil),
	Allowed: map[value.Kind]string{
		value.RootCA: may, value.SubordinateCA: may, value.CrossCertifiedCA: may,
		value.OCSPResponder: may,
	},
	Refused:  map[value.Kind]value.Reason{value.CRL: ofCert, value.OCSPResponse: ofCert, value.CertRequest: ofIssuing},
	Sections: Sections{RFC: "RFC 5280 4.2.1.13", BR: map[Part]string{BRCommon: "7.1.2.11.2"}},
	Schema: Schema{
		Forms: "`[issuer]` or `{critical: true, urls: [...]}`: one distribution point with these URLs",
		Profile: `{
		  "anyOf": [
		    {"$ref": "#/$defs/urls"},
		    {
		      "type": "object",
		      "required": ["urls"],
		      "additionalProperties": false,
		      "properties": {"critical": {"type": "boolean"}, "urls": {"$ref": "#/$defs/urls"}}
		    }
		  ]
		}`,
		Plan: `{"$ref": "#/$defs/urls"}`,
	},
	read: readCRLPoints,
}

// CRLPoints are the URIs of the fullName of one DistributionPoint.
type CRLPoints []string

func readCRLPoints(n source.Node) (Value, bool) {
	items, isCritical := listOf(n, "urls")
	return CRLPoints(urls(items)), isCritical
}

func (c CRLPoints) bind(b *Binding) Value { return CRLPoints(b.urls(c, b.Issuer.CRL, "crl-url")) }

func (c CRLPoints) locations() URLs { return URLs{CRL: c} }

// Check reports nothing: URLs are looked at when they are encoded.
func (CRLPoints) Check() error { return nil }

// Content writes the URLs.
func (c CRLPoints) Content() []string {
	return []string{"one distribution point, fullName: " + urlText(c, "the CRL URL of the issuer")}
}

// Issued writes the URLs.
func (c CRLPoints) Issued() (string, bool) { return strings.Join(c, ", "), true }
