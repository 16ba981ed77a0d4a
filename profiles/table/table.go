// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package table

import (
	"fmt"
	"strings"

	"rootceremony/profiles"
)

// Row is one line of the table for a CP or CPS.
type Row struct {
	Field, Content string
	Critical       string // "yes", "no", or "" where there is no such thing
	Source         string // sections that ask for it
}

// Of gives the contents of what a profile describes, field by field in
// encoded order.
func Of(p profiles.Profile) []Row {
	s := &sheet{head: p.Head()}
	switch p := p.(type) {
	case *profiles.CertificateProfile:
		s.certificate(p)
	case *profiles.RevocationListProfile:
		s.revocationList(p)
	case *profiles.ResponseProfile:
		s.response(p)
	case *profiles.RequestProfile:
		s.request(p)
	}
	return s.rows
}

// sheet collects rows.
type sheet struct {
	head *profiles.Head
	rows []Row
}

func (s *sheet) add(key, field, format string, args ...any) {
	s.rows = append(s.rows, Row{Field: field, Content: fmt.Sprintf(format, args...), Source: s.source(key)})
}

func (s *sheet) certificate(p *profiles.CertificateProfile) {
	s.add("version", "version", "v3 (2)")
	s.add("serial", "serialNumber", "%d octets from a CSPRNG, unique for each certificate of the issuer", p.SerialOctets)
	s.add("signature", "signature", "%s, depending on the key of the issuer", list(p.Head().Signatures))
	issuer := "subject of the issuing CA, byte for byte"
	if p.Head().Kind == profiles.RootCA {
		issuer = "same as the subject, byte for byte"
	}
	s.add("issuer", "issuer", "%s", issuer)
	s.add("validity", "validity", "%s, the last second included", limits(p.Validity))
	if p.Head().Kind == profiles.CrossCertifiedCA {
		s.add("subject", "subject", "that of the existing certificate, byte for byte")
	}
	s.subject(p.Subject)
	s.add("key", "subjectPublicKeyInfo", "%s", list(p.Keys))
	s.extensions(p.Extensions)
}

func (s *sheet) revocationList(p *profiles.RevocationListProfile) {
	s.add("version", "version", "v2 (1)")
	s.add("signature", "signature", "%s, depending on the key of the issuer", list(p.Head().Signatures))
	s.add("issuer", "issuer", "subject of the issuing CA, byte for byte")
	s.add("this-update", "thisUpdate", "the time of signing")
	s.add("validity", "nextUpdate", "%s after thisUpdate, the last second included", limits(p.Validity))
	s.add("entries", "revokedCertificates", "serial number, date and reasonCode of each revoked certificate (%s); absent when there is none", words(string(p.Covers)))
	s.extensions(p.Extensions)
}

func (s *sheet) response(p *profiles.ResponseProfile) {
	s.add("signature", "signatureAlgorithm", "%s, depending on the key of the responder", list(p.Head().Signatures))
	s.add("responder-id", "responderID", "%s", words(string(p.Responder)))
	s.add("certificate-id", "certID", "hash algorithm %s; about %s", p.CertIDHash, words(string(p.Covers)))
	s.add("status", "certStatus", "good, or revoked with revocationTime and revocationReason")
	s.add("this-update", "thisUpdate", "the time of signing")
	s.add("validity", "nextUpdate", "%s after thisUpdate, the last second included", limits(p.Validity))
	s.extensions(p.Extensions)
}

func (s *sheet) request(p *profiles.RequestProfile) {
	s.add("version", "version", "v1 (0)")
	s.subject(p.Subject)
	s.add("key", "subjectPKInfo", "%s", list(p.Keys))
	s.add("signature", "signatureAlgorithm", "%s, made with the key in the request", list(p.Head().Signatures))
	s.extensions(p.Extensions)
}

func (s *sheet) subject(attributes []profiles.SubjectAttribute) {
	for _, a := range attributes {
		s.add("subject", "subject: "+words(a.Type), "one, as %s", a.String.Title())
	}
}

func (s *sheet) extensions(extensions []profiles.Extension) {
	if len(extensions) == 0 {
		s.add("extensions", "extensions", "none")
		return
	}
	for i := range extensions {
		e := &extensions[i]
		row := Row{Field: e.Title(), Content: strings.Join(e.Content(), "; "), Critical: "no", Source: s.source(string(e.Name))}
		if e.Critical {
			row.Critical = "yes"
		}
		s.rows = append(s.rows, row)
	}
	s.add("extensions", "any other extension", "not present")
}

// limits shows how long something is valid.
func limits(l profiles.Limits) string {
	if l.AtLeast.IsZero() {
		return "at most " + l.AtMost.String()
	}
	return fmt.Sprintf("at least %s, at most %s", l.AtLeast, l.AtMost)
}

// list joins words for people.
func list[T ~string](items []T) string {
	out := make([]string, len(items))
	for i, w := range items {
		out[i] = string(w)
	}
	return strings.Join(out, " or ")
}

// words takes the hyphens out of a keyword.
func words(s string) string { return strings.ReplaceAll(s, "-", " ") }
