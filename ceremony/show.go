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

// card shows one artifact as it will be, from its specimen.
func (p *Preview) card(s *screen, a *Artifact, report lint.Report) {
	s.line("%s", rule(a.ID))
	s.row("what", whatIs(a))
	win := p.Plan.Ceremony.Window
	w := p.Specimens.world
	switch {
	case a.Certificate != nil:
		cert := w.made[a.ID].cert
		s.row("subject", cert.Subject.String())
		s.row("issuer", cert.Issuer.String())
		s.row("key", p.keyLine(a))
		s.row("validity", validityLine(cert.NotBefore.Time, cert.NotAfter.Time))
		s.row("profile", a.Certificate.Profile)
	case a.RevocationList != nil:
		crl := w.made[a.ID].crl
		s.row("issuer", crl.Issuer.String())
		s.row("number", a.RevocationList.Number)
		s.row("validity", validityLine(crl.ThisUpdate.Time, crl.NextUpdate.Time))
		s.row("entries", entriesLine(a.RevocationList))
		s.row("profile", a.RevocationList.Profile)
	case a.Response != nil:
		_, subject := reference(a.Subject)
		s.row("status", subject+" is "+a.Response.Status)
		s.row("signed by", a.Responder)
		s.row("profile", a.Response.Profile)
	case a.CertRequest != nil:
		s.row("key", p.keyLine(a))
		s.row("profile", a.CertRequest.Profile)
	}
	s.row("signature", string(a.signature())+" by "+a.IssuerKey)
	s.row("sign before", stamp(signBefore(a, win)))
	for i, e := range extensions(a) {
		label := ""
		if i == 0 {
			label = "extensions"
		}
		s.row(label, extensionLine(e))
	}
	s.findings(report)
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

// validityLine shows both ends and the length, inclusive of the last second.
func validityLine(from, to time.Time) string {
	length := to.Sub(from) + time.Second
	days, rest := int64(length/(24*time.Hour)), length%(24*time.Hour)
	text := fmt.Sprintf("%s to %s, inclusive length %d days", stamp(from), stamp(to), days)
	if rest > 0 {
		text += fmt.Sprintf(" and %d seconds", int64(rest/time.Second))
	}
	return text
}

func entriesLine(l *profiles.RevocationList) string {
	if len(l.Entries) == 0 {
		return "none"
	}
	var out []string
	for _, e := range l.Entries {
		line := e.Serial + " (" + string(e.Reason) + ")"
		if e.CarriedOver {
			line += " carried over"
		}
		out = append(out, line)
	}
	return strings.Join(out, ", ")
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

// extensionLine shows an extension in the words of the profile language.
func extensionLine(e profiles.Extension) string {
	text := string(e.Name)
	if e.Critical {
		text += " (critical)"
	}
	if v := extensionValue(e); v != "" {
		text += ": " + v
	}
	return text
}

func extensionValue(e profiles.Extension) string {
	var out []string
	switch {
	case e.BasicConstraints != nil:
		out = append(out, fmt.Sprintf("ca %v", e.BasicConstraints.CA))
		if n := e.BasicConstraints.PathLength; n != nil {
			out = append(out, fmt.Sprintf("path length %d", *n))
		}
	case e.SubjectKeyID != nil:
		out = append(out, string(e.SubjectKeyID.Method))
	case e.NameConstraints != nil:
		out = append(out, fmt.Sprintf("%d permitted, %d excluded", len(e.NameConstraints.Permitted), len(e.NameConstraints.Excluded)))
	case e.IssuingPoint != nil:
		out = append(out, e.IssuingPoint.URLs...)
	case e.Raw != nil:
		out = append(out, string(e.Raw.OID))
	}
	for _, u := range e.KeyUsage {
		out = append(out, string(u))
	}
	for _, u := range e.ExtKeyUsage {
		out = append(out, firstOf(u.Name, string(u.OID)))
	}
	for _, p := range e.Policies {
		out = append(out, string(p.OID))
	}
	out = append(out, e.CRLURLs...)
	for _, d := range e.InfoAccess {
		out = append(out, d.Method+" "+d.URL)
	}
	return strings.Join(out, ", ")
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
	for _, f := range blocking {
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
