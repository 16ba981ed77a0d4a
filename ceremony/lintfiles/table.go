// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lintfiles

import (
	"fmt"
	"strings"

	"rootceremony/profiles"
)

// Row is one line of the table that stands in a CP or CPS.
type Row struct {
	Field, Content string
	Critical       string // "yes", "no", or "" where there is no such thing
	Source         string // sections that ask for it
}

// Table gives the contents of what a profile describes, field by field in
// encoded order.
func Table(p profiles.Profile) []Row {
	t := &table{head: p.Head()}
	switch p := p.(type) {
	case *profiles.CertificateProfile:
		t.certificate(p)
	case *profiles.RevocationListProfile:
		t.revocationList(p)
	case *profiles.ResponseProfile:
		t.response(p)
	case *profiles.RequestProfile:
		t.request(p)
	}
	return t.rows
}

// table collects rows.
type table struct {
	head *profiles.Head
	rows []Row
}

func (t *table) add(key, field, format string, args ...any) {
	t.rows = append(t.rows, Row{Field: field, Content: fmt.Sprintf(format, args...), Source: t.source(key)})
}

func (t *table) certificate(p *profiles.CertificateProfile) {
	t.add("version", "version", "v3 (2)")
	t.add("serial", "serialNumber", "%d octets from a CSPRNG, unique for each certificate of the issuer", p.SerialOctets)
	t.add("signature", "signature", "%s, as the key of the issuer asks", list(p.Head().Signatures))
	issuer := "subject of the issuing CA, byte for byte"
	if p.Head().Kind == profiles.RootCA {
		issuer = "same as the subject, byte for byte"
	}
	t.add("issuer", "issuer", "%s", issuer)
	t.add("validity", "validity", "%s, the last second included", limits(p.Validity))
	if p.Head().Kind == profiles.CrossCertifiedCA {
		t.add("subject", "subject", "that of the existing certificate, byte for byte")
	}
	t.subject(p.Subject)
	t.add("key", "subjectPublicKeyInfo", "%s", list(p.Keys))
	t.extensions(p.Extensions)
}

func (t *table) revocationList(p *profiles.RevocationListProfile) {
	t.add("version", "version", "v2 (1)")
	t.add("signature", "signature", "%s, as the key of the issuer asks", list(p.Head().Signatures))
	t.add("issuer", "issuer", "subject of the issuing CA, byte for byte")
	t.add("this-update", "thisUpdate", "the time of signing")
	t.add("validity", "nextUpdate", "%s after thisUpdate, the last second included", limits(p.Validity))
	t.add("entries", "revokedCertificates", "serial number, date and reasonCode of each revoked certificate (%s); absent when there is none", words(string(p.Covers)))
	t.extensions(p.Extensions)
}

func (t *table) response(p *profiles.ResponseProfile) {
	t.add("signature", "signatureAlgorithm", "%s, as the key of the responder asks", list(p.Head().Signatures))
	t.add("responder-id", "responderID", "%s", words(string(p.Responder)))
	t.add("certificate-id", "certID", "hash algorithm %s; about %s", p.CertIDHash, words(string(p.Covers)))
	t.add("status", "certStatus", "good, or revoked with revocationTime and revocationReason")
	t.add("this-update", "thisUpdate", "the time of signing")
	t.add("validity", "nextUpdate", "%s after thisUpdate, the last second included", limits(p.Validity))
	t.extensions(p.Extensions)
}

func (t *table) request(p *profiles.RequestProfile) {
	t.add("version", "version", "v1 (0)")
	t.subject(p.Subject)
	t.add("key", "subjectPKInfo", "%s", list(p.Keys))
	t.add("signature", "signatureAlgorithm", "%s, by the key that is requested for", list(p.Head().Signatures))
	t.extensions(p.Extensions)
}

func (t *table) subject(attributes []profiles.SubjectAttribute) {
	for _, a := range attributes {
		t.add("subject", "subject: "+words(a.Type), "one, as %s", a.String.Title())
	}
}

func (t *table) extensions(extensions []profiles.Extension) {
	if len(extensions) == 0 {
		t.add("extensions", "extensions", "none")
		return
	}
	for i := range extensions {
		e := &extensions[i]
		row := Row{Field: e.Title(), Content: e.Content(), Critical: "no", Source: t.source(string(e.Name))}
		if e.Critical {
			row.Critical = "yes"
		}
		t.rows = append(t.rows, row)
	}
	t.add("extensions", "any other extension", "not present")
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

// words takes the hyphens out of a word of the language.
func words(s string) string { return strings.ReplaceAll(s, "-", " ") }
