// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"cmp"
	"fmt"
	"slices"

	"rootceremony/lint"
	"rootceremony/transcripts/event"
)

// checkedRecord lists what the checks of a signed artifact compare with the record.
var checkedRecord = []lint.Record{lint.RecordBytes, lint.RecordDeclared, lint.RecordSignature}

// CheckedEvent lists the checks after a signature, by group: what the second parser
// said, what the record states of the object, and all other rules.
func CheckedEvent(id string, report lint.Report, parseErr error) event.ArtifactChecked {
	e := event.ArtifactChecked{Artifact: id}
	add := func(name string, ok bool, details string) {
		e.Checks = append(e.Checks, event.Check{Name: name, OK: ok, Details: details})
	}
	failed, others := map[lint.Record]string{}, 0
	for _, f := range report.Blocking() {
		if slices.Contains(checkedRecord, f.Record) {
			failed[f.Record] = cmp.Or(failed[f.Record], f.Text())
			continue
		}
		others++
	}
	unparsed := ""
	if parseErr != nil {
		unparsed = parseErr.Error()
	}
	add("parsed again by a second parser", parseErr == nil, unparsed)
	for _, states := range checkedRecord {
		add(string(states), failed[states] == "", failed[states])
	}
	add("linted again", others == 0, fmt.Sprintf("%d findings", others))
	return e
}

// checkChecks compares each list of checks with the one that every signed artifact
// undergoes: a check with a name of its own, or one less, says nothing.
func (v *Verdict) checkChecks() {
	want := checkNames(CheckedEvent("", lint.Report{}, nil))
	for _, c := range v.History.Checked {
		if names := checkNames(c.Event); !slices.Equal(names, want) {
			v.problem(line(c.Seq), "%s: the checks are %q, but those after each signature are %q", c.Event.Artifact, names, want)
		}
	}
}

func checkNames(e event.ArtifactChecked) []string {
	var names []string
	for _, c := range e.Checks {
		names = append(names, c.Name)
	}
	return names
}
