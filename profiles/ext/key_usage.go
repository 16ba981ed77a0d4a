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

// NameKeyUsage is that of RFC 5280 4.2.1.3.
const NameKeyUsage Name = "key-usage"

var keyUsage = Spec{
	Name: NameKeyUsage, OID: "2.5.29.15", Title: "keyUsage", Key: "key_usage", Zero: KeyUsage(nil),
	Allowed: map[value.Kind]string{
		value.RootCA: "RFC 5280 4.2.1.3", value.SubordinateCA: "RFC 5280 4.2.1.3", value.CrossCertifiedCA: "RFC 5280 4.2.1.3",
		value.OCSPResponder: may,
		value.CertRequest:   may,
	},
	Refused:  map[value.Kind]value.Reason{value.CRL: ofCert, value.OCSPResponse: ofCert},
	Sections: Sections{RFC: "RFC 5280 4.2.1.3", BR: map[Part]string{BRCommon: "7.1.2.10.7", BRResponder: "7.1.2.8.7"}},
	Schema: Schema{
		Forms: "`{critical: true, bits: [digital-signature, cert-sign, crl-sign]}`. A CA must have `cert-sign`, a responder must not",
		Profile: `{
		  "type": "object",
		  "required": ["bits"],
		  "additionalProperties": false,
		  "properties": {
		    "critical": {"type": "boolean"},
		    "bits": {"type": "array", "minItems": 1, "uniqueItems": true, "items": {"enum": ["digital-signature", "cert-sign", "crl-sign"]}}
		  }
		}`,
		Plan: `{"type": "array", "minItems": 1, "uniqueItems": true, "items": {"enum": ["digital-signature", "cert-sign", "crl-sign"]}}`,
		In: map[value.Kind]string{
			value.RootCA:           `{"properties": {"bits": {"contains": {"const": "cert-sign"}}}}`,
			value.SubordinateCA:    `{"properties": {"bits": {"contains": {"const": "cert-sign"}}}}`,
			value.CrossCertifiedCA: `{"properties": {"bits": {"contains": {"const": "cert-sign"}}}}`,
			value.OCSPResponder:    `{"properties": {"bits": {"not": {"contains": {"const": "cert-sign"}}}}}`,
		},
	},
	read:  readKeyUsage,
	check: checkKeyUsage,
}

// KeyUsage is the bits that are set, in written order.
type KeyUsage []Usage

// Usage is one bit of the key usage extension, by its name in YAML.
type Usage string

// Bits of RFC 5280 4.2.1.3 that CA material uses.
const (
	DigitalSignature Usage = "digital-signature"
	CertSign         Usage = "cert-sign"
	CRLSign          Usage = "crl-sign"
)

var usages = []Usage{DigitalSignature, CertSign, CRLSign}

// usageBits are the numbers of the bits, RFC 5280 4.2.1.3.
var usageBits = map[Usage]uint{DigitalSignature: 0, CertSign: 5, CRLSign: 6}

func readKeyUsage(n source.Node) (Value, bool) {
	m := n.Map()
	defer m.Close()
	isCritical := critical(m)
	return KeyUsage(source.Enums(m.Need("bits"), "key usage", usages)), isCritical
}

func checkKeyUsage(at place, e *Extension, kind value.Kind) {
	list, _ := e.Value.(KeyUsage)
	switch signs := slices.Contains(list, CertSign); {
	case len(list) == 0: // reported
	case kind.IsCA() && !signs:
		at.item.Citing("RFC 5280 4.2.1.3").Fail("%s is a CA: key-usage must have cert-sign", kind)
	case kind == value.OCSPResponder && signs:
		at.item.Citing("RFC 5280 4.2.1.9").Fail("%s is not a CA: key-usage cannot have cert-sign", kind)
	}
}

// Check reports unknown and repeated bits.
func (k KeyUsage) Check() error {
	for i, u := range k {
		if !slices.Contains(usages, u) {
			return fmt.Errorf("unknown key usage %q", string(u))
		}
		if slices.Contains(k[:i], u) {
			return fmt.Errorf("duplicate bit %s", u)
		}
	}
	return nil
}

// Content names the bits as RFC 5280 does.
func (k KeyUsage) Content() []string {
	names := map[Usage]string{
		DigitalSignature: "digitalSignature", CertSign: "keyCertSign", CRLSign: "cRLSign",
	}
	out := make([]string, len(k))
	for i, u := range k {
		out[i] = names[u]
	}
	return []string{strings.Join(out, ", ")}
}

// Issued writes the bits from the last to the first.
func (k KeyUsage) Issued() (string, bool) {
	bits := 0
	for _, u := range k {
		bits |= 1 << usageBits[u]
	}
	return fmt.Sprintf("%09b", bits), true
}
