// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"slices"

	"rootceremony/transcripts/event"
)

// change follows what people may change on the way: a step that is repeated,
// another plan, a pause.
func (g *grammar) change(r *event.Record) {
	if g.step != "" {
		g.bad(r, "step %s is not finished", g.step)
	}
	switch e := r.Event.(type) {
	case event.StepRedone:
		g.redo(r, e)
	case event.PlanAmended:
		g.amend(r, e)
	case event.SiteChanged:
		g.resite(r, e)
	case event.CeremonyStopped:
		if e.Pause {
			g.countedAs(r, event.CensusPause)
		}
		for name, t := range g.tokens {
			if e.Pause && t.open {
				g.bad(r, "paused, but token %q is still open", name)
			}
		}
	}
}

func (g *grammar) redo(r *event.Record, e event.StepRedone) {
	if g.deviations == g.redone {
		g.bad(r, "no deviation before this says why")
	}
	g.redone = g.deviations
	if !g.begun[e.Step] {
		g.bad(r, "step %s was never started", e.Step)
	}
	if want := max(g.attempts[e.Step], 1) + 1; e.Attempt != want {
		g.bad(r, "attempt %d, want %d", e.Attempt, want)
	}
	g.attempts[e.Step] = e.Attempt
	g.operations.given = append(g.operations.given, e.Keys...)
	if e.Earlier == event.EarlierDestroyed {
		g.destroyed(r, e)
	}
	if e.Artifact == "" {
		return
	}
	if s := g.artifact(e.Artifact); s.possible == "" && (s.signed == 0 || !s.withheld) {
		g.bad(r, "%s was not signed and withheld", e.Artifact)
	}
	g.artifact(e.Artifact).settled = true
	g.artifacts[e.Artifact] = newArtifactState()
}

// destroyed checks that the keys of an earlier attempt are gone.
func (g *grammar) destroyed(r *event.Record, e event.StepRedone) {
	for _, spki := range e.Keys {
		if !g.gone(spki) {
			g.bad(r, "no operation destroyed key %s", spki)
		}
	}
}

// resite checks that another site file takes the place of the one in force, as people
// decided just before.
func (g *grammar) resite(r *event.Record, e event.SiteChanged) {
	number, before := 0, g.opened.SiteSHA256
	if n := len(g.sites); n > 0 {
		number, before = g.sites[n-1].Number, g.sites[n-1].SiteSHA256
	}
	switch {
	case e.Number <= number: // a crash may have used up a number
		g.bad(r, "site change %d follows site change %d", e.Number, number)
	case e.Before != before || before == "":
		g.bad(r, "before_sha256 is not the digest of the site file in force")
	case g.session < 2 || g.acting:
		g.bad(r, "only a session that continues changes the site file, at its beginning")
	}
	decided, _ := eventOf[event.DeviationRecorded](g.resited)
	if !slices.Equal(decided.DecidedBy, r.By) {
		g.bad(r, "no deviation of this session before it says that the same people decided it")
	} else if decided.Happened != e.Happened() {
		g.bad(r, "the deviation before it tells of another difference")
	}
	g.resited = nil
	g.sites = append(g.sites, e)
}

// eventOf gives the event of a line, if it is one of a type.
func eventOf[E event.Event](r *event.Record) (e E, ok bool) {
	if r == nil {
		return e, false
	}
	e, ok = r.Event.(E)
	return e, ok
}

func (g *grammar) amend(r *event.Record, e event.PlanAmended) {
	if e.Number <= g.amended { // a crash may have used up a number
		g.bad(r, "amendment %d follows amendment %d", e.Number, g.amended)
	}
	if e.Before != g.plan {
		g.bad(r, "before_sha256 is not the digest of the plan in force")
	}
	g.amended, g.plan = e.Number, e.PlanSHA256
}
