// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// absences say why each piece of context is not there in a plan.
var absences = map[Need]Absence{
	NeedSigning: AbsentLacking, NeedIssuer: AbsentLacking, NeedIssuerKey: AbsentLacking, NeedIssuerURLs: AbsentLacking,
	NeedExisting: AbsentLacking, NeedPrevious: AbsentLacking, NeedRevoked: AbsentLacking, NeedSubject: AbsentLacking,
	NeedLatestCRL: AbsentLacking, NeedSiblings: AbsentLacking, NeedKeyDate: AbsentLacking, NeedSample: AbsentLacking,
	NeedEarlierCRLs: AbsentLacking, NeedEarlierResponses: AbsentLacking, NeedSignature: AbsentUntilSigned,
}

// TestAbsence guards the promise that what a plan accepts the room can finish: of
// each rule that needs something it is known why that is not there, and what is
// lacking blocks a rule that could find an error.
func TestAbsence(t *testing.T) {
	l := newLinter(t)
	for _, r := range ownRules() {
		for _, n := range r.Needs {
			if absences[n] == "" {
				t.Errorf("%s needs %s, and the table does not say why that may be missing", r.ID, n)
			}
		}
	}
	for name, m := range goodObjects(t) {
		target, err := newTarget(&m.obj, &Context{}, m.der)
		if err != nil {
			t.Fatal(err)
		}
		target.zlint, target.static = l.zlint, true
		for _, r := range ownRules() {
			ps, o := r.run(target)
			if o != notChecked {
				continue
			}
			want := AbsentUntilSigned
			if slices.Equal(ps[0].lacks, []Need{NeedScope}) {
				want = AbsentByDeclaration
			}
			for _, n := range ps[0].lacks {
				if absences[n] == AbsentLacking {
					want = AbsentLacking
				}
			}
			f := r.finding(target, ps[0])
			report := Report{Findings: []Finding{f}}
			l.require(&report)
			blocks := want == AbsentLacking && r.Level.weight() >= Error.weight() && !r.Later
			if f.Absent != want || report.Findings[0].blocks() != blocks {
				t.Errorf("%s on %s lacks %v: %s, blocks %t; want %s, %t", r.ID, name, f.Lacks, f.Absent, report.Findings[0].blocks(), want, blocks)
			}
		}
	}
}

// TestAbsentByDeclaration: a first CRL has no previous one, which is known, so
// that nothing stays unchecked for it.
func TestAbsentByDeclaration(t *testing.T) {
	m := goodObjects(t)["crl"]
	target, err := newTarget(&m.obj, &m.ctx, m.der)
	if err != nil {
		t.Fatal(err)
	}
	if got := target.absence(NeedPrevious); got != AbsentByDeclaration {
		t.Errorf("the previous CRL of a first one is %q", got)
	}
	if _, r := newLinter(t).Clear(m.obj, m.ctx, m.tbs); slices.ContainsFunc(r.Findings, func(f Finding) bool { return slices.Contains(f.Lacks, NeedPrevious) }) {
		t.Errorf("a rule waits for a previous CRL:%s", show(r))
	}
}

// TestAcceptUnchecked guards both sides: people can accept what nobody can check
// any more, by name, and nothing else.
func TestAcceptUnchecked(t *testing.T) {
	m := goodObjects(t)["response"]
	with := m.ctx
	m.ctx.LatestCRL = nil
	good := Waiver{Rule: "ocsp.crl", Artifact: m.obj.Artifact, Lacks: "latest CRL", Reason: "the repository is lost", Approver: "erin"}
	cleared, r := newLinter(t, good).Clear(m.obj, m.ctx, m.tbs)
	i := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Rule == "ocsp.crl" })
	if cleared == nil || i < 0 || r.Findings[i].Text() != "accepted unchecked, without latest CRL" {
		t.Errorf("accepted and not cleared:%s", show(r))
	}
	for name, c := range map[string]struct {
		change func(w *Waiver)
		ctx    Context
		want   string
	}{
		"another context":       {func(w *Waiver) { w.Lacks = "previous CRL" }, m.ctx, "the rule lacks latest CRL"},
		"context that is there": {func(*Waiver) {}, with, "the rule lacks nothing there"},
		"the signature":         {func(w *Waiver) { w.Rule, w.Lacks = "ocsp.signature", string(NeedSignature) }, with, "checked in the room"},
		"no reason":             {func(w *Waiver) { w.Reason = "" }, m.ctx, "needs a reason"},
		"no rule":               {func(w *Waiver) { w.Rule = "ocsp.crll" }, m.ctx, "there is no such rule"},
		"the declared object":   {func(w *Waiver) { w.Rule = "tbs.declared" }, m.ctx, ""},
	} {
		w := good
		c.change(&w)
		_, r := newLinter(t).Clear(m.obj, c.ctx, m.tbs)
		_, problems := ApplyWaivers([]Report{r}, []Waiver{w}, time.Time{})
		if len(problems) != 1 || !strings.Contains(problems[0].Msg, c.want) {
			t.Errorf("%s: %v", name, problems)
		}
	}
}
