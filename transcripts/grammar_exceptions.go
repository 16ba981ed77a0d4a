// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"slices"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// except notes what a deviation makes an exception of, and checks that there is a rule
// to except from: people read an exception as something that happened. The end of the
// window is for those who read the plan.
func (g *grammar) except(r *event.Record, e event.DeviationRecorded) {
	byProgram := []string{"", event.ExceptionNotClosed, event.ExceptionMedium}
	if !slices.Contains(byProgram, e.Exception) && distinct(e.DecidedBy) < 2 {
		g.bad(r, "%s, which two people decide", e.Exception)
	}
	switch e.Exception {
	case event.ExceptionAsRoot: // two people decide it
		if !g.root {
			g.bad(r, "%s, but the program does not run as root on hardware, or that was accepted before", e.Exception)
		}
		g.root = g.root && distinct(e.DecidedBy) < 2
	case event.ExceptionNotClosed:
		g.needToken(r, e.Token)
		g.unclosed[e.Token] = e.Happened
	case event.ExceptionNotOnPaper:
		if !g.resting {
			g.bad(r, "%s, but a head on paper covers the record, or two people confirmed it before", e.Exception)
		}
	case event.ExceptionUnapproved:
		if g.unapproved = r; e.Amendment <= g.amended {
			g.bad(r, "%s, but amendment %d is in force", e.Exception, g.amended)
		}
	case event.ExceptionSite:
		if g.resited != nil {
			g.bad(r, "%s, but the change before did not follow", e.Exception)
		}
		g.resited = r
	case event.ExceptionAbandoned: // two people decide it
		g.abandoned = distinct(e.DecidedBy) > 1
		if g.session < 2 || g.stepping {
			g.bad(r, "%s, but people ended the ceremony for good in a session that does not continue it, or after a step of theirs", e.Exception)
		}
	case event.ExceptionMedium:
		g.exceptMedium(r, e)
	case event.ExceptionChosen: // two people decide it
		if e.Chosen == nil || !g.operations.soughtInVain(e.Chosen.SPKISHA256) {
			g.bad(r, "%s, but no search for the key failed just before", e.Exception)
		}
	}
}

// exceptMedium checks what is said of the second medium: that it lacks lines, by people,
// before a session does anything; and that it failed, by the program, at any time. It is
// given up then, so there is nothing more to say of it.
func (g *grammar) exceptMedium(r *event.Record, e event.DeviationRecorded) {
	if g.media[r.How] {
		g.bad(r, "%s, but this was said of it before", e.Exception)
	}
	g.media[r.How] = true
	if r.How != event.Observed && (g.session < 2 || g.acting) {
		g.bad(r, "%s, but only a session that continues can find that it lacks lines, at its beginning", e.Exception)
	}
}

// amendedAs checks that an exception for an amendment is followed by that amendment,
// unless the session ends before.
func (g *grammar) amendedAs(r *event.Record) {
	if g.unapproved == nil {
		return
	}
	e, _ := g.unapproved.Event.(event.DeviationRecorded)
	switch is := r.Event.(type) {
	case event.PlanAmended:
		if is.Number != e.Amendment {
			g.bad(g.unapproved, "it is about amendment %d, but amendment %d follows", e.Amendment, is.Number)
		}
		g.unapproved = nil
	case event.StepStarted, event.StepRedone, event.OperationIntended, event.CeremonyClosed:
		g.bad(g.unapproved, "it is about amendment %d, which does not follow", e.Amendment)
		g.unapproved = nil
	}
}

// continued demands that a session after the first begins with what is on paper.
func (g *grammar) continued(r *event.Record) {
	switch e := r.Event.(type) {
	case event.SessionStarted:
		g.resting = g.lastAct > 0
	case event.DigestRead:
		if e.What == event.WhatHead && e.Compared {
			g.resting = g.resting && g.lastAct > e.Size
		}
	case event.DeviationRecorded:
		g.resting = g.resting && !(e.Exception == event.ExceptionNotOnPaper && distinct(e.DecidedBy) > 1)
	case event.TokenOpened, event.StepStarted, event.StepRedone, event.PlanAmended:
		if g.resited != nil {
			g.bad(g.resited, "it is about a change of the site file, which does not follow")
			g.resited = nil
		}
		g.acting = true
		if g.resting {
			g.bad(r, "no head on paper covers the record of the sessions before, and no deviation says who confirmed it")
			g.resting = false // said once
		}
	}
	g.amendedAs(r)
	if history.IsAct(r.Event) {
		g.lastAct = r.Seq
	}
}
