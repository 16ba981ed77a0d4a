// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ext

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"rootceremony/internal/source"
	"rootceremony/profiles/value"
)

// NamePolicies is that of RFC 5280 4.2.1.4.
const NamePolicies Name = "certificate-policies"

var policies = Spec{
	Name: NamePolicies, OID: "2.5.29.32", Title: "certificatePolicies", Key: "certificate_policies", Zero: Policies(nil),
	Allowed: map[value.Kind]string{
		value.RootCA: may, value.SubordinateCA: may, value.CrossCertifiedCA: may,
		value.OCSPResponder: may,
		value.CertRequest:   may,
	},
	Refused:  map[value.Kind]value.Reason{value.CRL: ofCert, value.OCSPResponse: ofCert},
	Sections: Sections{RFC: "RFC 5280 4.2.1.4", BR: map[Part]string{BRCommon: "7.1.2.10.5", BRCross: "7.1.2.2.6", BROther: "7.1.2.3.2", BRResponder: "7.1.2.8.8"}},
	Schema: Schema{
		Forms: "`[OID]` or `{critical: true, policies: [...]}`; a policy is an OID or `{oid: OID, cps: URL, notice: TEXT}`",
		Profile: `{
		  "anyOf": [
		    {"$ref": "#/$defs/policies"},
		    {
		      "type": "object",
		      "required": ["policies"],
		      "additionalProperties": false,
		      "properties": {"critical": {"type": "boolean"}, "policies": {"$ref": "#/$defs/policies"}}
		    }
		  ]
		}`,
		Plan: `{
		  "type": "array",
		  "minItems": 1,
		  "items": {
		    "type": "object",
		    "required": ["oid"],
		    "additionalProperties": false,
		    "properties": {"oid": {"$ref": "#/$defs/oid"}, "cps": {"$ref": "#/$defs/url"}, "notice": {"$ref": "#/$defs/text"}}
		  }
		}`,
	},
	read: readPolicies,
}

// Policies are in encoded order.
type Policies []Policy

// Policy is a PolicyInformation.
type Policy struct {
	OID    value.OID `json:"oid"`
	CPS    string    `json:"cps,omitempty"`    // id-qt-cps
	Notice string    `json:"notice,omitempty"` // id-qt-unotice, explicitText as UTF8String
}

func readPolicies(n source.Node) (Value, bool) {
	var out Policies
	items, isCritical := listOf(n, "policies")
	for _, item := range items {
		p := readPolicy(item)
		if p.OID != "" && slices.ContainsFunc(out, func(o Policy) bool { return o.OID == p.OID }) {
			item.Citing("RFC 5280 4.2.1.4").Fail("duplicate policy %s", p.OID)
			continue
		}
		out = append(out, p)
	}
	return out, isCritical
}

// maxNotice is the longest explicitText, RFC 5280 4.2.1.4.
const maxNotice = 200

// readPolicy reads an identifier, or a mapping with its qualifiers.
func readPolicy(n source.Node) Policy {
	if n.IsScalar() {
		return Policy{OID: value.OID(n.OID().String())}
	}
	m := n.Map()
	defer m.Close()
	p := Policy{OID: value.OID(m.Need("oid").OID().String())}
	if cps := m.Opt("cps"); cps.Present() {
		p.CPS = cps.URL()
	}
	if notice := m.Opt("notice"); notice.Present() {
		p.Notice = notice.Text()
		if c := utf8.RuneCountInString(p.Notice); c > maxNotice {
			notice.Citing("RFC 5280 4.2.1.4").Fail("the notice has %d characters, more than %d", c, maxNotice)
		}
	}
	return p
}

// Check reports nothing: identifiers are looked at when they are encoded.
func (Policies) Check() error { return nil }

// Content writes the policies with their qualifiers.
func (x Policies) Content() []string {
	out := make([]string, len(x))
	for i, p := range x {
		out[i] = string(p.OID)
		if p.CPS != "" {
			out[i] += ", CPS " + p.CPS
		}
		if p.Notice != "" {
			out[i] += fmt.Sprintf(", notice %q", p.Notice)
		}
	}
	return out
}

// Issued writes the policies with their qualifiers.
func (x Policies) Issued() (string, bool) {
	out := make([]string, len(x))
	for i, p := range x {
		out[i] = string(p.OID)
		if p.CPS != "" {
			out[i] += fmt.Sprintf(" cps %q", p.CPS)
		}
		if p.Notice != "" {
			out[i] += fmt.Sprintf(" notice %q", p.Notice)
		}
	}
	return strings.Join(out, ", "), true
}
