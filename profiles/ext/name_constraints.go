// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ext

import (
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rootceremony/profiles/value"
)

// NameNameConstraints is that of RFC 5280 4.2.1.10.
const NameNameConstraints Name = "name-constraints"

var nameConstraints = Spec{
	Name: NameNameConstraints, OID: "2.5.29.30", Title: "nameConstraints", Key: "name_constraints", Zero: NameConstraints{},
	Allowed: map[value.Kind]string{
		value.RootCA: may, value.SubordinateCA: may, value.CrossCertifiedCA: may,
		value.CertRequest: may,
	},
	Refused:  map[value.Kind]value.Reason{value.OCSPResponder: {Why: "it is only for CAs", Citation: "RFC 5280 4.2.1.10"}, value.CRL: ofCert, value.OCSPResponse: ofCert},
	Sections: Sections{RFC: "RFC 5280 4.2.1.10", BR: map[Part]string{BRCommon: "7.1.2.10.8", BRConstrained: "7.1.2.5.2"}},
	Schema: Schema{
		Forms: "`{critical: true, permitted: {...}, excluded: {...}}`",
		Profile: `{
		  "type": "object",
		  "anyOf": [{"required": ["permitted"]}, {"required": ["excluded"]}],
		  "additionalProperties": false,
		  "properties": {
		    "critical": {"type": "boolean"},
		    "permitted": {"$ref": "#/$defs/subtrees"},
		    "excluded": {"$ref": "#/$defs/subtrees"}
		  }
		}`,
		Plan: `{
		  "type": "object",
		  "minProperties": 1,
		  "additionalProperties": false,
		  "properties": {"permitted": {"$ref": "#/$defs/subtrees"}, "excluded": {"$ref": "#/$defs/subtrees"}}
		}`,
	},
	read: readNameConstraints,
}

// NameConstraints are in encoded order.
type NameConstraints struct {
	Permitted []GeneralSubtree `json:"permitted,omitempty"`
	Excluded  []GeneralSubtree `json:"excluded,omitempty"`
}

// GeneralSubtree is one base name; minimum is 0 and maximum absent.
type GeneralSubtree struct {
	Type      string         `json:"type"`            // dns, email, uri, ip, directory, other
	Value     string         `json:"value,omitempty"` // dns, email, uri; ip in CIDR form
	Directory *value.Name    `json:"name,omitempty"`  // directory
	OtherOID  value.OID      `json:"oid,omitempty"`   // other
	OtherDER  value.HexBytes `json:"der,omitempty"`   // other: the explicit [0] value
}

// Check reports subtrees that cannot be encoded.
func (c NameConstraints) Check() error {
	if len(c.Permitted)+len(c.Excluded) == 0 {
		return errors.New("neither permitted nor excluded names (RFC 5280 4.2.1.10)")
	}
	for _, s := range slices.Concat(c.Permitted, c.Excluded) {
		if (s.Type == "directory") != (s.Directory != nil) {
			return errors.New("a directoryName subtree without a name, or a name in another kind of subtree")
		}
		if s.Type == "other" {
			if err := value.CheckDER(s.OtherDER); err != nil {
				return err
			}
		}
	}
	return nil
}

// Content writes all subtrees.
func (c NameConstraints) Content() []string {
	return append(subtreeLines("permitted", c.Permitted), subtreeLines("excluded", c.Excluded)...)
}

func subtreeLines(which string, list []GeneralSubtree) []string {
	if len(list) == 0 {
		return []string{which + ": none"}
	}
	out := make([]string, len(list))
	for i, s := range list {
		name := s.Value
		switch {
		case s.Directory != nil:
			name = s.Directory.Content()
		case s.OtherOID != "":
			name = string(s.OtherOID) + " " + inFours(s.OtherDER)
		case s.Value == "":
			name = "(all)"
		}
		out[i] = fmt.Sprintf("%s: %s %s", which, s.Type, name)
	}
	return out
}

// Issued writes all subtrees.
func (c NameConstraints) Issued() (string, bool) {
	return issuedSubtrees(c.Permitted) + " but " + issuedSubtrees(c.Excluded), true
}

func issuedSubtrees(list []GeneralSubtree) string {
	out := make([]string, len(list))
	for i, s := range list {
		text := s.Value
		switch s.Type {
		case "directory":
			text = issuedName(s.Directory)
		case "other":
			text = issuedOther(s)
		}
		out[i] = fmt.Sprintf("%s %q", s.Type, text)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// issuedName writes a name with the tags of its strings.
func issuedName(n *value.Name) string {
	if n == nil {
		return "nothing"
	}
	var out []string
	for _, a := range n.Attributes {
		out = append(out, fmt.Sprintf("%s %d %q", a.OID, a.String.Tag(), a.Value))
	}
	return strings.Join(out, ", ")
}

// issuedOther writes the contents of an otherName as they are encoded.
func issuedOther(s GeneralSubtree) string {
	id, err := s.OtherOID.Identifier()
	if err != nil {
		return err.Error()
	}
	name, err := asn1.Marshal(id)
	if err != nil {
		return err.Error()
	}
	inner, err := asn1.Marshal(asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: s.OtherDER})
	if err != nil {
		return err.Error()
	}
	return hex.EncodeToString(append(name, inner...))
}
