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
	Entries    []RevokedEntry      `json:"entries"`            // sorted by serial number when encoded
	LeftOut    []LeftOutEntry      `json:"left_out,omitempty"` // entries of the previous CRL
	Extensions []Extension         `json:"extensions"`
	Purpose    Purpose             `json:"purpose"`
}

// RevokedEntry is one line of a CRL.
type RevokedEntry struct {
	Serial Serial `json:"serial"`
	Date   Moment `json:"date"`
	Reason Reason `json:"reason"`
	// InvalidityDate is the extension of that name, a fixed time (RFC 5280 5.3.2).
	InvalidityDate Moment `json:"invalidity_date,omitempty"`
	// Extensions are those beside reasonCode and invalidityDate, all of which came
	// with an entry of an existing CRL.
	Extensions []EntryExtension `json:"extensions,omitempty"`
	// Listed tells that the entry is in the file that the step names, and that its
	// certificate need not be there.
	Listed bool `json:"listed,omitempty"`
	// CarriedOver tells that the entry was in the previous CRL.
	CarriedOver bool `json:"carried_over,omitempty"`
	// Encoded is the DER of an entry of an existing CRL, which is copied byte for
	// byte; nil for one that is new or changed.
	Encoded HexBytes `json:"encoded,omitempty"`
	// Change is set where the entry is not as it was in the previous CRL, or could
	// not stay as it was without a word.
	Change *Change `json:"change,omitempty"`
}

// EntryExtension is an extension of an entry that this program does not interpret. It
// is not critical: a CRL with one that is must not be used (RFC 5280 5.3).
type EntryExtension struct {
	OID OID      `json:"oid"`
	DER HexBytes `json:"der"` // contents of extnValue
}

// OldEntry is what an entry of the previous CRL says.
type OldEntry struct {
	Date           Moment `json:"date"`
	Reason         Reason `json:"reason"`
	InvalidityDate Moment `json:"invalidity_date,omitempty"`
	// Extensions are those beside reasonCode and invalidityDate, and what of the two
	// could not be read.
	Extensions []EntryExtension `json:"extensions,omitempty"`
}

// Change is what an entry was, and why it is changed (BR 7.2.2, CSBR 7.2).
type Change struct {
	Was OldEntry `json:"was"`
	Why string   `json:"why"`
	// Item is the one of change: in the ceremony file that says so, from 1; 0 where a
	// rule does.
	Item int `json:"item,omitempty"`
}

// LeftOutEntry is an entry of the previous CRL, or of a later delta CRL, that this one does
// not have.
type LeftOutEntry struct {
	Serial Serial   `json:"serial"`
	Was    OldEntry `json:"was"`
	How    LeftOut  `json:"how"`
	Why    string   `json:"why"`
	Item   int      `json:"item,omitempty"` // of change:, from 1; 0 where nobody had to say so
	// Delta tells that a delta CRL has the entry, and not the previous CRL.
	Delta bool `json:"delta,omitempty"`
}

// LeftOut says what becomes of an entry that is left out.
type LeftOut string

// Entries that are left out.
const (
	Released LeftOut = "released" // the certificate was on hold and is good again
	Dropped  LeftOut = "dropped"  // the certificate has expired (RFC 5280 3.3)
	// OutOfScope: this CRL does not cover the certificate, and another one does.
	OutOfScope LeftOut = "out-of-scope"
	// Repeated: the previous CRL lists the serial number more than once, and another of
	// its entries counts.
	Repeated LeftOut = "repeated"
)

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
