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

// Types of fields for a digest that another machine takes. The program knows what
// it has to be, and takes no other.
const (
	fieldArtifacts = "artifacts-digest" // of the artifacts as they left the room; the host never shows it
	fieldKey       = "key-digest"       // SHA-256 of the SubjectPublicKeyInfo of the key that the field is called after
)

// expected gives what a field must hold after the records, and what that is of;
// nothing for fields that hold what people say.
func expected(f Field, records []transcripts.Record) (digest, of string) {
	switch f.Type {
	case fieldArtifacts:
		return artifactsDigest(records), "the artifacts as they were then"
	case fieldKey:
		return keyDigest(f.Name, records), "the public key"
	}
	return "", ""
}

// keyDigest gives the SHA-256 of the public key (SPKI, DER) by which a key was
// last shown to be on its token.
func keyDigest(key string, records []transcripts.Record) string {
	digest := ""
	for _, r := range records {
		if e, ok := r.Event.(transcripts.KeyProved); ok && e.Key == key {
			digest = e.SPKISHA256
		}
	}
	return digest
}

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
// the expected one; what was wrong is recorded.
func (r *runner) readBack(f Field, want, of string) (string, error) {
	if r.o.People.How() == transcripts.Simulated {
		return want, nil
	}
	for {
		typed, err := r.typed("the field "+f.Name, func() (string, error) { return r.o.People.Field(f) })
		if err != nil || typed == want {
			return typed, err
		}
		r.say("      The other machine read something else than %s.\n      Look at what it read, and read it again.", of)
		e := transcripts.ConfirmationRefused{TBSSHA256: want, Entered: typed, Reason: "another digest than that of " + of + " in the field " + f.Name}
		if err := r.note(e, r.o.People.How(), twoOf(r.present)...); err != nil {
			return "", err
		}
	}
}

// readBackFields checks the digests of another machine that people typed in a
// step.
func (w *walk) readBackFields(r transcripts.Record, e transcripts.StepRecorded) {
	st := w.plan.step(r.Step)
	if st == nil {
		return // said where it began
	}
	for _, f := range st.Record {
		want, of := expected(f, w.v.Records[:r.Seq-1])
		if of != "" && e.Fields[f.Name] != want {
			w.v.problem(line(r.Seq), "the field %s is not the digest of %s: %s", f.Name, of, fmt.Sprintf("%.16s…", e.Fields[f.Name]))
		}
	}
}
