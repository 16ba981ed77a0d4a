// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"encoding/pem"
	"fmt"
	"slices"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// encodings are those that every artifact has, in the order in which they are
// written. All others are made from the first.
var encodings = []string{event.EncodingDER, event.EncodingPEM}

// pemLabels are those of RFC 7468; an OCSP response has none there.
var pemLabels = map[string]string{
	event.KindCertificate: "CERTIFICATE", event.KindCRL: "X509 CRL", event.KindCSR: "CERTIFICATE REQUEST", event.KindOCSP: "OCSP RESPONSE",
}

// rehearsalWarning comes before the PEM of a rehearsal. RFC 7468 section 2 lets
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

// fileSet names the files of one attempt at an artifact. Their names follow from
// the journal: there is one file of each encoding.
type fileSet struct {
	artifact string
	attempt  int // from 2; 0 is the first
	kind     string
	withheld string
	marked   bool // a rehearsal
}

// path is where a file of the set lies.
func (s fileSet) path(encoding string) string {
	name := s.artifact
	if s.marked {
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
func (s fileSet) encoded(encoding string, der []byte) []byte {
	if encoding == event.EncodingPEM {
		return PEM(s.kind, der, s.marked)
	}
	return der
}

// checkArtifacts checks that each attempt at an artifact has the files that this
// program makes, under its names, and rebuilds every one from the DER.
func (v *verifier) checkArtifacts() {
	for _, a := range v.History.Artifacts {
		if len(a.Files) > 0 { // else it is an attempt that signed nothing
			first := a.Files[0].Event
			v.checkSet(a, fileSet{a.ID, a.Attempt, first.Kind, first.Withheld, v.Mode == event.Rehearsal})
		}
	}
}

func (v *verifier) checkSet(a *history.Artifact, set fileSet) {
	v.checkNames(a, set)
	for _, encoding := range encodings {
		if v.History.Closed != nil && a.File(encoding) == nil {
			v.bad(lineName(a.Files[0].Seq), "%s has no file %s", set.artifact, set.path(encoding))
		}
	}
	der := a.File(event.EncodingDER)
	if der == nil {
		return
	}
	data, err := v.ReadFile(der.Event.Path, maxGenerated)
	if err != nil {
		v.bad(der.Event.Path, "%v", err)
		return
	}
	for _, encoding := range encodings[1:] {
		f := a.File(encoding)
		if f == nil {
			continue
		}
		got, err := v.ReadFile(f.Event.Path, maxGenerated)
		if want := set.encoded(encoding, data); err != nil || string(got) != string(want) {
			v.bad(f.Event.Path, "not the encoding of %s, line %d differs", der.Event.Path, firstDifference(got, want))
		}
	}
}

// checkNames checks what the events say of the files of a set.
func (v *verifier) checkNames(a *history.Artifact, set fileSet) {
	have := map[string]bool{}
	for _, f := range a.Files {
		e, where := f.Event, lineName(f.Seq)
		switch want := set.path(e.Encoding); {
		case have[e.Encoding]:
			v.bad(where, "%s: %s already has a file %q", e.Path, e.Artifact, e.Encoding)
		case e.Kind != set.kind || e.Withheld != set.withheld:
			v.bad(where, "%s: kind, or being withheld, differs from the other file of %s", e.Path, e.Artifact)
		case e.Path != want:
			v.bad(where, "%s: the name of this file is %s", e.Path, want)
		case !slices.Contains(encodings, e.Encoding):
			v.bad(where, "%s: an artifact has no encoding %q", e.Path, e.Encoding)
		}
		have[e.Encoding] = true
	}
}
