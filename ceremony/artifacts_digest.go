// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"rootceremony/transcripts"
)

// fieldArtifacts is the type of a field for a digest that another machine takes
// of the artifacts as they left the room. The host never shows it.
const fieldArtifacts = "artifacts-digest"

// artifactsDigest gives what this prints in the folder of artifacts, as they
// stand after the records:
//
//	sha256sum * | LC_ALL=C sort -k 2 | sha256sum
func artifactsDigest(records []transcripts.Record) string {
	var lines []string
	for _, r := range records {
		if e, ok := r.Event.(transcripts.ArtifactWritten); ok && strings.HasPrefix(e.Path, "artifacts/") {
			lines = append(lines, e.SHA256+"  "+path.Base(e.Path)+"\n")
		}
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[64:], b[64:]) })
	return sha256Hex([]byte(strings.Join(lines, "")))
}

// readBack has people type the digest that another machine printed, until it is
// that of the artifacts; what was wrong is recorded.
func (r *runner) readBack(f Field) (string, error) {
	want := artifactsDigest(r.j.Records())
	if r.o.People.How() == transcripts.Simulated {
		return want, nil
	}
	for {
		typed, err := r.typed("the field "+f.Name, func() (string, error) { return r.o.People.Field(f) })
		if err != nil || typed == want {
			return typed, err
		}
		r.say("      The other machine read something else than the artifacts of this ceremony.\n      Look at the medium, and at its folder artifacts.")
		e := transcripts.ConfirmationRefused{TBSSHA256: want, Entered: typed, Reason: "another digest of the artifacts in the field " + f.Name}
		if err := r.note(e, r.o.People.How(), twoOf(r.present)...); err != nil {
			return "", err
		}
	}
}

// readBackFields checks the digests of artifacts that people typed in a step.
func (w *walk) readBackFields(r transcripts.Record, e transcripts.StepRecorded) {
	st := w.plan.step(r.Step)
	if st == nil {
		return // said where it began
	}
	for _, f := range st.Record {
		if f.Type == fieldArtifacts && e.Fields[f.Name] != artifactsDigest(w.v.Records[:r.Seq-1]) {
			w.v.problem(line(r.Seq), "the field %s is not the digest of the artifacts as they were then: %s", f.Name, fmt.Sprintf("%.16s…", e.Fields[f.Name]))
		}
	}
}
