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

// NameExtKeyUsage is that of RFC 5280 4.2.1.12.
const NameExtKeyUsage Name = "extended-key-usage"

var extKeyUsage = Spec{
	Name: NameExtKeyUsage, OID: "2.5.29.37", Title: "extKeyUsage", Key: "extended_key_usage", Zero: ExtKeyUsage(nil),
	Allowed: map[value.Kind]string{
		value.RootCA: may, value.SubordinateCA: may, value.CrossCertifiedCA: may,
		value.OCSPResponder: "RFC 6960 4.2.2.2",
		value.CertRequest:   may,
	},
	Refused:  map[value.Kind]value.Reason{value.CRL: ofCert, value.OCSPResponse: ofCert},
	Sections: Sections{RFC: "RFC 5280 4.2.1.12", BR: map[Part]string{BRCommon: "7.1.2.10.6", BRCross: "7.1.2.2.4, 7.1.2.2.5", BROther: "7.1.2.3.3", BRResponder: "7.1.2.8.5"}},
	Schema: Schema{
		Forms: "`[server-auth]` or `{critical: true, purposes: [...]}`",
		Profile: `{
		  "anyOf": [
		    {"$ref": "#/$defs/purposes"},
		    {
		      "type": "object",
		      "required": ["purposes"],
		      "additionalProperties": false,
		      "properties": {"critical": {"type": "boolean"}, "purposes": {"$ref": "#/$defs/purposes"}}
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
		    "properties": {
		      "name": {"enum": ["server-auth", "client-auth", "code-signing", "email-protection", "time-stamping", "ocsp-signing", "any"]},
		      "oid": {"$ref": "#/$defs/oid"}
		    }
		  }
		}`,
		In: map[value.Kind]string{
			value.OCSPResponder: `{
			"if": {"type": "array"},
			"then": {"contains": {"const": "ocsp-signing"}},
			"else": {"properties": {"purposes": {"contains": {"const": "ocsp-signing"}}}}
		}`,
		},
	},
	read:  readExtKeyUsage,
	check: checkExtKeyUsage,
}

// ExtKeyUsage is purposes in encoded order.
type ExtKeyUsage []Purpose

// Purpose is a key purpose with its name where it has one.
type Purpose struct {
	Name string    `json:"name,omitempty"`
	OID  value.OID `json:"oid"`
}

// purposes are the key purposes that have names, RFC 5280 4.2.1.12.
var purposes = []Purpose{
	{"server-auth", "1.3.6.1.5.5.7.3.1"},
	{"client-auth", "1.3.6.1.5.5.7.3.2"},
	{"code-signing", "1.3.6.1.5.5.7.3.3"},
	{"email-protection", "1.3.6.1.5.5.7.3.4"},
	{"time-stamping", "1.3.6.1.5.5.7.3.8"},
	{"ocsp-signing", "1.3.6.1.5.5.7.3.9"},
	{"any", "2.5.29.37.0"},
}

func readExtKeyUsage(n source.Node) (Value, bool) {
	var out ExtKeyUsage
	items, isCritical := listOf(n, "purposes")
	for _, item := range items {
		p, ok := readPurpose(item)
		switch {
		case !ok:
		case slices.Contains(out, p):
			item.Fail("duplicate %s", item.Text())
		default:
			out = append(out, p)
		}
	}
	return out, isCritical
}

// readPurpose reads a name, or the identifier of a purpose without one.
func readPurpose(n source.Node) (Purpose, bool) {
	word := n.Text()
	if word == "" {
		return Purpose{}, false
	}
	if word[0] >= '0' && word[0] <= '9' {
		id := value.OID(n.OID().String())
		if i := slices.IndexFunc(purposes, func(p Purpose) bool { return p.OID == id }); i >= 0 {
			n.FailHint("write "+purposes[i].Name, "%s has a name", id)
			return Purpose{}, false
		}
		return Purpose{OID: id}, id != ""
	}
	names := make([]string, len(purposes))
	for i, p := range purposes {
		names[i] = p.Name
	}
	i := slices.Index(names, n.Enum("key purpose", names...))
	if i < 0 {
		return Purpose{}, false
	}
	return purposes[i], true
}

// checkExtKeyUsage checks the purposes for the kind.
func checkExtKeyUsage(at place, e *Extension, kind value.Kind) {
	list, _ := e.Value.(ExtKeyUsage)
	if kind != value.OCSPResponder || len(list) == 0 {
		return
	}
	if !slices.ContainsFunc(list, func(p Purpose) bool { return p.Name == "ocsp-signing" }) {
		at.item.Citing("RFC 6960 4.2.2.2").Fail("extended-key-usage must have ocsp-signing")
	}
}

// Check reports nothing: identifiers are looked at when they are encoded.
func (ExtKeyUsage) Check() error { return nil }

// Content writes the purposes with their names.
func (x ExtKeyUsage) Content() []string {
	out := make([]string, len(x))
	for i, p := range x {
		out[i] = string(p.OID)
		if p.Name != "" {
			out[i] = fmt.Sprintf("%s (%s)", p.Name, p.OID)
		}
	}
	return out
}

// Issued writes the identifiers.
func (x ExtKeyUsage) Issued() (string, bool) {
	out := make([]string, len(x))
	for i, p := range x {
		out[i] = string(p.OID)
	}
	return strings.Join(out, ", "), true
}
