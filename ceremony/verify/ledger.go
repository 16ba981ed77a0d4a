// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"slices"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// Unowned says of every signature that nobody owns, and of every key without a use
// or an end, what it lacks. Artifacts of the plan are not among them: [Undelivered]
// names those.
func Unowned(p *plan.Plan, done *history.History) []string {
	var lacks []string
	for _, s := range done.Unowned() {
		if s.Artifact == nil || p.Artifact(s.Artifact.ID) == nil || done.Artifact(s.Artifact.ID) != s.Artifact || s.Artifact.Lacks() == "" {
			lacks = append(lacks, s.String())
		}
	}
	return append(lacks, done.Orphans()...)
}

// ToldToLint is what the plan tells lint of an artifact, as the record has it: by
// this the ledger says what is due where the certificate is not delivered, and the
// report which OCSP responses a CRL makes old and what a request asks for in vain.
func ToldToLint(l *plan.Loaded, artifact string) event.ObjectLinted {
	a := l.Plan.Artifact(artifact)
	if a == nil || a.Object == nil {
		return event.ObjectLinted{}
	}
	e := event.ObjectLinted{Rules: a.Object.DeclaredPurpose().Rules, CA: a.Kind().IsCA(), SelfSigned: a.Certificate() != nil && a.Issuer.IsSelf()}
	if a.RevocationList() != nil {
		e.OldResponses = l.OldAnswers(a)
	}
	e.Asked = l.Asked(a)
	return e
}

// linted compares what the record says of an object that was linted with the plan.
func (w *stepChecker) linted(r event.Record, e event.ObjectLinted) {
	if w.plan().Artifact(e.Artifact) == nil {
		w.v.problem(line(r.Seq), "%q was linted, which is no artifact of the plan", e.Artifact)
		return
	}
	want := ToldToLint(w.period().Loaded, e.Artifact)
	if !slices.Equal(e.Rules, want.Rules) || e.CA != want.CA || e.SelfSigned != want.SelfSigned || !slices.Equal(e.OldResponses, want.OldResponses) || !slices.Equal(e.Asked, want.Asked) {
		w.v.problem(line(r.Seq), "the object linted as %s differs from the plan", e.Artifact)
	}
	for _, f := range e.Findings {
		if f.Waived != nil && !w.waives(e.Artifact, f) {
			w.v.problem(line(r.Seq), "%s of %s is recorded as accepted by %s, and the plan has no such waiver", f.Rule, e.Artifact, f.Waived.Approver)
		}
	}
}

// waives reports whether people accept a finding in the plan, whichever engine found it.
func (w *stepChecker) waives(artifact string, f event.Finding) bool {
	p := w.plan()
	return slices.ContainsFunc(p.Waivers, func(in plan.Waiver) bool {
		of := event.Waiver{Reason: in.Reason, Citation: in.Citation, Approver: in.Approver, Expires: in.Expires.UTC().Format(time.DateOnly)}
		return in.Artifact == artifact && in.Rule == f.Rule && event.Legible(of) == *f.Waived
	}) || slices.ContainsFunc(p.Unchecked, func(in plan.Unchecked) bool {
		return in.Artifact == artifact && in.Rule == f.Rule && event.Legible(event.Waiver{Reason: in.Reason, Approver: in.Approver}) == *f.Waived
	})
}
