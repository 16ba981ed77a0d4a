// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestRefusalSaysWhy guards the operator against a refusal without a word: what
// is not cleared has a finding that blocks, whatever is not known of it, and
// what has none is cleared. Before, a rule that lacked its context refused with
// an empty list, and planning did not see it at all.
func TestRefusalSaysWhy(t *testing.T) {
	l := newLinter(t)
	lacked := map[Need]bool{}
	for name, m := range goodObjects(t) {
		fields := reflect.TypeFor[Context]()
		for i := range fields.NumField() {
			ctx := m.ctx
			reflect.ValueOf(&ctx).Elem().Field(i).SetZero()
			cleared, report := l.Clear(m.obj, ctx, m.tbs)
			if (cleared == nil) != (len(report.Blocking()) > 0) {
				t.Errorf("%s without %s: cleared %t:%s", name, fields.Field(i).Name, cleared != nil, show(report))
			}
			for _, f := range report.Blocking() {
				if f.Required && (len(f.Lacks) == 0 || f.Status != NotChecked) {
					t.Errorf("%s without %s: nothing says what %s lacks", name, fields.Field(i).Name, f.Rule)
				}
				for _, n := range f.Lacks {
					lacked[n] = true
				}
			}
			issued := l.Issued(m.obj, ctx, m.der, m.tbs)
			if cleared == nil && len(issued.Blocking()) == 0 {
				t.Errorf("%s without %s: refused before the signature and accepted after it", name, fields.Field(i).Name)
			}
		}
	}
	for _, n := range []Need{NeedIssuer, NeedLatestCRL, NeedPrevious, NeedExisting, NeedSubject} {
		if !lacked[n] {
			t.Errorf("nothing was refused for want of %s", n)
		}
	}
}

// What was not checked cannot be waived.
func TestWaiveNotChecked(t *testing.T) {
	m := goodObjects(t)["response"]
	m.ctx.LatestCRL = nil
	w := Waiver{Rule: "ocsp.crl", Artifact: m.obj.Artifact, Reason: "r", Citation: "c", Approver: "a", Expires: m.ctx.Signing.Add(time.Hour)}
	cleared, report := newLinter(t, w).Clear(m.obj, m.ctx, m.tbs)
	if cleared != nil || !slices.ContainsFunc(report.Blocking(), func(f Finding) bool { return f.Rule == "ocsp.crl" }) {
		t.Errorf("cleared:%s", show(report))
	}
	_, problems := ApplyWaivers([]Report{report}, []Waiver{w}, m.ctx.Signing)
	if len(problems) != 1 || !strings.Contains(problems[0].Msg, "a check that did not run cannot be waived") {
		t.Error(problems)
	}
}
