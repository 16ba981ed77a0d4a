// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/artifact/artifacttest"
	"rootceremony/internal/term/termtest"
)

// amendedDay is the first day of a ceremony whose plan people approved, and what the
// second day is to amend.
type amendedDay struct {
	first, second *plan.Preview
	options       Options // of the second day
	bundle        string
	last          string // the bundle that was last cut off
}

// approvedDay carries out the first day.
func approvedDay(t *testing.T, approvedBy ...string) *amendedDay {
	t.Helper()
	dir := t.TempDir()
	policy := approvers(t, dir)
	site, memory := fastSite()
	p := ceremonytest.Amended(t, "approval: none, ", "")
	o := inMemory(runOptions(p, site, filepath.Join(dir, "bundle")), memory)
	approve(t, dir, &o, p, policy, "ann", "ben")
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	second := ceremonytest.Amended(t, "approval: none, ", "", "for: 3y}", "for: 2y}")
	approve(t, t.TempDir(), &o, second, policy, approvedBy...)
	return &amendedDay{first: p, second: second, options: o, bundle: o.Bundle}
}

// people are those of the second day, at an hour of it.
func (d *amendedDay) people(hour time.Duration) *termtest.Script {
	return termtest.NewScript(80).On("without approval, as an exception", termtest.Reply("exception")).
		On("Why the amendment cannot wait", termtest.Reply("the approvers are asleep")).
		On("Continue under amendment", termtest.Reply("amend")).
		Then(attendants(d.first.Plan.Ceremony.Window.From.Add(hour * time.Hour)))
}

// TestCrashAmend guards another plan against the end of the process at every write
// between the question whether it holds and the first step under it: the ceremony
// goes on, by that plan or after it was amended again, and every line that says who
// approved is there.
func TestCrashAmend(t *testing.T) {
	t.Parallel()
	for _, approvedBy := range [][]string{{"ann", "ben"}, {"ann"}} {
		d := approvedDay(t, approvedBy...)
		for _, op := range []artifacttest.Op{artifacttest.Write, artifacttest.Publish} {
			_, places := d.cut(t, op, math.MaxInt)
			if places < 8 {
				t.Errorf("%v: only %d places to %s at", approvedBy, places, op)
			}
			for at := range places {
				if last := places - at; last > 3 && at%stride() > 0 {
					continue // the last ones lie about the line by which the plan changes
				}
				if crashed, _ := d.cut(t, op, at); crashed {
					d.goesOn(t, fmt.Sprintf("%v, %s %d", approvedBy, op, at))
				}
			}
		}
	}
}

// cut goes on with the first day's bundle until the power goes at the n-th such call
// after people were asked about the amendment, and before they read its digest.
// It reports whether there was such a call, and how many there were.
func (d *amendedDay) cut(t *testing.T, op artifacttest.Op, n int) (crashed bool, seen int) {
	t.Helper()
	asked := false
	answer := func(word string, counts bool) termtest.Answer {
		return func(string, string) string {
			asked = counts
			return word
		}
	}
	o := d.options
	o.Bundle = disk(t, d.bundle)
	d.last = o.Bundle
	amend(&o, d.second)
	o.People = Asked{Terminal: termtest.NewScript(80).On("without approval, as an exception", answer("exception", true)).
		On("Continue under amendment", answer("amend", true)).On("type done", answer("done", false)).
		On("first four digits", termtest.Reply("STOP")).
		On("second person", termtest.Reply("STOP")).Then(d.people(5))}
	o.FileSystem = artifacttest.New(func(call artifacttest.Call) *artifacttest.Failure {
		if call.Op != op || !asked || crashed {
			return nil
		}
		if seen++; seen <= n {
			return nil
		}
		crashed = true
		panic(errPower)
	})
	var stopped *Stopped
	if gone, err := powerGoes(func() (*Result, error) { return Resume(context.Background(), o) }); !gone && !errors.As(err, &stopped) {
		t.Fatal(err)
	}
	return crashed, seen
}

// goesOn goes on after the power cut: by the amendment where it is in force, and else
// amends again.
func (d *amendedDay) goesOn(t *testing.T, name string) {
	t.Helper()
	o := d.options
	o.Bundle = disk(t, d.last)
	was, err := (&Options{Bundle: o.Bundle}).bundlePlan()
	if err != nil {
		t.Fatal(err)
	}
	if string(was.holds) == string(d.first.Canonical) {
		amend(&o, d.second)
	} else {
		o.Amendment = nil
	}
	o.People = Asked{Terminal: d.people(6)}
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	v, problems := verified(t, o.Bundle, verify.Options{PolicySHA256: o.PolicySHA256})
	if v == nil {
		t.Fatalf("%s: %s", name, problems)
	}
	defer v.Close()
	if !v.OK() || v.Rebuilt != len(d.second.Plan.Artifacts) || v.Pending != nil {
		t.Errorf("%s: %s, %d artifacts", name, problems, v.Rebuilt)
	}
	if plans, said := len(v.History.Plans), len(v.History.Approvals); plans != 2 || said != 2 {
		t.Errorf("%s: %d plans, %d lines that say who approved", name, plans, said)
	}
}
