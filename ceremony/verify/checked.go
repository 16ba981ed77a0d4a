// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"slices"

	"rootceremony/lint"
	"rootceremony/transcripts/event"
)

// The checks of a signed artifact that do not state what a record states; see
// [CheckedRecord] for the others.
const (
	CheckParsed = "parsed again by a second parser"
	CheckLinted = "linted again"
)

// CheckedRecord lists what the checks of a signed artifact compare with the record.
func CheckedRecord() []lint.Record {
	return []lint.Record{lint.RecordBytes, lint.RecordDeclared, lint.RecordSignature}
}

// checkChecks compares each list of checks with the one that every signed artifact
// undergoes: a check with a name of its own, or one less, says nothing.
func (v *Verdict) checkChecks() {
	want := []string{CheckParsed}
	for _, states := range CheckedRecord() {
		want = append(want, string(states))
	}
	want = append(want, CheckLinted)
	for _, r := range v.Records {
		e, ok := r.Event.(event.ArtifactChecked)
		if !ok {
			continue
		}
		var names []string
		for _, c := range e.Checks {
			names = append(names, c.Name)
		}
		if !slices.Equal(names, want) {
			v.problem(line(r.Seq), "%s: the checks are %q, but those after each signature are %q", e.Artifact, names, want)
		}
	}
}
