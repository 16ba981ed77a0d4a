// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"fmt"
	"slices"
	"strings"
)

// Lines shows a verdict to people: what was checked, how far each threshold is
// filled and by whom, and everything that does not count with its reason.
func (v Verdict) Lines() []string {
	lines := []string{
		fmt.Sprintf("%s  %s", v.Namespace.Rule(), v.summary()),
		fmt.Sprintf("  sha-256   %s", v.ObjectSHA256),
		fmt.Sprintf("  policy    version %d, %s", v.PolicyVersion, v.PolicySHA256),
	}
	for _, t := range v.Thresholds {
		lines = append(lines, "  role      "+t.line())
	}
	for _, a := range v.Signed {
		lines = append(lines, "  signed    "+a.line())
	}
	for _, p := range v.Papers {
		lines = append(lines, fmt.Sprintf("  on paper  %s as %s, %q of %s, scan %s, vouched for by %s",
			p.Person, p.Role, p.Resolution, p.Date, p.ScanSHA256, strings.Join(p.Vouchers, ", ")))
	}
	for _, r := range v.Refused {
		lines = append(lines, "  "+r.line())
	}
	for _, p := range v.Problems {
		lines = append(lines, "  problem   "+p)
	}
	for _, n := range v.Notices {
		lines = append(lines, "  notice    "+n)
	}
	return lines
}

func (v Verdict) summary() string {
	switch {
	case v.onPaper():
		return "APPROVED, IN PART ON PAPER"
	case v.Approved():
		return "APPROVED"
	case !v.Demanded:
		return "the policy requires no approval"
	case len(v.failures()) > 0:
		return "NOT APPROVED: a signature or a paper is invalid"
	case len(v.Problems) > 0:
		return "NOT APPROVED"
	}
	return "NOT APPROVED YET: lacks " + v.missing()
}

func (t Threshold) line() string {
	s := fmt.Sprintf("%s: %d of %d", t.Role, len(t.Signed)+len(t.Paper), t.Need)
	if len(t.Signed) > 0 {
		s += ", signed by " + strings.Join(t.Signed, ", ")
	}
	if len(t.Paper) > 0 {
		s += ", on paper by " + strings.Join(t.Paper, ", ")
	}
	return s
}

func (a Approval) line() string {
	s := fmt.Sprintf("%s@%s, %s %s", a.Person, a.Org, a.Algorithm, a.Fingerprint)
	if a.Touch != nil {
		s += ", " + a.Touch.String()
	}
	if a.Duplicate {
		s += ", duplicate: each person counts once"
	}
	return s
}

// String says what the device saw.
func (t Touch) String() string {
	s := "touched"
	if !t.Present {
		s = "not touched"
	}
	if t.Verified {
		s += ", user verified by PIN or fingerprint"
	}
	return fmt.Sprintf("%s, counter %d", s, t.Counter)
}

func (r Refusal) line() string {
	word := "refused   "
	if r.Failure {
		word = "FAILURE   "
	}
	who := ""
	if r.Person != "" {
		who = " of " + r.Person
	}
	return fmt.Sprintf("%s%q%s: %s", word, r.Name, who, r.Why)
}

// Lines shows a verdict with the name of the file.
func (v FileVerdict) Lines() []string {
	lines := v.Verdict.Lines()
	return slices.Insert(lines, 1, "  file      "+v.File)
}

// Brief shows the verdict on one of many files: who has signed, and who has not yet. Where
// something does not count, or is on paper, all of it is shown.
func (v FileVerdict) Brief() []string {
	if len(v.Papers)+len(v.Refused)+len(v.Problems)+len(v.Notices) > 0 {
		return v.Lines()
	}
	line := "  " + v.summary()
	for _, t := range v.Thresholds {
		if len(t.Signed) > 0 {
			line += "; signed by " + strings.Join(t.Signed, ", ")
		}
	}
	return []string{v.File, line}
}

// Lines shows the verdict on a plan, its profiles and its site. Profiles that
// need no approval are shown only when a file is about them.
func (v PlanVerdict) Lines() []string {
	lines := v.Plan.Lines()
	for _, p := range v.Profiles {
		if p.Demanded || len(p.Signed)+len(p.Papers)+len(p.Refused)+len(p.Problems) > 0 {
			lines = append(lines, p.Lines()...)
		}
	}
	if v.Site != nil {
		lines = append(lines, v.Site.Lines()...)
	}
	for _, p := range v.Problems {
		lines = append(lines, "problem     "+p)
	}
	for _, n := range v.Notices {
		lines = append(lines, "notice      "+n)
	}
	return lines
}
