// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"encoding/pem"
	"fmt"
	"slices"

	"rootceremony/transcripts/event"
)

// encodings are those that every artifact has, in the order in which they are
// written. All others are made from the first.
var encodings = []string{event.EncodingDER, event.EncodingPEM}

// pemLabels are those of RFC 7468; an OCSP response has none there.
var pemLabels = map[string]string{
	event.KindCertificate: "CERTIFICATE", event.KindCRL: "X509 CRL", event.KindCSR: "CERTIFICATE REQUEST", event.KindOCSP: "OCSP RESPONSE",
}

// rehearsalWarning stands before the PEM of a rehearsal. RFC 7468 section 2 lets
// parsers read over it.
const rehearsalWarning = "THIS IS A REHEARSAL ARTIFACT AND MUST NOT BE TRUSTED"

// PEM gives the one spelling of an object as text, with a warning before it in a
// rehearsal.
func PEM(kind string, der []byte, rehearsal bool) []byte {
	text := pem.EncodeToMemory(&pem.Block{Type: pemLabels[kind], Bytes: der})
	if !rehearsal {
		return text
	}
	return append([]byte(rehearsalWarning+"\n"), text...)
}

// fileSet is the files of one attempt at an artifact.
type fileSet struct {
	artifact string
	attempt  int // from 2; 0 is the first
	kind     string
	withheld string
	files    map[string]event.ArtifactWritten // by encoding
	seq      int                              // of the line that wrote the first
}

// path is where a file of the set stands.
func (s *fileSet) path(encoding string, marked bool) string {
	name := s.artifact
	if marked {
		name = rehearsal + "-" + name
	}
	if s.attempt > 0 {
		name += fmt.Sprintf(".attempt-%d", s.attempt)
	}
	folder := "artifacts/"
	if s.withheld != "" {
		folder = "withheld/"
	}
	return folder + name + "." + encoding
}

// encoded gives the bytes of a file of the set.
func (s *fileSet) encoded(encoding string, der []byte, marked bool) []byte {
	if encoding == event.EncodingPEM {
		return PEM(s.kind, der, marked)
	}
	return der
}

// fileSets follows which files a journal says that artifacts have. Their names
// follow from it: each attempt at an artifact has one file of each encoding.
type fileSets struct {
	marked bool // a rehearsal
	open   map[string]*fileSet
	all    []*fileSet
}

// fileSetsOf follows a journal; wrong is told of what does not follow.
func fileSetsOf(records []event.Record, wrong func(r event.Record, format string, args ...any)) *fileSets {
	s := &fileSets{open: map[string]*fileSet{}}
	for _, r := range records {
		switch e := r.Event.(type) {
		case event.CeremonyOpened:
			s.marked = e.Mode == event.Rehearsal
		case event.StepRedone:
			if e.Artifact != "" {
				s.begin(e.Artifact, e.Attempt)
			}
		case event.ArtifactWritten:
			s.write(r, e, wrong)
		}
	}
	return s
}

// begin gives the files of another attempt.
func (s *fileSets) begin(artifact string, attempt int) *fileSet {
	set := &fileSet{artifact: artifact, attempt: attempt, files: map[string]event.ArtifactWritten{}}
	s.open[artifact] = set
	s.all = append(s.all, set)
	return set
}

// of gives the files of the attempt at an artifact that counts now.
func (s *fileSets) of(artifact string) *fileSet {
	if set := s.open[artifact]; set != nil {
		return set
	}
	return s.begin(artifact, 0)
}

func (s *fileSets) write(r event.Record, e event.ArtifactWritten, wrong func(r event.Record, format string, args ...any)) {
	set := s.of(e.Artifact)
	if len(set.files) == 0 {
		set.kind, set.withheld, set.seq = e.Kind, e.Withheld, r.Seq
	}
	_, twice := set.files[e.Encoding]
	switch want := set.path(e.Encoding, s.marked); {
	case twice:
		wrong(r, "%s: %s has a file %q already", e.Path, e.Artifact, e.Encoding)
		return
	case e.Kind != set.kind || e.Withheld != set.withheld:
		wrong(r, "%s: it is not of the kind of the other file of %s, or not withheld like it", e.Path, e.Artifact)
	case e.Path != want:
		wrong(r, "%s: the name of this file is %s", e.Path, want)
	case !slices.Contains(encodings, e.Encoding):
		wrong(r, "%s: an artifact has no encoding %q", e.Path, e.Encoding)
	}
	set.files[e.Encoding] = e
}

// checkArtifacts checks that each attempt at an artifact has the files that this
// program makes, under its names, and makes every one again from the DER.
func (j *judge) checkArtifacts() {
	sets := fileSetsOf(j.Records, func(r event.Record, format string, args ...any) { j.bad(lineName(r.Seq), format, args...) })
	for _, set := range sets.all {
		j.checkSet(set, sets.marked)
	}
}

func (j *judge) checkSet(set *fileSet, marked bool) {
	if len(set.files) == 0 {
		return // an attempt that signed nothing
	}
	if j.account.closed != nil {
		for _, encoding := range encodings {
			if _, ok := set.files[encoding]; !ok {
				j.bad(lineName(set.seq), "%s has no file %s", set.artifact, set.path(encoding, marked))
			}
		}
	}
	der, ok := set.files[event.EncodingDER]
	if !ok {
		return
	}
	data, err := j.ReadFile(der.Path, maxGenerated)
	if err != nil {
		j.bad(der.Path, "%v", err)
		return
	}
	for _, encoding := range encodings[1:] {
		f, ok := set.files[encoding]
		if !ok {
			continue
		}
		got, err := j.ReadFile(f.Path, maxGenerated)
		if want := set.encoded(encoding, data, marked); err != nil || string(got) != string(want) {
			j.bad(f.Path, "it is not what %s gives: line %d differs", der.Path, firstDifference(got, want))
		}
	}
}
