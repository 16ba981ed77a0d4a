// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package format

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"rootceremony/internal/unseen"
)

// Text writes the report for people: first the findings, each on a line with its
// object and place and, in YAML, the line and a caret; then a line for each object and
// one for all. What was not checked is a count, and what does not count is left out,
// but for a verbose report.
func Text(w io.Writer, r *Report) error {
	b := bufio.NewWriter(w)
	for i := range r.Targets {
		textFindings(b, r, &r.Targets[i])
	}
	textSummaries(b, r)
	return b.Flush()
}

func textFindings(b *bufio.Writer, r *Report, t *Target) {
	alike := 0
	for j := range t.Findings {
		f := &t.Findings[j]
		if j == 0 || !t.alike(j-1, j) {
			alike = 0
		}
		if alike++; f.Counts() || f.Waived != nil || r.Verbose {
			textAlike(b, r, t, j, alike)
		}
	}
}

// textSummaries writes the line of each object, what is noted, and the line for all.
func textSummaries(b *bufio.Writer, r *Report) {
	order, often := r.notes()
	for i := range r.Targets {
		t := &r.Targets[i]
		say(b, "%s: %s", t.name(), t.summary())
		if r.Verbose && len(t.NotChecked) > 0 {
			for _, line := range notChecked(t.NotChecked) {
				say(b, "  not checked: %s", line)
			}
		}
		for _, n := range t.Notes {
			if often[n] < manyNotes {
				say(b, "  note: %s", oneLine(n))
			}
		}
	}
	for _, n := range order {
		if often[n] >= manyNotes {
			say(b, "note about %s: %s", count(often[n], "object"), oneLine(n))
		}
	}
	for _, n := range r.Notes {
		say(b, "note: %s", oneLine(n))
	}
	for _, s := range r.PassedBy {
		if r.Verbose {
			say(b, "skipped: %s: %s", s.Name, oneLine(s.Why))
		}
	}
	say(b, "%s", r.summary())
}

// manyAlike is how many findings of one rule on one object are shown, where there are more.
const manyAlike = 5

// alike reports whether two findings are of one rule, and as bad, and on one object: those
// of a YAML file have lines of their own, which are to be looked at one by one.
func (t *Target) alike(i, j int) bool {
	a, b := &t.Findings[i], &t.Findings[j]
	return a.Rule == b.Rule && a.Level == b.Level && a.Artifact == b.Artifact && a.Place.String() == b.Place.String() && a.Place.Column == 0 && a.Counts() && b.Counts()
}

// textAlike writes the n-th of some findings that are alike, or in place of the last of
// many how many are left out.
func textAlike(w io.Writer, r *Report, t *Target, j, n int) {
	f := &t.Findings[j]
	last := j+1 == len(t.Findings) || !t.alike(j, j+1)
	switch {
	case r.Verbose || n < manyAlike || n == manyAlike && last:
		textFinding(w, t, f)
	case last:
		say(w, "%s: %s: %s: and %d more of this rule (--verbose lists them)", t.at(f), f.Level, f.Rule, n-manyAlike+1)
	}
}

// manyNotes is of how many objects a note is told once for all.
const manyNotes = 3

// notes counts of how many objects each note is, in the order in which they come; in a
// verbose report each object has its own.
func (r *Report) notes() (order []string, often map[string]int) {
	often = map[string]int{}
	for i := range r.Targets {
		for _, n := range r.Targets[i].Notes {
			if r.Verbose || strings.HasPrefix(n, "issuer: ") { // whose, is asked of each
				continue
			}
			if often[n] == 0 {
				order = append(order, n)
			}
			often[n]++
		}
	}
	return order, often
}

// say writes a line. It is one, and only that: names of files and texts of objects are of
// others, who may be those that a run of CI is to stop.
func say(w io.Writer, format string, args ...any) {
	fmt.Fprintln(w, unseen.Line(fmt.Sprintf(format, args...)))
}

func textFinding(w io.Writer, t *Target, f *Finding) {
	level := f.Level
	switch {
	case f.Waived != nil:
		level = "waived " + level
	case f.TakesEffect != "":
		level = "announced"
	case f.Suppressed != "":
		level = "suppressed " + level
	}
	say(w, "%s: %s: %s: %s", t.at(f), level, f.Rule, f.text())
	switch {
	case f.TakesEffect != "":
		say(w, "  %s", f.aside())
	case !f.Counts():
		say(w, "  because: %s", f.aside())
	}
	if f.Place.Caret != "" {
		for line := range strings.SplitSeq(f.Place.Caret, "\n") {
			say(w, "  | %s", line)
		}
	}
	if f.Related != nil {
		say(w, "  profile: %s", f.Related)
	}
	if f.Hint != "" {
		say(w, "  hint: %s", oneLine(f.Hint))
	}
}

// String gives "file:line:column" as far as it is known.
func (p Place) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// at gives the place of a finding, and the path or artifact where there is one.
func (t *Target) at(f *Finding) string {
	s := f.Place.String()
	if f.Artifact != "" && f.Artifact != t.File {
		s += ": " + f.Artifact
	}
	if f.Place.Path != "" {
		s += ": " + f.Place.Path
	}
	return s
}

// aside says why a finding does not count.
func (f *Finding) aside() string {
	switch w := f.Waived; {
	case w != nil:
		return oneLine(w.Reason + " (" + w.Citation + "; " + w.Approver + ", until " + w.Expires + ")")
	case f.TakesEffect != "":
		return "takes effect on " + f.TakesEffect
	}
	return oneLine(f.Suppressed)
}

// message says what was found, and of which objects of a profile.
func (f *Finding) message() string {
	switch {
	case f.More == 1:
		return f.Message + "; and 1 other entry"
	case f.More > 1:
		return fmt.Sprintf("%s; and %d other entries", f.Message, f.More)
	case len(f.Of) == 0:
		return f.Message
	}
	return f.Message + "; with " + strings.Join(f.Of, " and ")
}

// without says what a rule lacked.
func (n *NotChecked) without() string { return strings.Join(n.Without, ", ") }

// text gives the message with the citation.
func (f *Finding) text() string {
	s := oneLine(f.message())
	if f.Citation != "" {
		s += " (" + f.Citation + ")"
	}
	return s
}

// name gives the file, with the line where it has several objects.
func (t *Target) name() string {
	return Place{File: t.File, Line: t.Line}.String()
}

// summary says what an object was linted as and the outcome.
func (t *Target) summary() string {
	var b strings.Builder
	b.WriteString(t.Object)
	if t.Kind != "" {
		b.WriteString(", " + t.Kind)
	}
	if t.Guessed != "" {
		b.WriteString(" (guessed: " + oneLine(t.Guessed) + ")")
	}
	if len(t.Packs) > 0 {
		b.WriteString(", checked against " + strings.Join(t.Packs, ", "))
	}
	if t.AsOf != "" {
		b.WriteString(", as of " + t.AsOf)
	}
	b.WriteString(": " + count(t.count(), "finding"))
	if n := len(t.Findings) - t.count(); n > 0 {
		b.WriteString(fmt.Sprintf(", %d suppressed, waived or announced", n))
	}
	if n := len(t.NotChecked); n > 0 {
		b.WriteString("; " + count(n, "rule") + " not checked")
	}
	return b.String()
}

// notChecked groups rules by what they lacked.
func notChecked(list []NotChecked) []string {
	var order []string
	rules := map[string][]string{}
	for _, n := range list {
		without := n.without()
		if !slices.Contains(rules[without], n.Rule) {
			rules[without] = append(rules[without], n.Rule)
		}
		if !slices.Contains(order, without) {
			order = append(order, without)
		}
	}
	slices.Sort(order)
	for i, without := range order {
		order[i] = fmt.Sprintf("%s without %s", strings.Join(rules[without], ", "), without)
	}
	return order
}

// summary counts over all objects.
func (r *Report) summary() string {
	unchecked, suppressed := 0, 0
	for i := range r.Targets {
		unchecked += len(r.Targets[i].NotChecked)
		suppressed += len(r.Targets[i].Findings) - r.Targets[i].count()
	}
	s := count(len(r.Targets), "object") + ": " + count(r.Count(), "finding")
	if suppressed > 0 {
		s += fmt.Sprintf(", %d suppressed, waived or announced", suppressed)
	}
	if unchecked > 0 {
		s += fmt.Sprintf("; %s not checked (--verbose lists them)", count(unchecked, "rule"))
	}
	if r.Skipped > 0 {
		s += fmt.Sprintf("; %s skipped (--verbose lists them)", count(r.Skipped, "other file"))
	}
	return s
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// oneLine keeps a message on its line, regardless of its content.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, s)
}
