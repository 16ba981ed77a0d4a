// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/artifact"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// amend is what makes a ceremony continue under another plan.
func amend(o *Options, p *plan.Preview) { o.Amendment, o.Approved = p, p.Canonical }

// TestAmend guards a plan that changes on the way: what is done stays, people
// see every difference, both plans are in the bundle, and it verifies.
func TestAmend(t *testing.T) {
	p := ceremonytest.Twice(t)
	o := fastRun(t, p)
	bundle := o.Bundle
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	for change, want := range map[[2]string]string{
		{"record: {clock: text}", "record: {clock: time}"}:              "step 1 (Look at the clock.) is done",
		{"class: affiliate-sub}", "class: root}"}:                       `key "ca" was already generated`,
		{"common-name: Fast Root", "common-name: Slow Root"}:            `the key of authority "root" exists`,
		{"id: fast,", "id: slow,"}:                                      "the ceremony id changes to",
		{"no", "no"}:                                                    "the amendment does not change the current plan",
		{"approval: none, ", ""}:                                        "approval: cannot change",
		{"Put everything into the safe.", "Leave it all on the table."}: "step 3 (Put everything into the safe.) is done",
	} {
		amend(&o, ceremonytest.Amended(t, change[0], change[1]))
		var refusal *Refusal
		if _, err := Resume(context.Background(), o); !errors.As(err, &refusal) || !strings.Contains(refusal.Reason, want) {
			t.Errorf("%s: %v, want %q", change[1], err, want)
		}
	}
	amend(&o, ceremonytest.Amended(t, "{not-before: signing-day, for: 3y}", "{not-before: signing-day, for: 2y}"))
	hardware, onHardware := *o.Site, o
	hardware.SoftwareToken, onHardware.Site = false, &hardware
	if _, err := Resume(context.Background(), onHardware); err == nil || !strings.Contains(err.Error(), "names of an example are left") {
		t.Errorf("an amendment with names of an example, on hardware: %v", err)
	}
	people := termtest.NewScript(80).On("Continue under amendment 1", termtest.Reply("amend")).
		Then(attendants(p.Plan.Ceremony.Window.From.Add(5 * time.Hour)))
	o.People = Asked{Terminal: people}
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	screen := strings.Join(strings.Fields(people.Screen()), " ")
	for _, want := range []string{
		"decide Whether the amendment takes effect",
		`step 5 "ca-cert": validity not after: 3y -> 2y; signed as the window begins, notAfter is 2029-11-30T23:59:59Z -> 2028-11-30T23:59:59Z`,
		"in all: 1 step changed", "~ artifacts[ca-cert].certificate.validity.not_after.for: 3y, now 2y",
	} {
		_, rest, found := strings.Cut(screen, want)
		if screen = rest; !found { // they are in this order
			t.Errorf("the screen does not show %q:\n%s", want, people.Screen())
		}
	}
	mustVerify(t, bundle, len(p.Plan.Artifacts))
	e := events[event.PlanAmended](t, bundle)
	if len(e) != 1 || e[0].Number != 1 {
		t.Fatalf("%+v", e)
	}
	for _, name := range []string{"plan/plan.json", "plan/amendment-1/plan.json", "plan/amendment-1/ceremony.yaml"} {
		if _, err := os.Stat(filepath.Join(bundle, name)); err != nil {
			t.Error(err)
		}
	}
}

// TestAmendApproval guards the thresholds on the way: another plan holds when
// the same policy's people approved it, or by an exception that every verdict
// names.
func TestAmendApproval(t *testing.T) {
	for _, approvedBy := range [][]string{{"ann", "ben"}, {"ann"}} {
		exception := len(approvedBy) < 2
		d := approvedDay(t, approvedBy...)
		o := d.options
		amend(&o, d.second)
		people := termtest.NewScript(80).On("without approval, as an exception", termtest.Reply("exception")).
			On("Why the amendment cannot wait", termtest.Reply("the approvers are asleep")).
			On("Continue under amendment 1", termtest.Reply("amend")).
			Then(attendants(d.first.Plan.Ceremony.Window.From.Add(5 * time.Hour)))
		o.People = Asked{Terminal: people}
		if _, err := Resume(context.Background(), o); err != nil {
			t.Fatal(err)
		}
		v, err := verify.Bundle(context.Background(), o.Bundle, verify.Options{PolicySHA256: o.PolicySHA256})
		if err != nil || !v.OK() {
			t.Fatalf("%v %v %v", err, v.Problems, v.Incomplete)
		}
		if said := strings.Contains(strings.Join(v.Notices, "\n"), "amendment 1 was not approved by signatures"); said != exception {
			t.Errorf("notices %q, exception %v", v.Notices, exception)
		}
		if !exception {
			if err := os.Remove(filepath.Join(o.Bundle, "plan/amendment-1/approvals/plan.json.ben.sig")); err != nil {
				t.Fatal(err)
			}
			approvalProblem(t, o.Bundle, o.PolicySHA256, "the approvals do not meet the policy")
		}
	}
}

// approve has people sign a plan and its profiles in a folder and sets the options so.
func approve(t *testing.T, dir string, o *Options, p *plan.Preview, policy []byte, people ...string) {
	t.Helper()
	toApprove(t, dir, p)
	for _, who := range people {
		keys, err := filepath.Glob(filepath.Join(filepath.Dir(o.Bundle), who+"*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			data, err := os.ReadFile(key)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, filepath.Base(key)), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		signAll(t, dir, who)
	}
	o.Policy, o.PolicySHA256, o.Approvals = policy, artifact.Sum(policy).SHA256Hex(), os.DirFS(dir)
}

// TestAmendTokens guards people whose plan cannot be carried out on the devices that they
// have: an amendment that helps takes effect, because devices are checked by it, not by the
// plan that it replaces; and one that it takes away is not opened.
func TestAmendTokens(t *testing.T) {
	const was = "ca: {token: root,"
	site, _ := fastSite()
	site.Tokens = append(site.Tokens, inMemoryDevice("spare"))
	for name, c := range map[string]struct {
		first, amended *plan.Preview
		fails          string
	}{
		"a label that is taken": {ceremonytest.Twice(t), ceremonytest.Amended(t, was, "ca2: {token: root,", "[root, ca]", "[root, ca2]", "{key: ca,", "{key: ca2,"), "already holds"},
		"a device that is gone": {ceremonytest.Amended(t, was, "ca: {token: spare,"), ceremonytest.Twice(t), "no such device"},
	} {
		memory := token.NewMemory("root", nil)
		if strings.HasPrefix(name, "a label") {
			if _, err := memory.Generate(context.Background(), token.Request{Label: "ca", ID: make([]byte, 16), Algorithm: algorithm.ECDSAP256}); err != nil {
				t.Fatal(err)
			}
		}
		o := runOptions(c.first, site, filepath.Join(t.TempDir(), "bundle"))
		o.OpenToken = func(_ context.Context, is token.Config, _ Login) (token.Token, error) {
			if is.Name == "spare" {
				return nil, errors.New("no such device")
			}
			return persistent{memory}, nil
		}
		if _, err := Execute(context.Background(), c.first, o); err == nil || !strings.Contains(err.Error(), c.fails) {
			t.Fatalf("%s: %v", name, err)
		}
		amend(&o, c.amended)
		hour := func(n time.Duration) *termtest.Script {
			return termtest.NewScript(80).On("Continue under amendment 1", termtest.Reply("amend")).
				Then(attendants(c.first.Plan.Ceremony.Window.From.Add(n * time.Hour)))
		}
		o.People = Asked{Terminal: hour(3)}
		if _, err := Resume(context.Background(), o); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		o.Amendment, o.Approved = nil, nil
		goOn(t, o, hour(5))
		mustVerify(t, o.Bundle, len(c.amended.Plan.Artifacts))
	}
}
