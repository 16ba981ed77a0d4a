// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"encoding/asn1"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
	"rootceremony/transcripts"
)

// card shows every value of an artifact that is signed. This is the one place that
// does: the screen of the plan, the script and the screen before each signature show
// what it gives. The plan alone does not know what follows from keys, serial
// numbers and the moment of signing; its card says where these come from.
type card struct {
	*Loaded
	a      *Artifact
	object profiles.Object // as it is declared; in the room with the mark of a rehearsal

	room    *Builder // nil where only the plan is known
	signing time.Time
	read    inspect.Object // the bytes that are to be signed, by the second parser
}

// planned is the card of an artifact before the ceremony.
func (l *Loaded) planned(a *Artifact) []transcripts.CardRow {
	return (&card{Loaded: l, a: a, object: a.Object}).rows()
}

// Card gives what people see of an artifact before they confirm its signature: what
// is declared, and what only the bytes show.
func (w *Builder) Card(s *ToBeSigned) ([]transcripts.CardRow, error) {
	der, err := w.unsigned(s)
	if err != nil {
		return nil, err
	}
	read, err := inspect.Parse(s.Artifact.Kind().Form(), der)
	if err != nil {
		return nil, fmt.Errorf("reading what is to be signed: %w", err)
	}
	c := &card{Loaded: w.Loaded, a: s.Artifact, object: s.declared.Declared, room: w, signing: s.Signing, read: read}
	return c.rows(), nil
}

// Text shows all that is in the bytes of an artifact before it is signed, in encoded
// order, as the second parser reads them.
func (w *Builder) Text(s *ToBeSigned) (string, error) {
	der, err := w.unsigned(s)
	if err != nil {
		return "", err
	}
	return inspect.TextToSign(der)
}

// row makes a row of one label.
func cardRow(label string, lines ...string) transcripts.CardRow {
	return transcripts.CardRow{Label: label, Lines: lines}
}

func (c *card) rows() []transcripts.CardRow {
	out := slices.Concat(rowOf(c.a.Kind()).shown(c), c.keyIDRows(c.a), c.extensions())
	out = append(out, cardRow("Signature", string(c.a.Signature())+" by key "+c.a.IssuerKey.ID()))
	lines := []string{c.object.FromProfile()}
	if purpose := purposeText(c.object.DeclaredPurpose()); purpose != "" {
		lines = append(lines, purpose)
	}
	return append(out, cardRow("Profile", lines...))
}

// extensions shows the extensions in encoded order.
func (c *card) extensions() []transcripts.CardRow {
	var out []transcripts.CardRow
	list := c.object.AllExtensions()
	for i := range list {
		e := &list[i]
		lines := slices.Concat(e.Content(), outlines(e), c.derived(e))
		if len(lines) == 0 {
			lines = []string{"none"}
		}
		out = append(out, transcripts.CardRow{Label: e.Title(), Lines: lines, Extension: true, Critical: e.Critical})
	}
	return out
}

// outlines shows the structure of what profiles write as DER.
func outlines(e *profiles.Extension) []string {
	var out []string
	for _, o := range e.Opaque() {
		if o.Of != "" {
			out = append(out, o.Of+" as DER:")
		}
		out = append(out, indented(inspect.Outline(o.DER))...)
	}
	return out
}

// derived shows what of an extension follows from a key or the issuer, once the
// bytes are there.
func (c *card) derived(e *profiles.Extension) []string {
	if _, declared := e.Issued(); declared || c.read == nil {
		return nil
	}
	oid, err := objectIdentifier(string(e.OID()))
	if err != nil {
		return []string{err.Error()}
	}
	return c.read.AllExtensions().Lines(oid)
}

func objectIdentifier(dotted string) (asn1.ObjectIdentifier, error) {
	var out asn1.ObjectIdentifier
	for arc := range strings.SplitSeq(dotted, ".") {
		n, err := strconv.Atoi(arc)
		if err != nil {
			return nil, fmt.Errorf("object identifier %q: %w", dotted, err)
		}
		out = append(out, n)
	}
	return out, nil
}

func indented(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = "  " + l
	}
	return out
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
