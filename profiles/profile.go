// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"rootceremony/internal/algorithm"
	"rootceremony/internal/source"
)

// Profile is one parsed profile: a [*CertificateProfile], a
// [*RevocationListProfile], a [*ResponseProfile] or a [*RequestProfile].
type Profile interface {
	Head() *Head
	resolve(*Resolved)
}

// Head is what profiles of all kinds have.
type Head struct {
	Name       string
	Kind       Kind
	Purpose    Purpose
	Signatures []algorithm.Signature // as written; binding chooses the one for the issuer's key
	SHA256     [32]byte              // of the file
	Doc        *source.Document

	places map[Field]place
}

// place is where a field is in the file.
type place struct {
	pos  source.Pos
	path string
}

// Pos tells where a field is, so that a finding can point at the line
// responsible. Of a field that the file does not have, it is the place of the
// nearest thing around it.
func (h *Head) Pos(field Field) (source.Pos, string) {
	for ; field != (Field{}); field = field.around() {
		if p, ok := h.places[field]; ok {
			return p.pos, p.path
		}
	}
	if h.Doc == nil {
		return source.Pos{}, ""
	}
	root := h.Doc.Root()
	return root.Pos(), root.Path()
}

// CertificateProfile describes certificates.
type CertificateProfile struct {
	head         Head
	Keys         []algorithm.Key // that the subject may have
	SerialOctets int
	Subject      []SubjectAttribute // in order; none for a cross-certificate
	Validity     Limits
	Extensions   []Extension // URLs may be the word [ext.IssuerURL]
}

// RevocationListProfile describes CRLs.
type RevocationListProfile struct {
	head       Head
	Covers     Scope
	Validity   Limits
	Extensions []Extension // URLs may be the word [ext.IssuerURL]
}

// ResponseProfile describes OCSP responses.
type ResponseProfile struct {
	head       Head
	Covers     Scope
	Validity   Limits
	CertIDHash algorithm.Hash // "sha1" or "sha256"
	Responder  ResponderID
	Extensions []Extension
}

// RequestProfile describes PKCS#10 certificate requests.
type RequestProfile struct {
	head       Head
	Keys       []algorithm.Key
	Subject    []SubjectAttribute
	Extensions []Extension
}

// Head returns what all profiles have.
func (p *CertificateProfile) Head() *Head { return &p.head }

// Head returns what all profiles have.
func (p *RevocationListProfile) Head() *Head { return &p.head }

// Head returns what all profiles have.
func (p *ResponseProfile) Head() *Head { return &p.head }

// Head returns what all profiles have.
func (p *RequestProfile) Head() *Head { return &p.head }

// SubjectAttribute is one attribute that a subject has, with its encoding.
type SubjectAttribute struct {
	Type   string     `json:"type"`
	String StringType `json:"string"`
}

// Limits bound a validity period. AtLeast may be zero.
type Limits struct {
	AtLeast source.Span `json:"at_least,omitzero"`
	AtMost  source.Span `json:"at_most"`
	// NoExpiration allows the notAfter of a certificate without a well-defined
	// expiration date, too.
	NoExpiration bool `json:"no_expiration,omitempty"`
}
