// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/term/termtest"
	"rootceremony/transcripts/event"
)

// longer lets people extend the window of the fast ceremony, which ends at 20:00.
var longer = []string{"to: 2026-12-01T20:00:00Z}", "to: 2026-12-01T20:00:00Z, extend: 4h}"}

// extending are people who extend the window.
func extending() *termtest.Script {
	return termtest.NewScript(80).On("after the end of the window", termtest.Reply("extend")).
		On("Why the window is extended", termtest.Reply("the HSM had to be started again"))
}

// put has the fast ceremony put off, and gives the options to continue hours after its
// window began, which is twelve hours long.
func put(t *testing.T, hours int, changes ...string) (*plan.Preview, Options) {
	t.Helper()
	p := ceremonytest.Amended(t, changes...)
	o := fastRun(t, p)
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	o.People = Asked{Terminal: extending().Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Duration(hours) * time.Hour)))}
	return p, o
}

// TestExtendWindow guards a day that takes longer: two people continue within the bound
// that the plan names, the record says so, and what is signed is signed as of then.
func TestExtendWindow(t *testing.T) {
	p, o := put(t, 13, longer...)
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, o.Bundle, len(p.Plan.Artifacts), "of 2026-12-01T21:00:00Z to 2026-12-01T21:00:00Z, are outside the window") // until they extend it
	extended(t, o.Bundle, p.Plan.Ceremony.Window)
}

// extended wants one deviation that extends the window, and signatures after it.
func extended(t *testing.T, bundle string, win plan.Window) {
	t.Helper()
	deviations := slices.DeleteFunc(events[event.DeviationRecorded](t, bundle), func(e event.DeviationRecorded) bool {
		return e.Exception != event.ExceptionExtended
	})
	if len(deviations) != 1 || !strings.Contains(deviations[0].Decision, "until 2026-12-02T00:00:00Z: the HSM had to be started again") || len(deviations[0].DecidedBy) != 2 {
		t.Errorf("%+v", deviations)
	}
	signed := 0
	for _, e := range events[event.OperationIntended](t, bundle) {
		if at, err := time.Parse(time.RFC3339, e.Moment); err == nil && e.Artifact != "" {
			if signed++; !at.After(win.To) {
				t.Errorf("%s is signed as of %s", e.Artifact, e.Moment)
			}
		}
	}
	if signed != 3 {
		t.Errorf("%d artifacts", signed)
	}
}

// TestWindowEndsInRoom guards a window that ends between two steps: people are asked
// there, and a record without their decision is invalid.
func TestWindowEndsInRoom(t *testing.T) {
	for _, changes := range [][]string{longer, {"a", "a"}} {
		p := ceremonytest.Amended(t, append([]string{"  - pause: Put everything into the safe.", "  - do: Put everything into the safe."}, changes...)...)
		o := fastRun(t, p)
		clock := newHostClock(p.Plan.Ceremony.Window.From)
		o.Clock = clock
		o.People = Asked{Terminal: extending().On("type done", func(string, string) string {
			if *clock.mono < time.Hour {
				*clock.mono += 12 * time.Hour
			}
			return "done"
		}).Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Hour)))}
		_, err := Execute(context.Background(), p, o)
		if len(changes[0]) == 1 {
			var stopped *Stopped
			if !errors.As(err, &stopped) || !strings.Contains(err.Error(), "outside the window") || !strings.Contains(stopped.Hint(), "\n  ceremony amend ") {
				t.Errorf("without a bound: %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		extended(t, o.Bundle, p.Plan.Ceremony.Window)
		g := &golden{dir: o.Bundle, preview: p}
		g.forge(t, o.Bundle, func(records []event.Record) []event.Record {
			return slices.DeleteFunc(records, func(r event.Record) bool {
				e, ok := r.Event.(event.DeviationRecorded)
				return ok && e.Exception == event.ExceptionExtended
			})
		})
		if _, problems := verified(t, o.Bundle, verify.Options{}); !strings.Contains(problems, "after the window ended, and no two people had extended it") {
			t.Errorf("nobody extended it: %s", problems)
		}
	}
}

// TestAfterWindow guards people who come back when the window is over: they are told
// the commands that help, and these help.
func TestAfterWindow(t *testing.T) {
	for _, c := range []struct {
		hours   int
		changes []string
	}{{13, []string{"a", "a"}}, {17, longer}} {
		_, o := put(t, c.hours, c.changes...)
		_, err := Resume(context.Background(), o)
		var refusal *Refusal
		if !errors.As(err, &refusal) || !strings.Contains(refusal.Reason, "outside the window 2026-12-01T08:00:00Z to 2026-12-01T20:00:00Z") ||
			!strings.Contains(refusal.Hint, "\n  ceremony amend ") || !strings.Contains(refusal.Hint, " --abandon") {
			t.Fatalf("%+v", refusal)
		}
		if len(c.changes[0]) > 1 { // the other one is abandoned
			o.Abandon = true
			o.People = Asked{Terminal: termtest.NewScript(80).On("Why is the ceremony abandoned", termtest.Reply("it is late")).
				On("abandon or stop", termtest.Reply("abandon")).Then(attendants(time.Date(2027, 1, 1, 8, 0, 0, 0, time.UTC)))}
			if _, err := Resume(context.Background(), o); err != nil {
				t.Error(err)
			}
			continue
		}
		amended := ceremonytest.Amended(t, "to: 2026-12-01T20:00:00Z}", "to: 2026-12-03T20:00:00Z}")
		amend(&o, amended)
		o.People = Asked{Terminal: termtest.NewScript(80).On("Continue under amendment 1", termtest.Reply("amend")).
			Then(attendants(amended.Plan.Ceremony.Window.From.Add(30 * time.Hour)))}
		if _, err := Resume(context.Background(), o); err != nil {
			t.Fatal(err)
		}
		mustVerify(t, o.Bundle, len(amended.Plan.Artifacts), "outside the window") // until the plan is amended
	}
}

// TestCloseAfterWindow guards the end of a day on which everything is signed: what
// people only do they may do after the window, too.
func TestCloseAfterWindow(t *testing.T) {
	p, o := put(t, 30, "  - pause: Put everything into the safe.\n    who: [administrator]\n    record: {bag: text}\n", "",
		"    next-update: 11mo\n", "    next-update: 11mo\n  - {pause: Sleep., who: [administrator]}\n  - {do: Close the room., who: [administrator]}\n")
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, o.Bundle, len(p.Plan.Artifacts), "outside the window 2026-12-01T08:00:00Z to 2026-12-01T20:00:00Z; steps 7")
}
