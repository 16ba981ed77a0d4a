// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

// Certificate is a certificate profile bound to everything but the subject's
// key, the serial number, the issuer's key and the moment of signing.
type Certificate struct {
	Artifact     string             `json:"artifact"`
	Kind         Kind               `json:"kind"`
	Profile      string             `json:"profile"`
	Subject      Name               `json:"subject"`
	Validity     Validity           `json:"validity"`
	SerialOctets int                `json:"serial_octets"` // length of the encoded serial number, 9 to 20
	Signature    SignatureAlgorithm `json:"signature"`
	Extensions   []Extension        `json:"extensions"` // in encoded order
	Purpose      Purpose            `json:"purpose"`
}

// RevocationList is a CRL profile bound to one CRL.
type RevocationList struct {
	Artifact   string             `json:"artifact"`
	Profile    string             `json:"profile"`
	Covers     Scope              `json:"covers"`
	Signature  SignatureAlgorithm `json:"signature"`
	Number     string             `json:"number"` // decimal
	ThisUpdate Moment             `json:"this_update"`
	NextUpdate End                `json:"next_update"`
	Entries    []RevokedEntry     `json:"entries"` // sorted by serial number when encoded
	Extensions []Extension        `json:"extensions"`
	Purpose    Purpose            `json:"purpose"`
}

// RevokedEntry is one line of a CRL.
type RevokedEntry struct {
	// Serial is lower-case hexadecimal without leading zeros, or a reference
	// "cert:ARTIFACT.serial" to a certificate of the same ceremony.
	Serial string `json:"serial"`
	Date   Moment `json:"date"`
	Reason Reason `json:"reason"`
	// CarriedOver tells that the entry stood in the previous CRL.
	CarriedOver bool `json:"carried_over,omitempty"`
	// Correction is set where the entry stood in the previous CRL with another
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
	Artifact   string             `json:"artifact"`
	Profile    string             `json:"profile"`
	Covers     Scope              `json:"covers"`
	Signature  SignatureAlgorithm `json:"signature"`
	CertIDHash string             `json:"certificate_id_hash"` // "sha1" or "sha256"
	Responder  ResponderID        `json:"responder_id"`
	// Serial is hexadecimal, or a reference "cert:ARTIFACT.serial".
	Serial     string        `json:"serial"`
	Status     string        `json:"status"` // "good" or "revoked"
	Revoked    *RevokedEntry `json:"revoked,omitempty"`
	ThisUpdate Moment        `json:"this_update"`
	NextUpdate End           `json:"next_update"`
	Extensions []Extension   `json:"extensions"`
	Purpose    Purpose       `json:"purpose"`
}

// Request is a certificate request profile bound to one PKCS#10 request.
type Request struct {
	Artifact   string             `json:"artifact"`
	Profile    string             `json:"profile"`
	Subject    Name               `json:"subject"`
	Signature  SignatureAlgorithm `json:"signature"`
	Extensions []Extension        `json:"extensions"` // requested extensions, RFC 2985 5.4.2
	Purpose    Purpose            `json:"purpose"`
}

// Purpose is what a profile declares about its use; rules hold objects to it.
type Purpose struct {
	Intent           Intent   `json:"intent,omitempty"`
	SubjectHierarchy Intent   `json:"subject_hierarchy,omitempty"` // of a cross-certificate
	OCSP             string   `json:"ocsp,omitempty"`              // none, direct, delegated
	Rules            []string `json:"rules"`                       // rule packs, sorted
	Implements       string   `json:"implements,omitempty"`        // CP/CPS section
}

// Name is a distinguished name: written out attribute by attribute, or, when
// it must equal an existing one byte for byte, as DER.
type Name struct {
	Attributes []Attribute `json:"attributes,omitempty"` // one per RDN, in order
	DER        HexBytes    `json:"der,omitempty"`
}

// Attribute is an AttributeTypeAndValue, alone in its RDN.
type Attribute struct {
	Type   string     `json:"type"` // name in YAML, e.g. "organization"
	OID    OID        `json:"oid"`
	String StringType `json:"string"`
	Value  string     `json:"value"`
}

// Extension is one extension of a certificate, CRL, CRL entry or request.
// Exactly one of the pointers that its name asks for is set; names that need
// no value (ocsp-no-check, crl-number) set none.
type Extension struct {
	Name     ExtensionName `json:"extension"`
	Critical bool          `json:"critical"`

	BasicConstraints *BasicConstraints    `json:"basic_constraints,omitempty"`
	KeyUsage         []KeyUsage           `json:"key_usage,omitempty"`
	ExtKeyUsage      []Purposed           `json:"extended_key_usage,omitempty"`
	SubjectKeyID     *SubjectKeyID        `json:"subject_key_identifier,omitempty"`
	Policies         []Policy             `json:"certificate_policies,omitempty"`
	NameConstraints  *NameConstraints     `json:"name_constraints,omitempty"`
	CRLURLs          []string             `json:"crl_urls,omitempty"` // one DistributionPoint, fullName URIs
	InfoAccess       []AccessDescription  `json:"information_access,omitempty"`
	IssuingPoint     *IssuingDistribution `json:"issuing_distribution_point,omitempty"`
	Raw              *RawExtension        `json:"raw,omitempty"`
}

// BasicConstraints is RFC 5280 4.2.1.9. PathLength is nil for none.
type BasicConstraints struct {
	CA         bool `json:"ca"`
	PathLength *int `json:"path_length,omitempty"`
}

// SubjectKeyID says how the identifier is derived from the key, or is the
// identifier of an existing certificate (Method "existing").
type SubjectKeyID struct {
	Method SKIMethod `json:"method"`
	Value  HexBytes  `json:"value,omitempty"`
}

// Purposed is a key purpose with its name where it has one.
type Purposed struct {
	Name string `json:"name,omitempty"`
	OID  OID    `json:"oid"`
}

// Policy is a PolicyInformation, RFC 5280 4.2.1.4.
type Policy struct {
	OID    OID    `json:"oid"`
	CPS    string `json:"cps,omitempty"`    // id-qt-cps
	Notice string `json:"notice,omitempty"` // id-qt-unotice, explicitText as UTF8String
}

// NameConstraints is RFC 5280 4.2.1.10.
type NameConstraints struct {
	Permitted []GeneralSubtree `json:"permitted,omitempty"`
	Excluded  []GeneralSubtree `json:"excluded,omitempty"`
}

// GeneralSubtree is one base name; minimum is 0 and maximum absent.
type GeneralSubtree struct {
	Type      string   `json:"type"`            // dns, email, uri, ip, directory, other
	Value     string   `json:"value,omitempty"` // dns, email, uri; ip in CIDR form
	Directory *Name    `json:"name,omitempty"`  // directory
	OtherOID  OID      `json:"oid,omitempty"`   // other
	OtherDER  HexBytes `json:"der,omitempty"`   // other: the explicit [0] value
}

// AccessDescription is one line of authority information access.
type AccessDescription struct {
	Method string `json:"method"` // "ocsp" or "ca-issuers"
	URL    string `json:"url"`
}

// IssuingDistribution is RFC 5280 5.2.5. FALSE fields are not encoded.
type IssuingDistribution struct {
	URLs          []string `json:"urls,omitempty"`
	OnlyUserCerts bool     `json:"only_user_certificates,omitempty"`
	OnlyCACerts   bool     `json:"only_ca_certificates,omitempty"`
}

// RawExtension carries an extension this language has no words for.
type RawExtension struct {
	OID OID      `json:"oid"`
	DER HexBytes `json:"der"` // contents of extnValue
}
