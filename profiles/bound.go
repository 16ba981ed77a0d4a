// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"slices"

	"rootceremony/internal/algorithm"
	"rootceremony/profiles/ext"
)

// Certificate is a certificate profile bound to everything but the subject's
// key, the serial number, the issuer's key and the time of signing.
type Certificate struct {
	Artifact     string              `json:"artifact"`
	Kind         Kind                `json:"kind"`
	Profile      string              `json:"profile"`
	Subject      Name                `json:"subject"`
	Validity     Validity            `json:"validity"`
	SerialOctets int                 `json:"serial_octets"` // length of the encoded serial number, 9 to 20
	Signature    algorithm.Signature `json:"signature"`
	Extensions   []Extension         `json:"extensions"` // in encoded order
	Purpose      Purpose             `json:"purpose"`
}

// KeyID gives the declared subject key identifier; its method is empty where
// there is none.
func (c *Certificate) KeyID() ext.SubjectKeyID {
	for _, e := range c.Extensions {
		if id, ok := e.Value.(ext.SubjectKeyID); ok {
			return id
		}
	}
	return ext.SubjectKeyID{}
}

// ExistingKeyID is the subject key identifier of a certificate that exists.
func ExistingKeyID(value []byte) ext.SubjectKeyID {
	return ext.SubjectKeyID{Method: ext.SKIExisting, Value: slices.Clone(value)}
}

// RevocationList is a CRL profile bound to one CRL.
type RevocationList struct {
	Artifact   string              `json:"artifact"`
	Profile    string              `json:"profile"`
	Covers     Scope               `json:"covers"`
	Signature  algorithm.Signature `json:"signature"`
	Number     string              `json:"number"` // decimal
	ThisUpdate Moment              `json:"this_update"`
	NextUpdate End                 `json:"next_update"`
	Entries    []RevokedEntry      `json:"entries"` // sorted by serial number when encoded
	Extensions []Extension         `json:"extensions"`
	Purpose    Purpose             `json:"purpose"`
}

// RevokedEntry is one line of a CRL.
type RevokedEntry struct {
	Serial Serial `json:"serial"`
	Date   Moment `json:"date"`
	Reason Reason `json:"reason"`
	// CarriedOver tells that the entry was in the previous CRL.
	CarriedOver bool `json:"carried_over,omitempty"`
	// Correction is set where the entry was in the previous CRL with another
	// date or reason.
	Correction *Correction `json:"correction,omitempty"`
}

// Correction is what an entry was, and why it is changed (BR 7.2.2).
type Correction struct {
	Date   Moment `json:"date"`
	Reason Reason `json:"reason"`
	Why    string `json:"why"`
}

// Response is an OCSP response profile bound to one response for one certificate.
type Response struct {
	Artifact   string              `json:"artifact"`
	Profile    string              `json:"profile"`
	Covers     Scope               `json:"covers"`
	Signature  algorithm.Signature `json:"signature"`
	CertIDHash algorithm.Hash      `json:"certificate_id_hash"` // "sha1" or "sha256"
	Responder  ResponderID         `json:"responder_id"`
	Serial     Serial              `json:"serial"`
	Status     string              `json:"status"` // "good" or "revoked"
	Revoked    *RevokedEntry       `json:"revoked,omitempty"`
	ThisUpdate Moment              `json:"this_update"`
	NextUpdate End                 `json:"next_update"`
	Extensions []Extension         `json:"extensions"`
	Purpose    Purpose             `json:"purpose"`
}

// Request is a certificate request profile bound to one PKCS#10 request.
type Request struct {
	Artifact   string              `json:"artifact"`
	Profile    string              `json:"profile"`
	Subject    Name                `json:"subject"`
	Signature  algorithm.Signature `json:"signature"`
	Extensions []Extension         `json:"extensions"` // requested extensions, RFC 2985 5.4.2
	Purpose    Purpose             `json:"purpose"`
}

// Purpose is what a profile declares about its use; rules check objects against
// it.
type Purpose struct {
	Intent           Intent      `json:"intent,omitempty"`
	SubjectHierarchy Intent      `json:"subject_hierarchy,omitempty"` // of a cross-certificate
	Scope            []RootScope `json:"scope,omitempty"`             // of the root
	Included         string      `json:"included,omitempty"`          // of the root, in root programs: a date, or "new"
	OCSP             string      `json:"ocsp,omitempty"`              // none, direct, delegated
	Rules            []string    `json:"rules"`                       // rule packs, sorted
	Implements       string      `json:"implements,omitempty"`        // CP/CPS section
}
