// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"strings"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
	"rootceremony/transcripts"
)

// certificate shows what is in a certificate but its extensions.
func (c *card) certificate() []transcripts.CardRow {
	cert := profiles.As[*profiles.Certificate](c.object)
	serial := fmt.Sprintf("%d octets from a CSPRNG", cert.SerialOctets)
	if read := inspect.As[*inspect.Certificate](c.read); read != nil {
		serial = fmt.Sprintf("%s (%d octets)", BigHex(read.Serial), cert.SerialOctets)
	}
	out := []transcripts.CardRow{
		c.name("Subject", cert.Subject),
		cardRow("Issuer", c.issuer()),
		cardRow("Serial", serial),
		cardRow("Key", c.key()...),
		cardRow("Validity", c.validity(cert.Validity)...),
	}
	if c.a.Submission != "" {
		out = append(out, cardRow("Submission", c.a.Submission+", to root programs"))
	}
	if asked := c.Asked(c.a); len(asked) > 0 {
		out = append(out, cardRow("Asked for", asked...))
	}
	return out
}

// crl shows what is in a CRL but its extensions.
func (c *card) crl() []transcripts.CardRow {
	l := profiles.As[*profiles.RevocationList](c.object)
	out := []transcripts.CardRow{
		cardRow("Issuer", c.issuer()),
		cardRow("Number", l.Number),
		cardRow("Covers", string(l.Covers)),
	}
	out = append(out, c.updates(l.Period())...)
	return append(out, c.entries()...)
}

// request shows what is in a request but the extensions that it asks for.
func (c *card) request() []transcripts.CardRow {
	r := profiles.As[*profiles.Request](c.object)
	attributes := "none"
	if len(r.Extensions) > 0 {
		attributes = "extensionRequest, with the extensions below"
	}
	return []transcripts.CardRow{c.name("Subject", r.Subject), cardRow("Key", c.key()...), cardRow("Attributes", attributes)}
}

// response shows what is in an OCSP response but its extensions.
func (c *card) response() []transcripts.CardRow {
	r := profiles.As[*profiles.Response](c.object)
	status := []string{c.a.Subject.ID() + " is " + r.Status}
	if r.Revoked != nil {
		status = append(status, c.revocation(*r.Revoked))
	}
	certificate := []string{c.subjectOf(c.a.Subject), serialText(r.Serial), "issuer: " + c.issuer(), "certID with " + string(r.CertIDHash)}
	out := []transcripts.CardRow{
		cardRow("Status", status...),
		cardRow("Certificate", certificate...),
		cardRow("Covers", string(r.Covers)),
	}
	produced := "at the time of signing"
	if read := inspect.As[*inspect.Response](c.read); read != nil {
		produced = Stamp(read.ProducedAt.Time)
	}
	out = append(out, c.updates(r.Period())...)
	return append(out, cardRow("Produced at", produced),
		cardRow("Responder", c.a.Responder.String()+", named "+string(r.Responder), c.subjectOf(c.a.Responder)))
}

// serialText names the certificate that a response speaks about.
func serialText(s profiles.Serial) string {
	if _, ours := s.Artifact(); ours {
		return s.String()
	}
	return "serial number " + s.String()
}

// name shows a name with the types of its strings.
func (c *card) name(label string, n profiles.Name) transcripts.CardRow {
	var types []string
	for _, a := range n.Attributes {
		types = append(types, a.String.Title())
	}
	note := "as " + strings.Join(types, ", ")
	if len(n.DER) > 0 {
		note = "byte for byte as in the certificate that exists"
	}
	return cardRow(label, NameText(n), "  "+note)
}

// issuer gives the name of the signer of an artifact, which the plan knows before
// anything is signed.
func (c *card) issuer() string {
	switch read := c.read.(type) {
	case *inspect.Certificate:
		return read.Issuer.String()
	case *inspect.RevocationList:
		return read.Issuer.String()
	}
	if c.a.Issuer.IsSelf() {
		return NameText(c.a.Certificate().Subject)
	}
	return c.subjectOf(c.a.Issuer)
}

// subjectOf gives the subject of a certificate of the ceremony.
func (c *card) subjectOf(ref Ref) string {
	if c.room != nil {
		if cert := c.room.Certificate(ref); cert != nil {
			return cert.Subject.String()
		}
	}
	if cert := c.inputCert(ref); cert != nil {
		return cert.Subject.String()
	}
	if made := c.Plan.Artifact(ref.ID()); made != nil && made.Certificate() != nil {
		return NameText(made.Certificate().Subject)
	}
	return ref.String()
}

// key shows the subject's key: where it comes from, and its digest once it exists.
func (c *card) key() []string {
	var spki string
	if c.read != nil {
		raw, _ := c.read.SubjectKey()
		spki = SHA256Hex(raw)
	}
	id := c.a.SubjectKey.ID()
	if c.a.SubjectKey.IsInput() {
		cert := c.Inputs[id].Cert()
		return keyLines(inspect.KeyDescription(cert.RawSPKI)+", of "+c.a.Existing.String(), SHA256Hex(cert.RawSPKI))
	}
	k := c.Plan.Key(id)
	where := map[KeySource]string{
		KeyGenerated: "to be generated on token " + k.Token, KeyExisting: "exists on token " + k.Token,
		KeyRequest: "elsewhere, from request " + k.Input,
	}[k.Source]
	if c.room != nil && k.Token != "" {
		where = "on token " + k.Token
	}
	if !c.a.Existing.IsZero() {
		where += ", of " + c.a.Existing.String()
	}
	if spki == "" {
		spki = k.SPKISHA256
	}
	return keyLines(fmt.Sprintf("%s, %s (%s)", id, k.Algorithm, where), spki)
}

func keyLines(text, spkiSHA256 string) []string {
	if spkiSHA256 == "" {
		return []string{text}
	}
	return append([]string{text, "SHA-256 of the public key (SPKI):"}, indented(digestLines(spkiSHA256))...)
}

// span is a period as it is when something is signed at a moment.
type span struct{ from, to, length, signed string }

// spans gives a period for the moment of signing or, where that is not known, for
// the ends of the window, once where they are the same.
func (c *card) spans(v profiles.Validity) ([]span, error) {
	moments := c.Plan.Ceremony.Window.ends()
	if c.room != nil {
		moments = []time.Time{c.signing}
	}
	var out []span
	for _, at := range moments {
		from, to, err := v.At(at)
		if err != nil {
			return nil, err
		}
		s := span{from: Stamp(from), to: Stamp(to), length: lengthText(from, to)}
		if n := len(out); n > 0 && out[n-1].from == s.from && out[n-1].to == s.to {
			break
		}
		if c.room == nil && (v.NotBefore == profiles.SigningDay || v.NotBefore == profiles.SigningTime) {
			s.signed = ", if signed " + signedAt(v.NotBefore, at)
		}
		out = append(out, s)
	}
	return out, nil
}

// validity shows both ends of a validity and its length.
func (c *card) validity(v profiles.Validity) []string {
	spans, err := c.spans(v)
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	for _, s := range spans {
		out = append(out, s.from+" to "+s.to, "  "+s.length+s.signed)
	}
	return out
}

// updates shows thisUpdate and nextUpdate.
func (c *card) updates(v profiles.Validity) []transcripts.CardRow {
	spans, err := c.spans(v)
	if err != nil {
		return []transcripts.CardRow{cardRow("Next update", err.Error())}
	}
	var this, next []string
	for _, s := range spans {
		this = append(this, s.from+s.signed)
		next = append(next, s.to+s.signed, "  "+s.length)
	}
	return []transcripts.CardRow{cardRow("This update", this...), cardRow("Next update", next...)}
}

// signedAt names the moment of a signature as exactly as the validity follows
// from it.
func signedAt(m profiles.Moment, at time.Time) string {
	if m == profiles.SigningDay {
		return "on " + at.UTC().Format(time.DateOnly)
	}
	return "at " + Stamp(at)
}

// secondsOfDay is the length of a day: UTC as it is encoded has no others.
const secondsOfDay = 24 * 60 * 60

// lengthText is a length, inclusive of the last second. It counts seconds of the
// calendar: a [time.Duration] ends at 292 years.
func lengthText(from, to time.Time) string {
	seconds := to.Unix() - from.Unix() + 1
	length := fmt.Sprintf("inclusive length %d days", seconds/secondsOfDay)
	if rest := seconds % secondsOfDay; rest != 0 {
		length += fmt.Sprintf(" and %d seconds", rest)
	}
	return length
}
