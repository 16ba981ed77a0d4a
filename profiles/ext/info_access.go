// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ext

import (
	"fmt"
	"slices"
	"strings"

	"rootceremony/internal/source"
	"rootceremony/profiles/value"
)

// NameInfoAccess is that of RFC 5280 4.2.2.1 and 5.2.7.
const NameInfoAccess Name = "authority-information-access"

var infoAccess = Spec{
	Name: NameInfoAccess, OID: "1.3.6.1.5.5.7.1.1", Title: "authorityInfoAccess", Key: "information_access", Zero: InfoAccess(nil),
	Allowed: map[value.Kind]string{
		value.RootCA: may, value.SubordinateCA: may, value.CrossCertifiedCA: may,
		value.OCSPResponder: may,
		value.CRL:           may,
	},
	Refused:  map[value.Kind]value.Reason{value.OCSPResponse: ofCert, value.CertRequest: ofIssuing},
	Sections: Sections{RFC: "RFC 5280 4.2.2.1", CRL: "RFC 5280 5.2.7", BR: map[Part]string{BRCommon: "7.1.2.10.3", BRResponder: "7.1.2.8.3"}},
	Schema: Schema{
		Forms: "`{ca-issuers: [issuer], ocsp: [issuer]}`, in written order. Never critical; in a CRL `ca-issuers` only",
		Profile: `{
		  "type": "object",
		  "anyOf": [{"required": ["ca-issuers"]}, {"required": ["ocsp"]}],
		  "additionalProperties": false,
		  "properties": {
		    "critical": {"const": false},
		    "ca-issuers": {"$ref": "#/$defs/urls"},
		    "ocsp": {"$ref": "#/$defs/urls", "items": {"not": {"pattern": "^ldap:"}}}
		  }
		}`,
		Plan: `{
		  "type": "array",
		  "minItems": 1,
		  "items": {
		    "type": "object",
		    "required": ["method", "url"],
		    "additionalProperties": false,
		    "properties": {"method": {"enum": ["ocsp", "ca-issuers"]}, "url": {"$ref": "#/$defs/url"}}
		  }
		}`,
		In: map[value.Kind]string{
			value.CRL: `{"properties": {"ocsp": false}}`,
		},
	},
	read:  readInfoAccess,
	check: checkInfoAccess,
}

// InfoAccess is in encoded order.
type InfoAccess []AccessDescription

// AccessDescription is one line of authority information access.
type AccessDescription struct {
	Method string `json:"method"` // "ocsp" or "ca-issuers"
	URL    string `json:"url"`
}

// accessMethods are the identifiers of the methods, RFC 5280 4.2.2.1.
var accessMethods = map[string]value.OID{"ocsp": "1.3.6.1.5.5.7.48.1", "ca-issuers": "1.3.6.1.5.5.7.48.2"}

// readInfoAccess keeps the order in which the methods are written.
func readInfoAccess(n source.Node) (Value, bool) {
	var out InfoAccess
	m := n.Map()
	isCritical := critical(m)
	m.Known("ca-issuers", "ocsp")
	m.Close()
	for _, k := range n.Map().Keys() {
		if _, known := accessMethods[k.Name]; !known {
			continue
		}
		items := k.Value.List()
		if k.Value.IsList() && len(items) == 0 {
			k.Value.Fail("the list is empty")
		}
		for _, item := range items {
			if k.Name == "ocsp" && item.IsScalar() && strings.HasPrefix(item.Text(), "ldap:") {
				item.Citing("RFC 6960 A.1").Fail("clients ask for OCSP over HTTP")
			}
		}
		for _, u := range urls(items) {
			out = append(out, AccessDescription{Method: k.Name, URL: u})
		}
	}
	if n.IsMap() && len(out) == 0 {
		n.Citing("RFC 5280 4.2.2.1").Fail("neither ca-issuers nor ocsp")
	}
	return out, isCritical
}

func checkInfoAccess(at place, e *Extension, kind value.Kind) {
	notCritical(at.value, e, "RFC 5280 4.2.2.1, 5.2.7")
	list, _ := e.Value.(InfoAccess)
	if kind == value.CRL && slices.ContainsFunc(list, func(d AccessDescription) bool { return d.Method != "ca-issuers" }) {
		at.value.Citing("RFC 5280 5.2.7").Fail("a CRL can only name ca-issuers")
	}
}

func (x InfoAccess) bind(b *Binding) Value {
	var out InfoAccess
	for i, d := range x {
		if i > 0 && x[i-1].Method == d.Method {
			continue // done with the first of its method: a profile has them together
		}
		from, key := b.Issuer.CAIssuers, "ca-issuers-url"
		if d.Method == "ocsp" {
			from, key = b.Issuer.OCSP, "ocsp-url"
		}
		for _, u := range b.urls(x.of(d.Method), from, key) {
			out = append(out, AccessDescription{Method: d.Method, URL: u})
		}
	}
	return out
}

// of gives the URLs of one method.
func (x InfoAccess) of(method string) []string {
	var out []string
	for _, d := range x {
		if d.Method == method {
			out = append(out, d.URL)
		}
	}
	return out
}

func (x InfoAccess) locations() URLs { return URLs{CAIssuers: x.of("ca-issuers"), OCSP: x.of("ocsp")} }

// Check reports unknown methods.
func (x InfoAccess) Check() error {
	for _, d := range x {
		if _, known := accessMethods[d.Method]; !known {
			return fmt.Errorf("unknown access method %q", d.Method)
		}
	}
	return nil
}

// Content writes methods and URLs.
func (x InfoAccess) Content() []string {
	out := make([]string, len(x))
	for i, d := range x {
		name, issuer := d.Method, "the OCSP URL of the issuer"
		if d.Method == "ca-issuers" {
			name, issuer = "caIssuers", "the certificate URL of the issuer"
		}
		out[i] = name + ": " + urlText([]string{d.URL}, issuer)
	}
	return out
}

// Issued writes methods and URLs.
func (x InfoAccess) Issued() (string, bool) {
	out := make([]string, len(x))
	for i, d := range x {
		out[i] = string(accessMethods[d.Method]) + " " + d.URL
	}
	return strings.Join(out, ", "), true
}
