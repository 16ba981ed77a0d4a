// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ext

import (
	"errors"
	"fmt"

	"rootceremony/internal/source"
	"rootceremony/profiles/value"
)

// NameIssuingPoint is that of RFC 5280 5.2.5.
const NameIssuingPoint Name = "issuing-distribution-point"

var issuingPoint = Spec{
	Name: NameIssuingPoint, OID: "2.5.29.28", Title: "issuingDistributionPoint", Key: "issuing_distribution_point", Zero: IssuingPoint{},
	Allowed: map[value.Kind]string{
		value.CRL: may,
	},
	Refused:  map[value.Kind]value.Reason{value.RootCA: ofCRL, value.SubordinateCA: ofCRL, value.CrossCertifiedCA: ofCRL, value.OCSPResponder: ofCRL, value.OCSPResponse: ofCRL, value.CertRequest: ofCRL},
	Sections: Sections{CRL: "RFC 5280 5.2.5", BR: map[Part]string{BRCRL: "7.2.2.1"}},
	Schema: Schema{
		Forms: "`{critical: true, url: issuer, only: ca-certificates}`; `only` may be `user-certificates`. Must be critical and fit `covers`",
		Profile: `{
		  "type": "object",
		  "required": ["critical"],
		  "anyOf": [{"required": ["only"]}, {"required": ["url"], "properties": {"url": {"minItems": 1}}}],
		  "additionalProperties": false,
		  "properties": {
		    "critical": {"const": true},
		    "url": {
		      "anyOf": [
		        {"const": "issuer"},
		        {"$ref": "#/$defs/location"},
		        {"type": "array", "uniqueItems": true, "items": {"anyOf": [{"const": "issuer"}, {"$ref": "#/$defs/location"}]}}
		      ]
		    },
		    "only": {"enum": ["ca-certificates", "user-certificates"]}
		  }
		}`,
		Plan: `{
		  "type": "object",
		  "minProperties": 1,
		  "additionalProperties": false,
		  "properties": {"urls": {"$ref": "#/$defs/urls"}, "only_user_certificates": {"const": true}, "only_ca_certificates": {"const": true}}
		}`,
	},
	read:  readIssuingPoint,
	check: checkIssuingPoint,
}

// IssuingPoint is what a partial CRL says of itself. FALSE fields are not encoded.
type IssuingPoint struct {
	URLs          []string `json:"urls,omitempty"`
	OnlyUserCerts bool     `json:"only_user_certificates,omitempty"`
	OnlyCACerts   bool     `json:"only_ca_certificates,omitempty"`
}

func readIssuingPoint(n source.Node) (Value, bool) {
	var out IssuingPoint
	m := n.Map()
	defer m.Close()
	isCritical := critical(m)
	if u := m.Opt("url"); u.IsList() {
		out.URLs = urls(u.List())
	} else if u.Present() {
		out.URLs = urls([]source.Node{u})
	}
	if only := m.Opt("only"); only.Present() {
		switch only.Enum("kind of certificates", "ca-certificates", "user-certificates") {
		case "ca-certificates":
			out.OnlyCACerts = true
		case "user-certificates":
			out.OnlyUserCerts = true
		}
	}
	if n.IsMap() && len(out.URLs) == 0 && !out.OnlyCACerts && !out.OnlyUserCerts {
		n.Citing("RFC 5280 5.2.5").Fail("neither url nor only: the extension would be empty")
	}
	return out, isCritical
}

func checkIssuingPoint(at place, e *Extension, _ value.Kind) {
	if !e.Critical {
		at.value.Citing("RFC 5280 5.2.5").FailHint("write critical: true", "it must be critical")
	}
}

func (p IssuingPoint) bind(b *Binding) Value {
	p.URLs = b.urls(p.URLs, b.Issuer.CRL, "crl-url")
	return p
}

func (p IssuingPoint) locations() URLs { return URLs{CRL: p.URLs} }

// Check reports a CRL that would cover nothing.
func (p IssuingPoint) Check() error {
	if p.OnlyCACerts && p.OnlyUserCerts {
		return errors.New("a CRL cannot be for CA certificates only and for user certificates only (RFC 5280 5.2.5)")
	}
	return nil
}

// Content writes what is encoded.
func (p IssuingPoint) Content() []string {
	var out []string
	if len(p.URLs) > 0 {
		out = append(out, "fullName: "+urlText(p.URLs, "the CRL URL of the issuer"))
	}
	if p.OnlyUserCerts {
		out = append(out, "onlyContainsUserCerts")
	}
	if p.OnlyCACerts {
		out = append(out, "onlyContainsCACerts")
	}
	return out
}

// Issued writes all fields.
func (p IssuingPoint) Issued() (string, bool) {
	return fmt.Sprint(p.URLs, p.OnlyUserCerts, p.OnlyCACerts), true
}
