// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"math/big"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/source"
	"rootceremony/profiles/ext"
)

// Problem is why values do not fit a profile.
type Problem struct {
	// Field says what is at fault. [Head.Pos] finds it in the profile.
	Field    Field
	Msg      string
	Hint     string // what to change; may be empty
	Citation string // may be empty
}

// Error returns "field: message (citation)".
func (p Problem) Error() string {
	s := p.Field.String() + ": " + p.Msg
	if p.Citation != "" {
		s += " (" + p.Citation + ")"
	}
	return s
}

// Assigned is an attribute of a subject as a ceremony file gives it.
type Assigned struct {
	Type, Value string
	Pos         source.Pos
	Path        string
}

// Window is the time in which signing may happen. The zero Window is unknown.
type Window struct {
	From, To time.Time
}

// CertificateValues are what a certificate has beyond its profile.
type CertificateValues struct {
	Artifact     string
	Subject      []Assigned // or
	ExistingName []byte     // the DER of a Name that must be kept byte for byte
	SubjectKey   algorithm.Key
	IssuerKey    algorithm.Key
	Validity     Validity
	Issuer       URLs
	ExistingSKI  ext.SubjectKeyID // of the certificate that is cross-certified
	// Window lets a validity that begins at signing and ends at a fixed time be
	// checked; without it such a validity is refused.
	Window Window
}

// RevocationListValues are what a CRL has beyond its profile.
type RevocationListValues struct {
	Artifact   string
	IssuerKey  algorithm.Key
	Number     *big.Int
	ThisUpdate Moment
	NextUpdate End
	Entries    []RevokedEntry
	LeftOut    []LeftOutEntry
	Issuer     URLs
	Window     Window
}

// ResponseValues are what an OCSP response has beyond its profile.
type ResponseValues struct {
	Artifact   string
	SignerKey  algorithm.Key // of the responder
	Serial     Serial
	Status     string // "good" or "revoked"
	Revoked    *RevokedEntry
	ThisUpdate Moment
	NextUpdate End
	Window     Window
}

// RequestValues are what a certificate request has beyond its profile.
type RequestValues struct {
	Artifact     string
	Subject      []Assigned // or
	ExistingName []byte
	SubjectKey   algorithm.Key
}
