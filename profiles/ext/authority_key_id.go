// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ext

import (
	"rootceremony/internal/source"
	"rootceremony/profiles/value"
)

// NameAuthorityKeyID is that of RFC 5280 4.2.1.1 and 5.2.1.
const NameAuthorityKeyID Name = "authority-key-identifier"

var authorityKeyID = Spec{
	Name: NameAuthorityKeyID, OID: "2.5.29.35", Title: "authorityKeyIdentifier", Key: "", Zero: AuthorityKeyID{},
	Allowed: map[value.Kind]string{
		value.RootCA:        may,
		value.SubordinateCA: "RFC 5280 4.2.1.1", value.CrossCertifiedCA: "RFC 5280 4.2.1.1",
		value.OCSPResponder: "RFC 5280 4.2.1.1",
		value.CRL:           "RFC 5280 5.2.1",
	},
	Refused:  map[value.Kind]value.Reason{value.OCSPResponse: ofCert, value.CertRequest: ofIssuing},
	Sections: Sections{RFC: "RFC 5280 4.2.1.1", CRL: "RFC 5280 5.2.1", BR: map[Part]string{BRCommon: "7.1.2.11.1", BRRoot: "7.1.2.1.3", BRCRL: "7.2.2"}},
	Schema: Schema{
		Forms: "`{key-id: issuer}`: the subject key identifier of the issuer alone",
		Profile: `{
		  "type": "object",
		  "required": ["key-id"],
		  "additionalProperties": false,
		  "properties": {"key-id": {"description": "The subject key identifier of the issuer.", "const": "issuer"}}
		}`,
	},
	read: readAuthorityKeyID,
}

// AuthorityKeyID is the subject key identifier of the issuer and nothing else
// (BR 7.1.2.11.1), so it takes no value.
type AuthorityKeyID struct{}

func readAuthorityKeyID(n source.Node) (Value, bool) {
	m := n.Map()
	m.Need("key-id").Enum("source of the key identifier", "issuer")
	m.Close()
	return AuthorityKeyID{}, false
}

// Check reports nothing: there is no value.
func (AuthorityKeyID) Check() error { return nil }

// Content says where the identifier comes from.
func (AuthorityKeyID) Content() []string {
	return []string{"keyIdentifier alone: the subjectKeyIdentifier of the issuer"}
}

// Issued is left to chain.aki and root.aki.
func (AuthorityKeyID) Issued() (string, bool) { return "", false }
