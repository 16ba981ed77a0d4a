// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rootceremony/profiles"
	"rootceremony/transcripts"
)

// A card shows an artifact as the plan alone knows it: whatever follows from
// keys, serial numbers and the moment of signing is not there yet. Screen and
// script show the same cards, and they show every value that is signed.

// facts gives all values of an artifact but its extensions.
func (p *Preview) facts(a *Artifact) []transcripts.Labelled {
	out := append(rowOf(a.Kind()).facts(p, a), p.keyIDFacts(a)...)
	return append(out, transcripts.Labelled{Label: "Signature", Value: string(a.Signature()) + " by key " + a.IssuerKey.ID()},
		transcripts.Labelled{Label: "Profile", Value: a.Object.FromProfile(), Note: purposeText(a.Object.DeclaredPurpose())})
}

func (p *Preview) certificateFacts(a *Artifact) []transcripts.Labelled {
	c := a.Certificate()
	out := []transcripts.Labelled{
		nameFact("Subject", c.Subject),
		{Label: "Issuer", Value: p.issuerName(a)},
		{Label: "Serial", Value: fmt.Sprintf("%d octets from a CSPRNG", c.SerialOctets)},
		{Label: "Key", Value: p.keyLine(a)},
	}
	out = append(out, p.validity(c.Validity)...)
	return slices.Concat(out, SubmissionFact(a), p.AskedFacts(a))
}

// SubmissionFact shows the day from which root programs count the life of a
// root, where the file gives it.
func SubmissionFact(a *Artifact) []transcripts.Labelled {
	if a.Submission == "" {
		return nil
	}
	return []transcripts.Labelled{{Label: "Submission", Value: a.Submission + ", to root programs"}}
}

func (p *Preview) crlFacts(a *Artifact) []transcripts.Labelled {
	l := a.RevocationList()
	out := []transcripts.Labelled{
		{Label: "Issuer", Value: p.issuerName(a)},
		{Label: "Number", Value: l.Number},
		{Label: "Covers", Value: string(l.Covers)},
	}
	out = append(out, p.validity(l.Period())...)
	return append(out, p.EntryFacts(a)...)
}

func (p *Preview) requestFacts(a *Artifact) []transcripts.Labelled {
	return []transcripts.Labelled{nameFact("Subject", a.CertRequest().Subject), {Label: "Key", Value: p.keyLine(a)}}
}

func (p *Preview) responseFacts(a *Artifact) []transcripts.Labelled {
	r := a.Response()
	status := transcripts.Labelled{Label: "Status", Value: a.Subject.ID() + " is " + r.Status}
	if r.Revoked != nil {
		status.Note = revocationText(*r.Revoked)
	}
	out := []transcripts.Labelled{status,
		{Label: "Certificate", Value: serialText(r.Serial), Note: fmt.Sprintf("certID with %s; covers %s", r.CertIDHash, r.Covers)}}
	out = append(out, p.validity(r.Period())...)
	return append(out, transcripts.Labelled{Label: "Responder", Value: a.Responder.String() + ", named " + string(r.Responder)})
}

// serialText names the certificate that a response speaks about.
func serialText(s profiles.Serial) string {
	if _, ours := s.Artifact(); ours {
		return s.String()
	}
	return "serial number " + s.String()
}

// nameFact shows a name with the types of its strings.
func nameFact(label string, n profiles.Name) transcripts.Labelled {
	f := transcripts.Labelled{Label: label, Value: NameText(n)}
	var types []string
	for _, a := range n.Attributes {
		types = append(types, a.String.Title())
	}
	if f.Note = strings.Join(types, ", "); len(n.DER) > 0 {
		f.Note = "byte for byte as in the certificate that exists"
	}
	return f
}

// purposeText says what a profile declares of its use, against which the rules check the
// object to.
func purposeText(p *profiles.Purpose) string {
	var out []string
	for _, part := range [][2]string{
		{"intent ", string(p.Intent)}, {"hierarchy of the subject ", string(p.SubjectHierarchy)}, {"scope of the root ", joined(p.Scope)}, {"root included ", p.Included}, {"OCSP ", p.OCSP},
		{"checked against ", strings.Join(p.Rules, ", ")}, {"implements ", p.Implements},
	} {
		if part[1] != "" {
			out = append(out, part[0]+part[1])
		}
	}
	return strings.Join(out, "; ")
}

// joined lists words.
func joined[T ~string](words []T) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return strings.Join(out, ", ")
}

// extensionLines shows the extensions in encoded order.
func extensionLines(a *Artifact) []string {
	var out []string
	list := a.Object.AllExtensions()
	for i := range list {
		title := list[i].Title()
		if list[i].Critical {
			title += " (critical)"
		}
		out = append(out, title+": "+list[i].Content())
	}
	return out
}

// validity shows both ends of a validity and its length, for a signature at the
// beginning of the window and at its ends, once where they are the same.
func (p *Preview) validity(v profiles.Validity) []transcripts.Labelled {
	win := p.Plan.Ceremony.Window
	var out []transcripts.Labelled
	for i, at := range win.ends() {
		from, to, err := v.At(at)
		if err != nil {
			return []transcripts.Labelled{{Label: "Validity", Value: err.Error()}}
		}
		ends, length := validityText(from, to)
		if i > 0 && out[i-1].Value == ends {
			break
		}
		if v.NotBefore == profiles.SigningDay || v.NotBefore == profiles.SigningTime {
			length += ", if signed " + signedAt(v.NotBefore, at)
		}
		out = append(out, transcripts.Labelled{Label: []string{"Validity", ""}[min(i, 1)], Value: ends, Note: length})
	}
	return out
}

// secondsOfDay is the length of a day: UTC as it is encoded has no others.
const secondsOfDay = 24 * 60 * 60

// ValidityLine shows both ends and the length on one line.
func ValidityLine(from, to time.Time) string {
	ends, length := validityText(from, to)
	return ends + ", " + length
}

// validityText gives both ends and the length, inclusive of the last second. It
// counts seconds of the calendar: a [time.Duration] ends at 292 years.
func validityText(from, to time.Time) (ends, length string) {
	seconds := to.Unix() - from.Unix() + 1
	length = fmt.Sprintf("inclusive length %d days", seconds/secondsOfDay)
	if rest := seconds % secondsOfDay; rest != 0 {
		length += fmt.Sprintf(" and %d seconds", rest)
	}
	return Stamp(from) + " to " + Stamp(to), length
}
