// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"fmt"
	"strings"
)

// missing says on one line what an object lacks to be approved, and whose
// approval could still count: "one more approval of anna, ben or clara". It is
// empty where nothing is missing.
func (v Verdict) missing() string {
	switch failures := v.failures(); {
	case v.allowed():
		return ""
	case len(v.Problems) > 0:
		return v.Problems[0]
	case len(failures) > 0:
		return fmt.Sprintf("%q is invalid: %s", failures[0].Name, failures[0].Why)
	}
	var lacks []string
	for _, t := range v.Thresholds {
		if !t.Met() {
			lacks = append(lacks, t.missing())
		}
	}
	if v.Any {
		return strings.Join(lacks, ", or ")
	}
	return strings.Join(lacks, ", and ")
}

// Missing says on one line what a plan lacks to be approved, with the files that
// lack it.
func (v PlanVerdict) Missing() string {
	all := v.Problems
	if lacks := Missing(v.Files()); lacks != "" {
		all = append([]string{lacks}, all...)
	}
	return strings.Join(all, "; ")
}

// Missing says on one line what several files lack to be approved.
func Missing(verdicts []FileVerdict) string {
	var said []string
	files := map[string][]string{}
	for _, f := range verdicts {
		lacks := f.missing()
		switch {
		case lacks == "":
			continue
		case files[lacks] == nil:
			said = append(said, lacks)
		}
		files[lacks] = append(files[lacks], f.File)
	}
	for i, lacks := range said {
		said[i] = lacks + " (" + fileNames(files[lacks]) + ")"
	}
	return strings.Join(said, "; ")
}

// maxNamesShown is how many files are listed on one line by their names.
const maxNamesShown = 2

func fileNames(names []string) string {
	if len(names) > maxNamesShown {
		return fmt.Sprintf("%s and %d more files", names[0], len(names)-1)
	}
	return strings.Join(names, ", ")
}

// missing says how many people a role lacks, and who they could be.
func (t Threshold) missing() string {
	have := len(t.Signed) + len(t.Paper)
	n, more := t.Need-have, ""
	if have > 0 {
		more = " more"
	}
	text := fmt.Sprintf("%d%s approvals", n, more)
	switch {
	case n == 1 && have > 0:
		text = "one more approval"
	case n == 1:
		text = "one approval"
	}
	if len(t.Open) < n {
		return fmt.Sprintf("%s as %s, but valid keys remain for only %d", text, t.Role, len(t.Open))
	}
	return text + " of " + oneOfNames(t.Open, n)
}

// oneOfNames joins names with "or", or with "and" where all of them are needed.
func oneOfNames(names []string, need int) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	word := " or "
	if need == len(names) {
		word = " and "
	}
	return strings.Join(names[:last], ", ") + word + names[last]
}
