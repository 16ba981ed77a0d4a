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

// madeBy gives what one line says was made. A signature makes its artifact, which may
// not be in a file yet, or, as the proof of a key, nothing but itself.
func (pp *paper) madeBy(r event.Record) (made, bool) {
	m, ok := pp.state.replay.Made(r)
	if !ok || m.Signed == nil {
		return made{m.What, m.SHA256}, ok
	}
	in := m.Signed.Intended.Event
	signature, _ := base64.StdEncoding.DecodeString(m.Signed.Finished.Event.Signature) // the record was verified
	if der, err := pp.assembled(in, signature); err == nil {
		return made{in.Artifact, artifact.Sum(der).SHA256Hex()}, true
	}
	return made{fmt.Sprintf("the signature of operation %d", in.Operation), artifact.Sum(signature).SHA256Hex()}, true
}

// assembled joins the bytes of an artifact and a signature that were recorded.
func (pp *paper) assembled(in event.OperationIntended, signature []byte) ([]byte, error) {
	a := plan.Find(pp.state.Plan.Artifacts, func(a *plan.Artifact) bool { return a.ID == in.Artifact })
	if a == nil {
		return nil, fmt.Errorf("the plan has no artifact %q", in.Artifact)
	}
	tbs, err := base64.StdEncoding.DecodeString(in.TBS)
	if in.TBSFile != "" {
		tbs, err = os.ReadFile(pp.dir.Path(in.TBSFile))
	}
	if err != nil {
		return nil, err
	}
	return pp.state.Assemble(a, tbs, signature)
}
