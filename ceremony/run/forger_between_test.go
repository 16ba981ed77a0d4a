// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// inSessions cuts a record into its sessions; the first has ceremony.opened, too.
func inSessions(records []event.Record) (sessions [][]event.Record) {
	for i, r := range records {
		if _, starts := r.Event.(event.SessionStarted); starts && i > 1 {
			sessions = append(sessions, nil)
		} else if i == 0 {
			sessions = append(sessions, nil)
		}
		last := len(sessions) - 1
		sessions[last] = append(sessions[last], r)
	}
	return sessions
}

// inOrder joins sessions, and counts them and their calls anew.
func inOrder(sessions ...[]event.Record) (out []event.Record) {
	calls, next := map[int]int{}, 0
	number := func(was int) int {
		if was == 0 {
			return 0
		}
		return calls[was]
	}
	for n, session := range sessions {
		for _, r := range session {
			r.Session = n + 1
			switch e := r.Event.(type) {
			case event.SessionStarted:
				e.Session = n + 1
				r.Event = e
			case event.OperationIntended:
				next++
				calls[e.Operation] = next
				e.Operation = next
				r.Event = e
			case event.OperationFinished:
				e.Operation = number(e.Operation)
				r.Event = e
			case event.OperationFailed:
				e.Operation = number(e.Operation)
				r.Event = e
			case event.SerialDrawn:
				e.Operation = number(e.Operation)
				r.Event = e
			case event.KeyProved:
				e.Operation = number(e.Operation)
				r.Event = e
			}
			out = append(out, r)
		}
	}
	return out
}

// vainly is the session of a record in which a token found no key; -1 where there is none.
func vainly(sessions [][]event.Record) int {
	return slices.IndexFunc(sessions, func(session []event.Record) bool {
		return slices.ContainsFunc(session, func(r event.Record) bool {
			e, is := r.Event.(event.OperationFailed)
			return is && e.Error == errTired.Error()
		})
	})
}

// withVainSession tells twice of the session in which a token found no key.
func withVainSession(t *testing.T, _ *desk, records []event.Record) []event.Record {
	t.Helper()
	all := inSessions(records)
	vain := vainly(all)
	return inOrder(slices.Insert(slices.Clone(all), vain, all[vain])...)
}

// asStopped has an error stop the first session that was cut off.
func asStopped(t *testing.T, _ *desk, records []event.Record) []event.Record {
	t.Helper()
	all := inSessions(records)
	cut := slices.IndexFunc(all, func(session []event.Record) bool { return session[len(session)-1].Event.Type() != "session.ended" })
	if cut < 0 {
		t.Fatal("no session was cut off")
	}
	last := all[cut][len(all[cut])-1]
	end := []event.Record{told(last, event.CeremonyStopped{Reason: "the token is not there"}, event.Observed), told(last, event.SessionEnded{}, event.Observed)}
	if open := last.Step; open != "" {
		failed := told(last, event.StepFinished{Outcome: event.StepFailed}, event.Observed)
		end = slices.Insert(end, 0, failed)
		end[1].Step, end[2].Step = "", ""
	}
	all[cut] = slices.Concat(all[cut], end)
	records = inOrder(all...)
	for i, r := range records {
		if e, is := r.Event.(event.JournalRecovered); is && r.Session == cut+2 {
			e.CutOff = false
			records[i].Event = e
		}
	}
	return records
}

// cutBetween is a ceremony whose power goes when a token is to be opened.
func cutBetween(t *testing.T, p *plan.Preview) *golden {
	t.Helper()
	o := fastRun(t, p)
	opens := o.OpenToken
	o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) { panic(errPower) }
	if diesOrFails(t, p, o) {
		t.Fatal("the power did not go")
	}
	o.Bundle, o.OpenToken = disk(t, o.Bundle), opens
	goOn(t, o, deciders(p, "adopt"))
	return &golden{dir: o.Bundle, preview: p}
}

// TestForgerOfSessions guards an auditor against a record whose sessions are left out, told
// twice, or told in another order, by somebody with their seal keys; and against one that tells of an error
// where a crash cut off a call. But for a session that found nothing and made nothing, verify
// refuses it.
func TestForgerOfSessions(t *testing.T) {
	p, bundle := resumedOnce(t)
	for name, g := range map[string]*golden{"resumed": {dir: bundle, preview: p}, "eventful": eventful(t), "exceptional": exceptional(t, "for: 3y}", "for: 2y}")} {
		d, err := newDesk(t, g, g.records(t))
		if err != nil {
			t.Fatal(err)
		}
		all := inSessions(d.records)
		vain := vainly(all)
		if d.accepts(t, inOrder(all...)) != "" {
			t.Fatalf("%s: the record itself", name)
		}
		for i := range all {
			told := map[string][]event.Record{"twice": inOrder(slices.Insert(slices.Clone(all), i, all[i])...)}
			if i > 0 {
				told["left out"] = inOrder(slices.Delete(slices.Clone(all), i, i+1)...)
			}
			if i > 0 && i+1 < len(all) {
				swapped := slices.Clone(all)
				swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
				told["after the next"] = inOrder(swapped...)
			}
			for what, records := range told {
				if said := d.accepts(t, records); (said == "") != (i == vain && what != "after the next") {
					t.Errorf("%s: session %d of %d, %s: %q", name, i+1, len(all), what, said)
				}
			}
		}
		if name == "exceptional" {
			continue // none was cut off
		}
		if said := d.accepts(t, asStopped(t, d, slices.Clone(d.records))); !strings.Contains(said, "has no outcome, and nothing cut the session off") {
			t.Errorf("%s: a call that was cut off, and then an error: %q", name, said)
		}
	}
}

// accepts gives what verify has against a record, or tells of it anew; nothing where it
// accepts it.
func (d *desk) accepts(t *testing.T, records []event.Record) string {
	t.Helper()
	o, err := reseal(records, 0, d.plan, d.seals)
	if errors.Is(err, errForm) {
		return err.Error()
	}
	dir := filepath.Join(t.TempDir(), "bundle")
	if err := errors.Join(err, d.write(dir, o)); err != nil {
		t.Fatal(err)
	}
	v, problems := verified(t, dir, d.options())
	if v == nil || !v.OK() {
		return problems
	}
	return d.named(v.Notices)
}
