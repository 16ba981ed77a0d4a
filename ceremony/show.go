// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"fmt"
	"io"
	"strings"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/internal/term"
	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/transcripts"
)

// screenWidth is what every text screen keeps to.
const screenWidth = 80

// wordsPerLine is how digest words are set: a line is easy to read aloud.
const wordsPerLine = 4

// screen writes lines and remembers the first error.
type screen struct {
	w   io.Writer
	err error
}

func (s *screen) line(format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintf(s.w, format+"\n", args...)
	}
}

// row writes a label and a text that wraps under itself.
func (s *screen) row(label, text string) {
	const indent = 18
	for i, l := range strings.Split(term.Wrap(text, screenWidth-indent), "\n") {
		if i > 0 {
			label = ""
		}
		s.line("    %-13s %s", label, l)
	}
}

// Write prints the plan the way people read it: sections and steps, then each
// artifact as a card, then the digest.
func (p *Preview) Write(w io.Writer) error {
	s := &screen{w: w}
	c := p.Plan.Ceremony
	s.line("%s", c.Title)
	s.line("%s · %s to %s", c.ID, stamp(c.Window.From), stamp(c.Window.To))
	s.line("")
	s.people(p.Plan)
	for _, st := range p.Plan.Steps {
		s.step(st)
	}
	for i := range p.Plan.Artifacts {
		a := &p.Plan.Artifacts[i]
		s.line("")
		p.card(s, a, p.Reports[i])
	}
	s.line("")
	s.verdict(p)
	return s.err
}

func (s *screen) people(p *Plan) {
	for _, r := range p.People {
		s.line("  %-18s %d of %s", r.Role, r.Need, strings.Join(r.Of, ", "))
	}
}

func (s *screen) step(st Step) {
	if st.Kind == StepSection {
		s.line("")
		s.line("%s", rule(st.ID+"  "+st.Title))
		return
	}
	title := strings.Split(term.Wrap(st.Title, screenWidth-6), "\n")
	s.line("%4s  %s", st.ID, title[0])
	for _, l := range title[1:] {
		s.line("      %s", l)
	}
	for _, f := range st.Record {
		s.line("      %s (%s): ______________________", f.Name, f.Type)
	}
}

// indent wraps a text to the screen behind n spaces.
func indent(text string, n int) string {
	space := strings.Repeat(" ", n)
	return space + strings.ReplaceAll(term.Wrap(text, screenWidth-n), "\n", "\n"+space)
}

// groups sets a digest in two lines of groups of four digits, to be read aloud.
func groups(digest string) string {
	var b strings.Builder
	for i := 0; i < len(digest); i += 4 {
		switch {
		case i == 0:
			b.WriteString("      ")
		case i%32 == 0:
			b.WriteString("\n      ")
		default:
			b.WriteByte(' ')
		}
		b.WriteString(digest[i:min(i+4, len(digest))])
	}
	return b.String()
}

// rule draws a heading as wide as the screen.
func rule(title string) string {
	n := max(screenWidth-len([]rune(title))-4, 3)
	return "── " + title + " " + strings.Repeat("─", n)
}

// card shows one artifact, with what was found.
func (p *Preview) card(s *screen, a *Artifact, report lint.Report) {
	s.line("%s", rule(a.ID))
	s.row("what", whatIs(a))
	s.facts(p.facts(a))
	s.row("sign before", stamp(signBefore(a, p.Plan.Ceremony.Window)))
	for i, e := range extensionLines(a) {
		s.row([]string{"extensions", ""}[min(i, 1)], e)
	}
	s.findings(report)
}

// facts writes values, each with its note behind it.
func (s *screen) facts(list []transcripts.Labelled) {
	for _, f := range list {
		text := f.Value
		if f.Note != "" {
			text += " (" + f.Note + ")"
		}
		s.row(strings.ToLower(f.Label), text)
	}
}

// whatIs names an artifact in words.
func whatIs(a *Artifact) string {
	return map[profiles.Kind]string{
		profiles.RootCA: "root CA certificate, self-signed", profiles.SubordinateCA: "subordinate CA certificate",
		profiles.CrossCertifiedCA: "cross-certificate for an existing CA", profiles.OCSPResponder: "OCSP responder certificate",
		profiles.CRL: "certificate revocation list", profiles.OCSPResponse: "pre-signed OCSP response",
		profiles.CertRequest: "certificate request",
	}[a.kind()]
}

func (p *Preview) keyLine(a *Artifact) string {
	kind, id := reference(a.SubjectKey)
	if kind == "input" {
		return inspect.KeyDescription(p.inputs[id].cert.RawSPKI) + ", of " + a.Existing
	}
	k := p.Plan.key(id)
	where := map[KeySource]string{
		KeyGenerated: "to be generated on token " + k.Token, KeyExisting: "exists on token " + k.Token,
		KeyRequest: "elsewhere, from request " + k.Input,
	}[k.Source]
	return fmt.Sprintf("%s, %s (%s)", id, k.Algorithm, where)
}

// extensions gives the extensions of any kind of artifact.
func extensions(a *Artifact) []profiles.Extension {
	switch {
	case a.Certificate != nil:
		return a.Certificate.Extensions
	case a.RevocationList != nil:
		return a.RevocationList.Extensions
	case a.Response != nil:
		return a.Response.Extensions
	}
	return a.CertRequest.Extensions
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// findings shows what was found: what blocks, what was waived, and how much
// was set aside by the tool for a declared reason.
func (s *screen) findings(r lint.Report) {
	blocking := r.Blocking()
	for _, f := range abridged(blocking) {
		s.row(string(f.Status), f.Rule+": "+firstOf(f.Details, f.Requirement)+" ("+f.Citation+")")
	}
	settled := 0
	for _, f := range r.Findings {
		if f.Waived != nil {
			s.row("waived", fmt.Sprintf("%s: %s (%s, until %s)", f.Rule, f.Waived.Reason, f.Waived.Approver, f.Waived.Expires.Format(time.DateOnly)))
		}
		if f.Suppressed != "" {
			settled++
		}
	}
	judged := 0
	for _, c := range r.Ran {
		judged += c.Judged
	}
	s.row("checked", fmt.Sprintf("%d rules; %d findings, %d settled by the declared purpose", judged, len(blocking), settled))
}

// alike is how many findings of one rule at one place are shown one by one.
const alike = 3

// abridged counts findings that are like others before them: of the entries of a
// long CRL each may have its own. All of them stand in the report.
func abridged(list []lint.Finding) []lint.Finding {
	type kind struct {
		rule, artifact, field string
		status                lint.Status
	}
	seen, last := map[kind]int{}, map[kind]int{}
	var out []lint.Finding
	for _, f := range list {
		k := kind{f.Rule, f.Artifact, f.Field, f.Status}
		if seen[k]++; seen[k] <= alike {
			last[k], out = len(out), append(out, f)
		}
	}
	for k, n := range seen {
		if n > alike {
			f := &out[last[k]]
			f.Details = fmt.Sprintf("%s, and %d more like this", firstOf(f.Details, f.Requirement), n-alike)
		}
	}
	return out
}

func (s *screen) verdict(p *Preview) {
	if n := len(p.Problems); n > 0 {
		s.line("%s", rule("the plan does not stand"))
		for _, e := range p.Problems {
			s.line("%s", e.Error())
		}
		return
	}
	for _, text := range p.Warnings {
		s.line("%s", term.Wrap("warning: "+text, screenWidth))
	}
	s.line("%s", rule("the plan stands"))
	s.line("plan.json SHA-256 %x", p.Digest)
	for _, l := range term.WordLines(term.Words(p.Digest[:]), wordsPerLine) {
		s.line("  %s", l)
	}
}
