// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ext

import (
	"errors"
	"fmt"

	"rootceremony/internal/source"
	"rootceremony/profiles/value"
)

// NameBasicConstraints is that of RFC 5280 4.2.1.9.
const NameBasicConstraints Name = "basic-constraints"

var basicConstraints = Spec{
	Name: NameBasicConstraints, OID: "2.5.29.19", Title: "basicConstraints", Key: "basic_constraints", Zero: BasicConstraints{},
	Allowed: map[value.Kind]string{
		value.RootCA: "RFC 5280 4.2.1.9", value.SubordinateCA: "RFC 5280 4.2.1.9", value.CrossCertifiedCA: "RFC 5280 4.2.1.9",
		value.OCSPResponder: may,
		value.CertRequest:   may,
	},
	Refused:  map[value.Kind]value.Reason{value.CRL: ofCert, value.OCSPResponse: ofCert},
	Sections: Sections{RFC: "RFC 5280 4.2.1.9", BR: map[Part]string{BRCommon: "7.1.2.10.4", BRRoot: "7.1.2.1.4", BRResponder: "7.1.2.8.4"}},
	Schema: Schema{
		Forms: "`{critical: true, ca: true, path-length: 0}`; `path-length` 0 to 100, only with `ca: true`. In a CA critical, with `ca: true`",
		Profile: `{
		  "type": "object",
		  "required": ["ca"],
		  "additionalProperties": false,
		  "properties": {
		    "critical": {"type": "boolean"},
		    "ca": {"type": "boolean"},
		    "path-length": {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 100}, {"type": "string", "pattern": "^([0-9]|[1-9][0-9]|100)$"}]}
		  },
		  "if": {"required": ["path-length"]},
		  "then": {"properties": {"ca": {"const": true}}}
		}`,
		Plan: `{
		  "type": "object",
		  "required": ["ca"],
		  "additionalProperties": false,
		  "properties": {"ca": {"type": "boolean"}, "path_length": {"type": "integer", "minimum": 0, "maximum": 100}}
		}`,
		In: map[value.Kind]string{
			value.RootCA:           `{"required": ["critical"], "properties": {"critical": {"const": true}, "ca": {"const": true}}}`,
			value.SubordinateCA:    `{"required": ["critical"], "properties": {"critical": {"const": true}, "ca": {"const": true}}}`,
			value.CrossCertifiedCA: `{"required": ["critical"], "properties": {"critical": {"const": true}, "ca": {"const": true}}}`,
			value.OCSPResponder:    `{"properties": {"ca": {"const": false}}}`,
		},
	},
	read:  readBasicConstraints,
	check: checkBasicConstraints,
}

// BasicConstraints has no PathLength where there is none.
type BasicConstraints struct {
	CA         bool `json:"ca"`
	PathLength *int `json:"path_length,omitempty"`
}

func readBasicConstraints(n source.Node) (Value, bool) {
	m := n.Map()
	defer m.Close()
	isCritical := critical(m)
	out := BasicConstraints{CA: m.Need("ca").Bool()}
	if length := m.Opt("path-length"); length.Present() {
		i := length.Int(0, 100)
		out.PathLength = &i
	}
	return out, isCritical
}

// checkBasicConstraints checks them for the kind.
func checkBasicConstraints(at place, e *Extension, kind value.Kind) {
	b, _ := e.Value.(BasicConstraints)
	switch {
	case kind.IsCA() && !b.CA:
		at.value.Citing("RFC 5280 4.2.1.9").Fail("%s is a CA: write ca: true", kind)
	case kind.IsCA() && !e.Critical:
		at.value.Citing("RFC 5280 4.2.1.9").FailHint("write critical: true", "it must be critical in the certificate of a CA")
	case kind == value.OCSPResponder && b.CA:
		at.value.Citing("RFC 6960 4.2.2.2").Fail("%s is not a CA: it cannot have ca: true", kind)
	case !b.CA && b.PathLength != nil:
		at.value.Citing("RFC 5280 4.2.1.9").Fail("only a CA has a path length")
	}
}

// Check reports a path length that cannot be.
func (b BasicConstraints) Check() error {
	if n := b.PathLength; n != nil && (*n < 0 || !b.CA) {
		return errors.New("a path length that is negative or not of a CA (RFC 5280 4.2.1.9)")
	}
	return nil
}

// Content says also that there is no path length.
func (b BasicConstraints) Content() []string {
	if n := b.PathLength; n != nil {
		return []string{fmt.Sprintf("cA %t, pathLenConstraint %d", b.CA, *n)}
	}
	return []string{fmt.Sprintf("cA %t, no pathLenConstraint", b.CA)}
}

// Issued writes both fields.
func (b BasicConstraints) Issued() (string, bool) {
	if n := b.PathLength; n != nil {
		return fmt.Sprintf("cA %t, path length %d", b.CA, *n), true
	}
	return fmt.Sprintf("cA %t", b.CA), true
}
