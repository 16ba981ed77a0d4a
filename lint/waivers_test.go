// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/profiles/ext"
)

// anyPolicy makes an issuing CA with a warning that people can accept.
func anyPolicy(t *testing.T) *made {
	return certificate(t, policied(issuingProfile(t, "f-cert", "F1"), policyAny), key(t, algorithm.ECDSAP384, "f"), theRoot(t))
}

// accept makes a waiver.
func accept(rule, artifact string) Waiver {
	return Waiver{
		Rule: rule, Artifact: artifact, Reason: "the CA is an Affiliate", Citation: "BR 7.1.2.10.5",
		Approver: "erin", Expires: signing.AddDate(0, 1, 0),
	}
}

func TestSettle(t *testing.T) {
	report := anyPolicy(t).check(newLinter(t))
	for _, c := range []struct {
		name, problem string
		change        func(w *Waiver)
		waived        bool
	}{
		{"used", "", func(*Waiver) {}, true},
		{"expired", "expired", func(w *Waiver) { w.Expires = signing }, false},
		{"without expiry", "expired", func(w *Waiver) { w.Expires = time.Time{} }, false},
		{"another artifact", "matches no finding", func(w *Waiver) { w.Artifact = "e1-cert" }, false},
		{"a rule that found nothing", "matches no finding", func(w *Waiver) { w.Rule = "sub.eku" }, false},
		{"an unknown rule", "no such rule", func(w *Waiver) { w.Rule = "sub.polices" }, false},
		{"a rule about the profile", "cannot be waived", func(w *Waiver) { w.Rule = "cert.declared-eq-issued" }, false},
		{"without a reason", "needs a reason", func(w *Waiver) { w.Reason = "" }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := accept("sub.policies", "f-cert")
			c.change(&w)
			settled, problems := ApplyWaivers([]Report{report}, []Waiver{w}, signing)
			if c.problem == "" != (len(problems) == 0) || len(problems) > 0 && !strings.Contains(problems[0].Msg, c.problem) {
				t.Errorf("problems %v, want %q", problems, c.problem)
			}
			if got := len(settled[0].Blocking()) == 0; got != c.waived {
				t.Errorf("waived is %t:%s", got, show(settled[0]))
			}
			if len(report.Blocking()) == 0 {
				t.Error("the report handed in was changed")
			}
		})
	}
}

// Nobody can accept that an object is not fit for what its profile says it is
// for: not even with a waiver that is in order.
func TestSettleIntent(t *testing.T) {
	l, w := newLinter(t), newHierarchy(t)
	for rule, m := range map[string]*made{
		"cross.eku-hierarchy": drop(inspect.OIDExtKeyUsage)(t, w.cross),
		"sub.eku":             drop(inspect.OIDExtKeyUsage)(t, w.e1),
	} {
		settled, problems := ApplyWaivers([]Report{m.check(l)}, []Waiver{accept(rule, m.obj.Artifact)}, signing)
		if len(problems) != 1 || !strings.Contains(problems[0].Msg, "contradicts the profile") || len(settled[0].Blocking()) == 0 {
			t.Errorf("%s: %v%s", rule, problems, show(settled[0]))
		}
	}
}

// Nobody can accept what cannot be read.
func TestSettleFatal(t *testing.T) {
	m := anyPolicy(t)
	report := newLinter(t).Check(m.obj, m.ctx, []byte("no DER"))
	settled, problems := ApplyWaivers([]Report{report}, []Waiver{accept(ruleParse, "f-cert")}, signing)
	if len(settled[0].Blocking()) != 1 || len(problems) != 1 {
		t.Errorf("%v%s", problems, show(settled[0]))
	}
}

func TestClearWithWaiver(t *testing.T) {
	m := anyPolicy(t)
	if c, r := newLinter(t).Clear(m.obj, m.ctx, m.tbs); c != nil {
		t.Errorf("cleared without a waiver:%s", show(r))
	}
	c, r := newLinter(t, accept("sub.policies", "f-cert")).Clear(m.obj, m.ctx, m.tbs)
	if c == nil {
		t.Fatalf("not cleared:%s", show(r))
	}
	if c.Artifact() != "f-cert" {
		t.Errorf("cleared %q", c.Artifact())
	}
	if _, err := c.Use(); err != nil {
		t.Error(err)
	}
	if _, err := c.Use(); err != ErrUsed {
		t.Errorf("second use: %v", err)
	}
	if _, err := (*Clearance)(nil).Use(); err == nil {
		t.Error("no clearance can be used")
	}
}

// What nobody looked at is not cleared.
func TestClearWithoutContext(t *testing.T) {
	m := theIssuing(t, theRoot(t))
	m.ctx.Siblings = nil
	c, r := newLinter(t).Clear(m.obj, m.ctx, m.tbs)
	if c != nil || !found(r, "set.serial-unique", NotChecked) {
		t.Errorf("cleared without siblings:%s", show(r))
	}
	m.ctx.IssuerKey = nil
	if c, r := newLinter(t).Clear(m.obj, m.ctx, m.tbs); c != nil || !found(r, ruleStatic, Fatal) {
		t.Errorf("cleared without a key:%s", show(r))
	}
}

// Each rule that lacks its context says so, and passes nothing.
func TestNotChecked(t *testing.T) {
	l := newLinter(t)
	for name, m := range goodObjects(t) {
		target, err := newTarget(&m.obj, &Context{}, m.der)
		if err != nil {
			t.Fatal(err)
		}
		target.zlint, target.static = l.zlint, true
		for _, r := range ownRules() {
			ps, o := r.run(target)
			for _, p := range ps {
				if p.level == Fatal {
					t.Errorf("%s on %s without context: %s", r.ID, name, p.details)
				}
			}
			if len(r.Needs) > 0 && o == checked {
				t.Errorf("%s was checked on %s without %v", r.ID, name, r.Needs)
			}
		}
		m.ctx = Context{}
		if r := m.check(l); len(r.unchecked()) == 0 && name != "request" {
			t.Errorf("%s: everything was checked without context", name)
		}
	}
}

// The same object gives the same report, findings in order.
func TestReportIsStable(t *testing.T) {
	l := newLinter(t)
	m := certificate(t, without(purposed(issuingProfile(t, "f-cert", "F1"), purposeOCSP, purposeEmail), ext.NameCRLPoints),
		key(t, algorithm.ECDSAP384, "f"), theRoot(t))
	first := m.check(l)
	for range 5 {
		if diff := cmp.Diff(first, m.check(l)); diff != "" {
			t.Fatal(diff)
		}
	}
}
