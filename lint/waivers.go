// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"fmt"
	"slices"
	"time"

	"rootceremony/internal/source"
)

// Problem is a waiver that decides nothing: unused, expired, unknown, or for a
// finding that cannot be waived.
type Problem struct {
	Pos source.Pos
	Msg string
}

// ApplyWaivers applies waivers to reports as of a date and returns the reports with
// the waived findings marked, and what is wrong with the waivers. The reports
// handed in stay as they are.
func ApplyWaivers(reports []Report, waivers []Waiver, at time.Time) ([]Report, []Problem) {
	known := ruleIDs()
	var problems []Problem
	out := cloneReports(reports)
	for i := range waivers {
		if msg := applyWaiver(out, &waivers[i], known, at); msg != "" {
			problems = append(problems, Problem{Pos: waivers[i].Pos, Msg: msg})
		}
	}
	return out, problems
}

// unfit says what is wrong with a waiver by itself, or "".
func unfit(w *Waiver, known map[string]bool, at time.Time) string {
	switch {
	case !known[w.Rule]:
		return fmt.Sprintf("waiver for %q: there is no such rule", w.Rule)
	case comparesWithProfile(w.Rule):
		return fmt.Sprintf("waiver for %s: a rule that compares with the declared profile cannot be waived", w.Rule)
	case w.Lacks != "" && (w.Reason == "" || w.Approver == ""):
		return fmt.Sprintf("accept-unchecked for %s on %s needs a reason and an approver", w.Rule, w.Artifact)
	case w.Lacks != "":
		return ""
	case w.Expires.IsZero() || !at.Before(w.Expires):
		return fmt.Sprintf("waiver for %s on %s expired on %s", w.Rule, w.Artifact, w.Expires.UTC().Format(time.DateOnly))
	case w.Reason == "" || w.Approver == "" || w.Citation == "":
		return fmt.Sprintf("waiver for %s on %s needs a reason, a citation and an approver", w.Rule, w.Artifact)
	}
	return ""
}

// applyWaiver applies one waiver and says what is wrong with it, if anything.
func applyWaiver(reports []Report, w *Waiver, known map[string]bool, at time.Time) string {
	if wrong := unfit(w, known, at); wrong != "" {
		return wrong
	}
	if w.Lacks != "" {
		return acceptUnchecked(reports, w)
	}
	used, refused, told := false, false, false
	for _, f := range findingsOf(reports, w) {
		switch {
		case f.Status == Notice && !f.SetAside():
			told = true
		case f.Status == NotChecked && !f.Required || f.SetAside():
		case f.Required:
			return fmt.Sprintf("waiver for %s on %s: the rule was %s, and a check that did not run cannot be waived; name it under accept-unchecked", w.Rule, w.Artifact, f.Text())
		case !f.Waivable() || againstIntent(f):
			refused = true
		default:
			f.Waived, used = w, true
		}
	}
	switch {
	case refused:
		return fmt.Sprintf("waiver for %s on %s: the finding is fatal or contradicts the profile, and cannot be waived", w.Rule, w.Artifact)
	case !used && told:
		return fmt.Sprintf("waiver for %s on %s: a notice blocks nothing and needs no waiver; remove it", w.Rule, w.Artifact)
	case !used:
		return fmt.Sprintf("waiver for %s on %s matches no finding; remove it", w.Rule, w.Artifact)
	}
	return ""
}

// findingsOf gives what the rule of a waiver found on its artifact.
func findingsOf(reports []Report, w *Waiver) []*Finding {
	var out []*Finding
	for i := range reports {
		for j := range reports[i].Findings {
			if f := &reports[i].Findings[j]; reports[i].Artifact == w.Artifact && f.Rule == w.Rule {
				out = append(out, f)
			}
		}
	}
	return out
}

// acceptUnchecked accepts that a rule lacked its context, and says what is wrong
// with that, if anything: what can be checked is checked.
func acceptUnchecked(reports []Report, w *Waiver) string {
	used, other := false, "the rule lacks nothing there"
	for _, f := range findingsOf(reports, w) {
		switch {
		case f.Status != NotChecked:
		case f.Absent == AbsentUntilSigned:
			other = "it is checked in the room, after the signature"
		case joinNeeds(f.Lacks) != w.Lacks:
			other = "the rule lacks " + joinNeeds(f.Lacks)
		case !f.Required:
			other = "the rule blocks nothing there"
		default:
			f.Waived, used = w, true
		}
	}
	if used {
		return ""
	}
	return fmt.Sprintf("accept-unchecked for %s on %s without %s accepts nothing (%s); remove it", w.Rule, w.Artifact, w.Lacks, other)
}

// cloneReports copies reports as deep as ApplyWaivers writes.
func cloneReports(reports []Report) []Report {
	out := make([]Report, len(reports))
	for i, r := range reports {
		out[i] = r
		out[i].Findings = slices.Clone(r.Findings)
	}
	return out
}
