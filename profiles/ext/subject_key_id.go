// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ext

import (
	"encoding/hex"
	"slices"

	"rootceremony/internal/source"
	"rootceremony/profiles/value"
)

// NameSubjectKeyID is that of RFC 5280 4.2.1.2.
const NameSubjectKeyID Name = "subject-key-identifier"

var subjectKeyID = Spec{
	Name: NameSubjectKeyID, OID: "2.5.29.14", Title: "subjectKeyIdentifier", Key: "subject_key_identifier", Zero: SubjectKeyID{},
	Allowed: map[value.Kind]string{
		value.RootCA: "RFC 5280 4.2.1.2", value.SubordinateCA: "RFC 5280 4.2.1.2", value.CrossCertifiedCA: "RFC 5280 4.2.1.2",
		value.OCSPResponder: may,
		value.CertRequest:   may,
	},
	Refused:  map[value.Kind]value.Reason{value.CRL: ofCert, value.OCSPResponse: ofCert},
	Sections: Sections{RFC: "RFC 5280 4.2.1.2", BR: map[Part]string{BRCommon: "7.1.2.11.4"}},
	Schema: Schema{
		Forms: "`{method: M}`: `rfc7093-1` (left 160 bits of SHA-256), `rfc5280-1` (SHA-1), `existing` (that of the existing certificate: of `existing:`, or of the `certificate:` that the authority or its key has). Never critical",
		Profile: `{
		  "type": "object",
		  "required": ["method"],
		  "additionalProperties": false,
		  "properties": {
		    "critical": {"const": false},
		    "method": {"description": "SHA-1, the left 160 bits of SHA-256, or that of the existing certificate.", "enum": ["rfc5280-1", "rfc7093-1", "existing"]}
		  }
		}`,
		Plan: `{
		  "type": "object",
		  "required": ["method"],
		  "additionalProperties": false,
		  "properties": {"method": {"enum": ["rfc5280-1", "rfc7093-1", "existing"]}, "value": {"$ref": "#/$defs/hex"}},
		  "if": {"properties": {"method": {"const": "existing"}}},
		  "then": {"required": ["value"]},
		  "else": {"properties": {"value": false}}
		}`,
		In: map[value.Kind]string{
			value.OCSPResponder: `{"properties": {"method": {"not": {"const": "existing"}}}}`,
			value.CertRequest:   `{"properties": {"method": {"not": {"const": "existing"}}}}`,
		},
	},
	read:  readSubjectKeyID,
	check: checkSubjectKeyID,
}

// SubjectKeyID says how the identifier is derived from the key, or is the
// identifier of an existing certificate (Method "existing").
type SubjectKeyID struct {
	Method SKIMethod      `json:"method"`
	Value  value.HexBytes `json:"value,omitempty"`
}

// SKIMethod says how a subject key identifier comes about.
type SKIMethod string

// Methods of RFC 5280 4.2.1.2 and RFC 7093 2; SKIExisting copies the
// identifier of the certificate that is being cross-certified or renewed.
const (
	SKISHA1     SKIMethod = "rfc5280-1"
	SKISHA256   SKIMethod = "rfc7093-1"
	SKIExisting SKIMethod = "existing"
)

func readSubjectKeyID(n source.Node) (Value, bool) {
	m := n.Map()
	defer m.Close()
	isCritical := critical(m)
	var out SubjectKeyID
	if method := m.Need("method"); method.Present() {
		out.Method = SKIMethod(method.Enum("method", string(SKISHA1), string(SKISHA256), string(SKIExisting)))
	}
	return out, isCritical
}

func checkSubjectKeyID(at place, e *Extension, kind value.Kind) {
	notCritical(at.value, e, "RFC 5280 4.2.1.2")
	if id, _ := e.Value.(SubjectKeyID); id.Method == SKIExisting && !kind.IsCA() {
		at.value.Fail("%s has no existing certificate to take the identifier from", kind)
	}
}

// bind gives the identifier where it is copied. That of a certificate which the
// same ceremony makes is derived from the same key, by the same method.
func (s SubjectKeyID) bind(b *Binding) Value {
	if s.Method != SKIExisting {
		return s
	}
	from := b.ExistingSKI
	if from.Method == "" || from.Method == SKIExisting && len(from.Value) == 0 {
		b.fail("name a method, as in method: rfc7093-1, or name the certificate that the key has, as certificate: INPUT of the key or of the authority",
			"the profile copies the key identifier of an existing certificate, but none is given")
	}
	from.Value = slices.Clone(from.Value)
	return from
}

// Check reports nothing: the method is looked up when the identifier is made.
func (SubjectKeyID) Check() error { return nil }

// Content says the method, and the value where it is kept.
func (s SubjectKeyID) Content() []string {
	text := map[SKIMethod]string{
		SKISHA1:     "SHA-1 of the key bits (RFC 5280 4.2.1.2, method 1)",
		SKISHA256:   "left 160 bits of the SHA-256 of the key bits (RFC 7093 2, method 1)",
		SKIExisting: "that of the existing certificate",
	}[s.Method]
	if len(s.Value) > 0 {
		text += ", " + hex.EncodeToString(s.Value)
	}
	return []string{text}
}

// Issued leaves it to cert.ski, which derives the identifier from the key.
func (SubjectKeyID) Issued() (string, bool) { return "", false }
