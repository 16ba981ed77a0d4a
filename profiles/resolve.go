// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"encoding/hex"

	"rootceremony/internal/algorithm"
)

// resolvedVersion is the version of the form of [Resolved].
const resolvedVersion = 1

// Resolved is a profile with everything written out that its YAML may leave to
// the program, such as string types and the length of serial numbers. It is
// what people approve: a program that interprets the same YAML differently
// gives other bytes, which the approval does not cover.
type Resolved struct {
	Version      int                   `json:"version"`
	Profile      string                `json:"profile"`
	Kind         Kind                  `json:"kind"`
	SourceSHA256 string                `json:"source_sha256"` // of the YAML
	Purpose      Purpose               `json:"purpose"`
	Signatures   []algorithm.Signature `json:"signatures"` // binding takes the one for the issuer's key
	Keys         []algorithm.Key       `json:"keys,omitempty"`
	SerialOctets int                   `json:"serial_octets,omitempty"`
	Subject      []SubjectAttribute    `json:"subject,omitempty"` // in order
	Covers       Scope                 `json:"covers,omitempty"`
	Validity     *Limits               `json:"validity,omitempty"`
	CertIDHash   algorithm.Hash        `json:"certificate_id_hash,omitempty"`
	Responder    ResponderID           `json:"responder_id,omitempty"`
	Extensions   []Extension           `json:"extensions"` // in encoded order; nothing else may be present
}

// Resolve writes a profile out.
func Resolve(p Profile) Resolved {
	h := p.Head()
	r := Resolved{
		Version: resolvedVersion, Profile: h.Name, Kind: h.Kind, SourceSHA256: hex.EncodeToString(h.SHA256[:]),
		Purpose: h.Purpose, Signatures: h.Signatures,
	}
	p.resolve(&r)
	if r.Extensions == nil {
		r.Extensions = []Extension{}
	}
	return r
}

func (p *CertificateProfile) resolve(r *Resolved) {
	r.Keys, r.SerialOctets, r.Subject, r.Validity, r.Extensions = p.Keys, p.SerialOctets, p.Subject, &p.Validity, p.Extensions
}

func (p *RevocationListProfile) resolve(r *Resolved) {
	r.Covers, r.Validity, r.Extensions = p.Covers, &p.Validity, p.Extensions
}

func (p *ResponseProfile) resolve(r *Resolved) {
	r.Covers, r.Validity, r.Extensions = p.Covers, &p.Validity, p.Extensions
	r.CertIDHash, r.Responder = p.CertIDHash, p.Responder
}

func (p *RequestProfile) resolve(r *Resolved) {
	r.Keys, r.Subject, r.Extensions = p.Keys, p.Subject, p.Extensions
}
