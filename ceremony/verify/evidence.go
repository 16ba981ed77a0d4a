// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// written checks that a file of the evidence is one that a ceremony writes, where it
// writes it. An event alone makes no file evidence: who writes the record anew can write
// any event, and readers take what lies there for what the room made.
func (w *stepChecker) written(r event.Record, e event.FileWritten) {
	if why := w.unfounded(r, e); why != "" {
		w.v.problem(line(r.Seq), "%s is recorded as %q, and %s", e.Path, e.Kind, why)
	}
	if slices.ContainsFunc(w.before.Written(), func(f history.Entry[event.FileWritten]) bool { return f.Event.Path == e.Path }) {
		w.v.problem(line(r.Seq), "%s was written before", e.Path)
	}
}

// unfounded says why a file is not the evidence that it is recorded as.
func (w *stepChecker) unfounded(r event.Record, e event.FileWritten) string {
	switch e.Kind {
	case event.KindTBS:
		return w.notToBeSigned(r, e)
	case event.KindTornLine:
		return w.notTorn(r, e)
	case event.KindLeftOver:
		return w.notLeftOver(r, e)
	case event.KindStandIn:
		return w.noStandIn(e)
	}
	return "no ceremony writes such a file"
}

// notToBeSigned is about bytes that are too long for a line: they were confirmed in this
// session, and the next call is to sign them, unless an interruption comes first.
func (w *stepChecker) notToBeSigned(r event.Record, e event.FileWritten) string {
	switch {
	case e.Path != event.TBSPath(e.SHA256):
		return "the name of such a file is that of its digest"
	case e.Size <= event.InlineTBS:
		return fmt.Sprintf("%d bytes are in the line of their call", e.Size)
	case !w.confirmedNow(r, e.SHA256):
		return "nobody confirmed these bytes in this session"
	}
	for _, o := range w.v.History.Operations {
		if in := o.Intended; in.Seq > r.Seq && in.Session == r.Session && in.Event.TBSFile == e.Path {
			return ""
		} else if in.Seq > r.Seq && in.Session == r.Session {
			return fmt.Sprintf("operation %d, which comes next, is not to sign these bytes", o.Number)
		}
	}
	if slices.ContainsFunc(w.v.History.Steps, func(s *history.Step) bool {
		return s.Step == r.Step && s.Finished != nil && s.Finished.Seq > r.Seq && s.Finished.Session == r.Session
	}) {
		return fmt.Sprintf("step %s ended without a call that is to sign these bytes", r.Step)
	}
	return ""
}

// confirmedNow reports whether people confirmed bytes in the session of a line.
func (w *stepChecker) confirmedNow(r event.Record, tbs string) bool {
	return slices.ContainsFunc(w.before.Confirmations, func(c history.Entry[event.SignatureConfirmed]) bool {
		return c.Session == r.Session && (c.Event.TBSSHA256 == tbs ||
			slices.ContainsFunc(c.Event.Table, func(row event.Confirmed) bool { return row.TBSSHA256 == tbs }))
	})
}

// confirmed checks that people confirmed what the plan has them confirm in this step, alone or
// in one table, and that the next signature of the session is over the first of these bytes.
func (w *stepChecker) confirmed(r event.Record, e event.SignatureConfirmed) {
	rows := e.Table
	if len(rows) == 0 {
		rows = []event.Confirmed{{Artifact: e.Artifact, TBSSHA256: e.TBSSHA256}}
	}
	if !slices.EqualFunc(rows, w.together(r.Step), func(row event.Confirmed, a *plan.Artifact) bool { return row.Artifact == a.ID }) || len(e.Table) == 1 {
		w.v.problem(line(r.Seq), "the plan has people confirm other signatures in this step, or in another table")
		return
	}
	for _, o := range w.v.History.Operations {
		in := o.Intended
		if in.Seq < r.Seq || in.Session != r.Session || in.Event.What != event.WhatSign {
			continue
		}
		if in.Event.Artifact != rows[0].Artifact || in.Event.TBSSHA256 != rows[0].TBSSHA256 {
			w.v.problem(line(r.Seq), "the signature of %s over these bytes was confirmed, and operation %d, which comes next, is another one", rows[0].Artifact, o.Number)
		}
		return
	}
}

// together gives the artifacts that people confirm in a step; none where it signs none.
func (w *stepChecker) together(step string) []*plan.Artifact {
	p := w.plan()
	if st := p.Step(step); st != nil && st.Kind == plan.StepSign {
		return p.ConfirmedTogether(p.Artifact(st.Artifact))
	}
	return nil
}

// notTorn is about the rest of a line, which the session that found it keeps.
func (w *stepChecker) notTorn(r event.Record, e event.FileWritten) string {
	if w.torn == e.Path && w.tornIn == r.Session {
		return ""
	}
	return "this session found no incomplete line that this file keeps"
}

// leftOver matches where a file of nobody is moved to, with the number that is its name
// where its own path does not fit.
var leftOver = regexp.MustCompile(`^(` + event.LeftOverFolder + `/[1-9][0-9]*)/(?:file-([1-9][0-9]*)$)?`)

// notLeftOver is about a file of nobody. One that lay there already stays where it is.
func (w *stepChecker) notLeftOver(r event.Record, e event.FileWritten) string {
	if !strings.HasPrefix(e.Path, event.LeftOverFolder+"/") {
		return "it lies elsewhere"
	}
	m := leftOver.FindStringSubmatch(e.Path)
	switch {
	case e.From == "":
		return ""
	case m != nil:
		if number, _ := strconv.Atoi(m[2]); e.Path == transcripts.LeftOverPath(m[1], e.From, number) {
			return w.notNext(r, m[1])
		}
	}
	return fmt.Sprintf("it was moved from %q, which its name does not say", e.From)
}

// notNext says that files of nobody were moved elsewhere than into the first folder in which
// no file was, with those that were found together. What lay in another one then has a line
// of its own, of a later session where a crash came before it.
func (w *stepChecker) notNext(r event.Record, folder string) string {
	moved := map[int]bool{} // by line
	for _, f := range w.v.History.Written() {
		moved[f.Seq] = f.Event.Kind == event.KindLeftOver
	}
	first := r.Seq
	for moved[first-1] {
		first--
	}
	var there []string
	for _, f := range w.v.History.Written() {
		if f.Seq < first || f.Event.From == "" && !strings.HasPrefix(f.Event.Path, folder+"/") {
			there = append(there, f.Event.Path)
		}
	}
	if next := transcripts.NextLeftOver(there); next != folder {
		return "what is found then is moved to " + next
	}
	return ""
}

// noStandIn is about the certificate that takes the place of an input in a rehearsal, once
// it is signed. What is in it is compared where the signature is.
func (w *stepChecker) noStandIn(e event.FileWritten) string {
	if w.v.Mode == event.Rehearsal && slices.ContainsFunc(w.before.Ended, func(o *history.Operation) bool {
		in := o.Intended.Event
		return o.Finished != nil && in.Purpose == event.PurposeStandIn && e.Path == plan.StandInPath(in.For)
	}) {
		return ""
	}
	return "no signature before made such a stand-in"
}

// placed checks that the bytes of a signature are where their length has them: in the
// line, or in the file that was written for them.
func (c *keyChecker) placed(before *history.History, r event.Record, e event.OperationIntended) {
	if e.TBSFile == "" {
		if tbs, err := base64.StdEncoding.DecodeString(e.TBS); err == nil && len(tbs) > event.InlineTBS {
			c.Verdict.problem(line(r.Seq), "operation %d has %d bytes in its line, and so many lie in a file", e.Operation, len(tbs))
		}
		return
	}
	if e.TBSFile != event.TBSPath(e.TBSSHA256) || !slices.ContainsFunc(before.Written(), func(f history.Entry[event.FileWritten]) bool {
		return f.Event.Path == e.TBSFile && f.Event.Kind == event.KindTBS
	}) {
		c.Verdict.problem(line(r.Seq), "operation %d is to sign the bytes in %s, and no line before wrote this file for them", e.Operation, e.TBSFile)
	}
}

// refused checks that digits were refused of a signature that the plan has people confirm in
// this step, and had not: of a table they are of no single one.
func (w *stepChecker) refused(r event.Record, e event.ConfirmationRefused) {
	if e.Artifact == "" {
		return
	}
	if all := w.together(r.Step); len(all) != 1 || all[0].ID != e.Artifact {
		w.v.problem(line(r.Seq), "digits of %s are refused, which the plan does not have people confirm in this step", e.Artifact)
	}
	if e.Reason != event.OtherDigits {
		w.v.problem(line(r.Seq), "digits of %s are refused for another reason than that they are other digits: %q", e.Artifact, e.Reason)
	}
}
