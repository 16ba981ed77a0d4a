// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"encoding/base64"
	"fmt"
	"os"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/artifact"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// made is what a line says was made, so that people can compare it with what they saw,
// filmed or wrote down: whoever can write to the disk between a crash and the next
// session may not only cut lines off, but replace what they say.
type made struct{ what, sha256 string }

// onlyOnDisk says in short which acts no head on paper covers. The record is not
// verified yet.
func onlyOnDisk(uncovered []event.Record) string {
	const most = 6 // a screen has 24 lines
	n := len(uncovered)
	text := restsOnDisk(uncovered)
	if n > most {
		text += fmt.Sprintf("\n%d others, and then", n-most)
	}
	for _, r := range uncovered[max(0, n-most):] {
		text += "\n" + act(r)
	}
	return text
}

func restsOnDisk(uncovered []event.Record) string {
	return "No head on paper covers " + spanOf(uncovered) + ". Only the disk says that this happened:"
}

// act says on a line or two what a line of the record is about.
func act(r event.Record) string {
	at := fmt.Sprint("event ", r.Seq)
	if r.Step != "" {
		at += ", step " + r.Step
	}
	return at + ": " + shortened(r.Event.Sentence().Text)
}

// restOnDisk lists all acts that no head on paper covers, with the digest of what each
// made.
func (pp *paper) restOnDisk(uncovered []event.Record) string {
	text := restsOnDisk(uncovered)
	shown := map[string]bool{}
	for _, r := range uncovered {
		text += "\n" + act(r)
		m, ok := pp.madeBy(r)
		if !ok || shown[m.sha256] {
			continue
		}
		shown[m.sha256] = true
		text += "\n  SHA-256 of " + m.what + ":\n" + plan.Groups(m.sha256)
	}
	return text + "\nCompare each digest with the video, or with what was written down."
}

// madeOnDisk names what the acts made, for the record.
func (pp *paper) madeOnDisk(uncovered []event.Record) string {
	var all []string
	shown := map[string]bool{}
	for _, r := range uncovered {
		if m, ok := pp.madeBy(r); ok && !shown[m.sha256] {
			shown[m.sha256] = true
			all = append(all, m.what+" with SHA-256 "+m.sha256)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return ", by which were made: " + strings.Join(all, ", ")
}

// madeBy gives what one line says was made. The PEM of an artifact follows from its DER.
func (pp *paper) madeBy(r event.Record) (made, bool) {
	switch e := r.Event.(type) {
	case event.ArtifactWritten:
		return made{e.Artifact, e.SHA256}, e.Encoding == event.EncodingDER
	case event.OperationFinished:
		if e.Key != nil {
			return made{"public key " + e.Key.Label, e.Key.SPKISHA256}, true
		}
		if o := pp.state.replay.Operation(e.Operation); e.Signature != "" && o != nil {
			return pp.signed(o, e.Signature), true
		}
	}
	return made{}, false
}

// signed gives what a signature makes: its artifact, which may not be in a file yet, or,
// as the proof of a key, nothing but itself.
func (pp *paper) signed(o *history.Operation, encoded string) made {
	in := o.Intended.Event
	signature, _ := base64.StdEncoding.DecodeString(encoded) // the record was verified
	a := plan.Find(pp.state.Plan.Artifacts, func(a *plan.Artifact) bool { return a.ID == in.Artifact })
	tbs, err := base64.StdEncoding.DecodeString(in.TBS)
	if in.TBSFile != "" {
		tbs, err = os.ReadFile(pp.dir.Path(in.TBSFile))
	}
	if a != nil && err == nil {
		if der, err := pp.state.Assemble(a, tbs, signature); err == nil {
			return made{a.ID, artifact.Sum(der).SHA256Hex()}
		}
	}
	return made{fmt.Sprintf("the signature of operation %d", in.Operation), artifact.Sum(signature).SHA256Hex()}
}
