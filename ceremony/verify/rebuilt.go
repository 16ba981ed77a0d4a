// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/lint"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// rebuildAll rebuilds every signed object, in the order of signing.
func (re *Verifier) rebuildAll(ctx context.Context) error {
	h := re.Verdict.History
	signed := map[*history.Artifact]bool{}
	lints := re.newRelinter()
	for _, o := range h.Ended {
		lints.until(o.Intended.Seq)
		if err := ctx.Err(); err != nil {
			return err
		}
		in := o.Intended.Event
		switch {
		case o.Finished != nil && o.Finished.Event.Key != nil: // what is signed from here on is with or for this one
			re.gotKey(o.Finished.Seq, o.Finished.Event.Key)
		case in.What != event.WhatSign:
		case in.Artifact == "":
			re.rebuildOther(o)
		case o.Finished == nil: // said where it was linted
		default:
			a := re.at(o.Intended.Seq).Plan.Artifact(in.Artifact)
			if a == nil {
				re.Verdict.problem(line(o.Intended.Seq), "a signature for %q, which is not in the plan", in.Artifact)
				continue
			}
			if signed[o.Artifact] {
				re.Verdict.problem(line(o.Intended.Seq), "a second signature for %q", a.ID)
			}
			signed[o.Artifact] = true
			re.rebuildArtifact(a, o, lints)
		}
	}
	lints.until(len(h.Records))
	lints.end()
	for _, o := range h.Operations {
		if in := o.Intended.Event; o.Open() && in.What == event.WhatSign && in.Artifact == "" {
			re.rebuildOther(o)
		}
	}
	re.Verdict.checkDelivered(re.Builder.Plan)
	for _, d := range h.Serials { // also those that nothing was signed with yet
		re.Builder.Serials[d.Event.Artifact] = re.serials[d.Seq]
	}
	return nil
}

// rebuildArtifact rebuilds one planned artifact and lints it as of its signing.
func (re *Verifier) rebuildArtifact(a *plan.Artifact, o *history.Operation, lints *relinter) {
	where, builder := line(o.Intended.Seq), re.at(o.Intended.Seq).Builder
	re.drawn(a, o)
	signing, err := time.Parse(time.RFC3339, o.Intended.Event.Moment)
	if err != nil {
		re.Verdict.problem(where, "the moment of signing: %v", err)
		return
	}
	s, err := builder.ToBeSigned(a, signing)
	if err != nil {
		re.Verdict.problem(where, "%s cannot be rebuilt: %v", a.ID, err)
		return
	}
	if plan.SHA256Hex(s.Bytes) != o.Intended.Event.TBSSHA256 {
		re.Verdict.problem(where, "the bytes signed for %s do not follow from plan.json", a.ID)
		return
	}
	signature, err := base64.StdEncoding.DecodeString(o.Finished.Event.Signature)
	if err != nil {
		re.Verdict.problem(where, "the signature of %s: %v", a.ID, err)
		return
	}
	made, report, err := builder.Issued(s, signature)
	if err != nil {
		re.Verdict.problem(where, "%s cannot be assembled again: %v", a.ID, err)
		return
	}
	unread := builder.Add(a, made)
	lints.issued(o, report, unread)
	if unread != nil && !re.withheld(o, unread) {
		re.Verdict.problem(where, "%v", unread)
		return
	}
	re.Reports[a.ID] = report
	re.summaries(a, o, made)
	re.compare(o, made.DER, report)
}

// summaries compares what the record says of an artifact, which report and
// transcript show, to the artifact.
func (re *Verifier) summaries(a *plan.Artifact, o *history.Operation, made *plan.Object) {
	if o.Artifact.Signed != o {
		return // said as a second signature
	}
	want := event.Legible(re.at(o.Intended.Seq).Summary(a, made))
	for _, f := range o.Artifact.Files {
		if s := f.Event.Summary; differ(s, want) {
			re.Verdict.problem(line(f.Seq), "%s: the summary differs from the file", f.Event.Path)
		}
	}
}

// withheld reports whether an object that cannot be parsed again was withheld:
// the record says so then, and holds.
func (re *Verifier) withheld(o *history.Operation, err error) bool {
	w := written(o)
	if w == nil || w.Withheld == "" {
		return false
	}
	re.Verdict.Notices = append(re.Verdict.Notices, w.Path+": withheld: "+err.Error())
	return true
}

// compare sets a rebuilt artifact against the file of the bundle. Findings of
// today's rules on what was clear then are notices, unless they contradict what
// the record states.
func (re *Verifier) compare(o *history.Operation, der []byte, report lint.Report) {
	w := written(o)
	if w == nil {
		return // it is not delivered, which is said there
	}
	data, err := re.Verdict.ReadFile(w.Path, plan.MaxInput)
	if err != nil || !bytes.Equal(data, der) {
		re.Verdict.problem(w.Path, "the file differs from the object rebuilt from plan.json and the recorded signature")
		return
	}
	for _, f := range report.Findings {
		if f.Required && f.Waived != nil {
			re.Verdict.Notices = append(re.Verdict.Notices, fmt.Sprintf("%s: accepted unchecked: %s without %s (%s, %s)",
				w.Path, f.Rule, f.Waived.Lacks, f.Waived.Reason, f.Waived.Approver))
		}
	}
	for _, f := range report.Blocking() {
		if w.Withheld != "" {
			re.Verdict.Notices = append(re.Verdict.Notices, w.Path+": withheld: "+findingText(f))
			continue
		}
		re.found(w.Path, w.Path, o, f)
	}
	re.Verdict.Rebuilt++
}

// found notes a finding on what was clear when it was signed. The engines that are
// named as having cleared it cannot find it afterwards.
func (re *Verifier) found(where, what string, o *history.Operation, f lint.Finding) {
	if f.Record != "" || maps.Equal(re.Verdict.engines(o.Intended.Session), lint.Versions()) {
		re.Verdict.problem(where, "%s", findingText(f))
		return
	}
	re.Verdict.Notices = append(re.Verdict.Notices, what+": a finding under current rules: "+findingText(f))
}

func findingText(f lint.Finding) string {
	return fmt.Sprintf("%s: %s: %s (%s)", f.Status, f.Rule, f.Text(), f.Citation)
}
