// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"rootceremony/internal/term"
	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/transcripts"
)

// screenWidth is what every text screen keeps to.
const screenWidth = 80

// WordsPerLine is how digest words are set: a line is easy to read aloud.
const WordsPerLine = 4

// Screen writes lines and remembers the first error.
type Screen struct {
	W   io.Writer
	err error
}

func (s *Screen) line(format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintf(s.W, format+"\n", args...)
	}
}

// Err gives the first error of writing.
func (s *Screen) Err() error { return s.err }

// Row writes a label and a text that wraps under itself. A word that is too wide for
// that, such as a URL, stays whole further left.
func (s *Screen) Row(label, text string) {
	const column, left = 18, 6
	at := column
	if lines := term.Wrap(text, screenWidth-column); term.Columns(lines) > screenWidth-column {
		s.line("    %s", label)
		label, at = "", left
	}
	for i, l := range strings.Split(term.Fit(text, screenWidth-at), "\n") {
		if i > 0 {
			label = ""
		}
		s.line("%-*s%s", at, "    "[:min(4, at)]+label, l)
	}
}

// Rows writes the values of an object, a line each.
func (s *Screen) Rows(rows []transcripts.CardRow) {
	for _, r := range transcripts.Shown(rows) {
		label := strings.ToLower(r.Label)
		for _, l := range r.Lines {
			s.Row(label, l)
			label = ""
		}
	}
}

// Write prints the plan the way people read it: sections and steps, then each
// artifact as a card, then the digest.
func (p *Preview) Write(w io.Writer) error {
	s := &Screen{W: w}
	c := p.Plan.Ceremony
	s.line("%s", c.Title)
	s.line("%s · %s to %s", c.ID, Stamp(c.Window.From), Stamp(c.Window.To))
	if !c.Window.Extend.IsZero() {
		s.line("%s", term.Wrap("two people may extend it until "+Stamp(c.Window.Last()), screenWidth))
	}
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
	if s.err != nil {
		return s.err
	}
	return p.WriteVerdict(w)
}

// WriteVerdict prints what was found of the plan, and its digest.
func (p *Preview) WriteVerdict(w io.Writer) error {
	s := &Screen{W: w}
	s.line("")
	s.verdict(p)
	return s.err
}

func (s *Screen) people(p *Plan) {
	for _, r := range p.People {
		s.line("  %-18s %d of %s", r.Role, r.Need, strings.Join(r.Of, ", "))
	}
}

func (s *Screen) step(st Step) {
	if st.Kind == StepSection {
		s.line("")
		s.line("%s", Rule(st.Title))
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

// Indent wraps a text to the screen behind n spaces.
func Indent(text string, n int) string {
	return strings.Repeat(" ", n) + term.Hang(text, screenWidth, n)
}

// Groups sets a digest in two lines of groups of four digits, to be read aloud.
func Groups(digest string) string {
	return "      " + strings.Join(digestLines(digest), "\n      ")
}

// digestLines sets a digest in groups of four digits, eight on a line.
func digestLines(digest string) []string {
	var lines []string
	for line := range slices.Chunk([]byte(digest), 32) {
		var groups []string
		for group := range slices.Chunk(line, 4) {
			groups = append(groups, string(group))
		}
		lines = append(lines, strings.Join(groups, " "))
	}
	return lines
}

// Rule draws a heading as wide as the screen.
func Rule(title string) string {
	n := max(screenWidth-len([]rune(title))-4, 3)
	return "── " + title + " " + strings.Repeat("─", n)
}

// card shows one artifact, with what was found.
func (p *Preview) card(s *Screen, a *Artifact, report lint.Report) {
	s.line("%s", Rule(a.ID))
	s.Row("what", WhatIs(a))
	s.Rows(p.planned(a))
	s.Row("sign before", Stamp(signBefore(a, p.Plan.Ceremony.Window)))
	s.findings(report)
}

// WhatIs names an artifact in words.
func WhatIs(a *Artifact) string { return rowOf(a.Kind()).what }

// findings shows what was found: what blocks, what people are told, what was waived,
// and how much was set aside by the tool for a declared reason.
func (s *Screen) findings(r lint.Report) {
	blocking := r.Blocking()
	for _, f := range groupFindings(blocking) {
		s.Row(string(f.Status), f.Rule+": "+f.Text()+" ("+f.Citation+")")
	}
	s.Rows(NoticeRows(&r))
	settled := 0
	for _, f := range r.Findings {
		switch {
		case f.Waived != nil && f.Required:
			s.Row("unchecked", fmt.Sprintf("accepted unchecked: %s without %s: %s (%s)", f.Rule, f.Waived.Lacks, f.Waived.Reason, f.Waived.Approver))
		case f.Waived != nil:
			s.Row("waived", fmt.Sprintf("%s: %s (%s, until %s)", f.Rule, f.Waived.Reason, f.Waived.Approver, f.Waived.Expires.Format(time.DateOnly)))
		}
		if f.SetAside() {
			settled++
		}
	}
	if room := roomRules(&r); room != "" {
		s.Row("in the room", room)
	}
	evaluated := 0
	for _, c := range r.Ran {
		evaluated += c.Evaluated
	}
	found := fmt.Sprintf("%d findings", len(blocking))
	if n := len(r.Notices()); n > 0 {
		found += fmt.Sprintf(", notices: %d", n)
	}
	s.Row("checked", fmt.Sprintf("%d rules; %s, %d set aside for the declared purpose", evaluated, found, settled))
}

// NoticeRows are what people are told of an object that it does not block.
func NoticeRows(r *lint.Report) []transcripts.CardRow {
	var lines []string
	for _, f := range groupFindings(r.Notices()) {
		lines = append(lines, f.Rule+": "+f.Text()+" ("+f.Citation+")")
	}
	if len(lines) == 0 {
		return nil
	}
	return []transcripts.CardRow{cardRow("Notice", lines...)}
}

// roomRules names the rules that only the room can check, by the real signature.
func roomRules(r *lint.Report) string {
	var out []string
	for _, f := range r.Findings {
		if f.Absent == lint.AbsentUntilSigned && !slices.Contains(out, f.Rule) {
			out = append(out, f.Rule)
		}
	}
	return strings.Join(out, ", ")
}

// alike is how many findings of one rule at one place are shown one by one.
const alike = 3

// alikeFinding is a finding that may represent others like it.
type alikeFinding struct {
	lint.Finding
	More int // that are not shown
}

// Text says what was found, and of how many others.
func (f *alikeFinding) Text() string {
	if f.More == 0 {
		return f.Finding.Text()
	}
	return fmt.Sprintf("%s, and %d more like this", f.Finding.Text(), f.More)
}

// groupFindings counts findings that are like others before them: of the entries of a
// long CRL each may have its own. All of them are in the report.
func groupFindings(list []lint.Finding) []alikeFinding {
	type kind struct {
		rule, artifact string
		field          profiles.Field
		status         lint.Status
	}
	seen, last := map[kind]int{}, map[kind]int{}
	var out []alikeFinding
	for _, f := range list {
		k := kind{f.Rule, f.Artifact, f.Field, f.Status}
		if seen[k]++; seen[k] <= alike {
			last[k], out = len(out), append(out, alikeFinding{Finding: f})
		}
	}
	for k, n := range seen {
		if n > alike {
			out[last[k]].More = n - alike
		}
	}
	return out
}

func (s *Screen) verdict(p *Preview) {
	if len(p.Problems) > 0 {
		s.line("%s", Rule("plan has errors"))
		return // the caller reports them, as those of a file that cannot be planned at all
	}
	for _, w := range p.Warnings() {
		s.line("%s", term.Wrap("warning: "+w.String(), screenWidth))
	}
	for _, n := range p.notices() {
		s.line("%s", term.Wrap(n.Error(), screenWidth))
	}
	s.line("%s", Rule("plan OK"))
	s.line("plan.json SHA-256\n  %x", p.Digest)
	for _, l := range term.WordLines(term.Words(p.Digest[:]), WordsPerLine) {
		s.line("  %s", l)
	}
}
