// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// decision is what people have to decide before a ceremony goes on, with what is done
// if they agree.
type decision struct {
	about string // by which the place that needs it finds it again
	text  string
}

// whatsWindow is what the decision to extend the window is about.
const whatsWindow = "the window"

// whatsUncovered is what the decision about acts on no paper is about, whatsMirror that
// about the second medium, and whatsLeftOver that about files of nobody.
const (
	whatsUncovered = "what is on no paper"
	whatsMirror    = "the second medium"
	whatsLeftOver  = "files that no event accounts for"
)

// aboutCall is what the decision about a call of unknown outcome is about.
func aboutCall(operation int) string { return fmt.Sprint("operation ", operation) }

// overview is the first screen of a ceremony that goes on: where it stopped, what is
// done, what is next, and what people will have to decide.
func (r *runner) overview(was *begun) {
	h := was.history
	var b strings.Builder
	s := &plan.Screen{W: &b}
	s.Row("stopped", whereStopped(h))
	s.Row("done", whatDone(was.plan, h))
	next := was.plan
	if r.o.Amendment != nil {
		next = r.o.Amendment.Plan
	}
	s.Row("next", r.whatNext(next, h))
	now := r.o.Clock.Now() // until people say what time it is
	if h.Until().After(now) {
		now = h.Until()
	}
	paper, head := "no head was shown so far", lastHead(was.plan, h)
	if head > 0 {
		paper = fmt.Sprintf("the last head that the screen showed is over %d of the %d events", head, len(h.Records))
	}
	s.Row("on paper", paper)
	var f found
	if acts := history.Uncovered(h.Records, head); len(acts) > 0 {
		f.uncovered = onlyOnDisk(acts)
	}
	left, _ := transcripts.Unaccounted(r.o.Bundle, h) // what cannot be read stops the ceremony next
	f.left = append(leftOverNames(h.Unexplained()), left...)
	due := r.decisions(was.plan, h, now, f)
	if r.o.Amendment != nil {
		due = append(due, decision{text: "Whether the amendment takes effect: it is shown after the plan in force."})
	}
	if c := r.entry.change; c != nil {
		due = append(due, decision{text: "Whether the changed site file is in force: " + strings.Join(c.Lines, "; ") + "."})
	}
	for i, d := range due {
		s.Row(map[bool]string{true: "decide", false: ""}[i == 0], d.text)
	}
	if len(due) == 0 {
		s.Row("decide", "nothing so far; the head on paper and the tokens may show more")
	}
	r.say("This ceremony resumes. The record, which is verified next, says:\n%s", strings.TrimRight(b.String(), "\n"))
}

// whereStopped says when, where and why the last session ended.
func whereStopped(h *history.History) string {
	at := fmt.Sprintf("%s, event %d: ", plan.Stamp(h.Until()), len(h.Records))
	switch n := len(h.Steps); {
	case h.Stopped != nil && h.Stopped.Pause:
		return at + "paused: " + shortened(h.Stopped.Reason)
	case h.Stopped != nil:
		return at + shortened(h.Stopped.Reason)
	case n > 0 && h.DoneAt(h.Steps[n-1].Step) == 0:
		return fmt.Sprintf("%scut off in step %s (%s), by a crash or a loss of power", at, h.Steps[n-1].Step, h.Steps[n-1].Event.Title)
	}
	return at + "cut off, by a crash or a loss of power"
}

// shortened keeps a text to a few lines; the whole of it is in the record.
func shortened(text string) string {
	const most = 240
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

// whatDone counts the steps that are done, and names the keys and artifacts that exist.
func whatDone(p *plan.Plan, h *history.History) string {
	done, all := 0, 0
	for _, st := range p.Steps {
		if st.Kind == plan.StepSection {
			continue
		}
		if all++; h.DoneAt(st.ID) > 0 {
			done++
		}
	}
	text := fmt.Sprintf("%d of %d steps", done, all)
	replay := verify.NewReplay(p, h)
	var keys, signed []string
	for _, k := range p.Keys {
		if _, made := replay.Keys[k.ID]; made {
			keys = append(keys, k.ID)
		}
	}
	for _, a := range p.Artifacts {
		if h.Signed(a.ID) != nil {
			signed = append(signed, a.ID)
		}
	}
	if len(keys) > 0 {
		text += "; keys: " + strings.Join(keys, ", ")
	}
	if len(signed) > 0 {
		text += "; signed: " + strings.Join(signed, ", ")
	}
	return text
}

// whatNext names the step with which the ceremony goes on.
func (r *runner) whatNext(p *plan.Plan, h *history.History) string {
	if r.o.Abandon {
		return "the ceremony ends, and the bundle is closed as incomplete"
	}
	for _, st := range p.Steps {
		if st.Kind != plan.StepSection && (st.ID == r.o.Redo || h.DoneAt(st.ID) == 0) {
			return fmt.Sprintf("step %s (%s)%s", st.ID, st.Title, map[bool]string{true: " is repeated"}[st.ID == r.o.Redo])
		}
	}
	return "the bundle is closed"
}

// found is what people have to decide about that neither the plan nor the clock says.
type found struct {
	uncovered string   // what no head on paper covers
	left      []string // files that no event accounts for
}

// decisions are what people have to decide because of what was found, and what the
// record and the clock say. What a step that is repeated left is decided there.
func (r *runner) decisions(p *plan.Plan, h *history.History, now time.Time, f found) []decision {
	var due []decision
	add := func(about, format string, args ...any) {
		due = append(due, decision{about, fmt.Sprintf(format, args...)})
	}
	if f.uncovered != "" {
		add(whatsUncovered, "%s", f.uncovered)
	}
	if len(f.left) > 0 {
		add(whatsLeftOver, "%s", withoutThem(f.left))
	}
	if r.entry.lacks != "" {
		add(whatsMirror, "%s", r.entry.lacks)
	}
	if r.o.Abandon {
		return due
	}
	for _, o := range h.Open() {
		if in := o.Intended.Event; in.What == event.WhatGenerate {
			add(aboutCall(in.Operation), "The call that generates key %q was cut off: if the key is on token %s, it is adopted.", in.Key.Label, in.Token)
		}
	}
	for _, in := range unknownSignatures(p, asSettled(p, h), r.o.Redo) {
		add(aboutCall(in.Operation), "Outcome of C_Sign for %s unknown, a signature may exist: the same bytes are signed again.", cmp.Or(in.Artifact, in.PurposeText()))
	}
	for _, k := range r.departing(p, h) {
		add(aboutDeparting(k.ID, k.departures), "Key %s differs from what was requested; it is accepted as it is, permanently:\n%s", k.ID, strings.Join(k.departures, "\n"))
	}
	win := p.Ceremony.Window
	if r.o.Amendment == nil && r.state.signs(p, h) && !win.Allows(now, h.Extended()) && win.Allows(now, true) {
		add(whatsWindow, "The window ended at %s: extend it until %s.", plan.Stamp(win.To), plan.Stamp(win.Last()))
	}
	return due
}

// unknownSignatures are the calls by which a signature may exist that people decide to
// make again, but for those of a step that is repeated.
func unknownSignatures(p *plan.Plan, done *verify.Replay, redo string) []event.OperationIntended {
	var all []event.OperationIntended
	for _, k := range p.Keys {
		if o := done.Doubtful[k.ID]; o != nil && p.GeneratingStep(&k) != redo {
			all = append(all, o.Intended.Event)
		}
	}
	for _, a := range p.Artifacts {
		if o := done.Possible(a.ID); o != nil && p.SigningStep(a.ID).ID != redo {
			all = append(all, o.Intended.Event)
		}
	}
	return all
}

// agreement is what two people decided together before a ceremony went on.
type agreement struct {
	by    []string
	about []string
}

// agree shows all that is to be decided, and has two people agree to it once. They may
// also have each question asked on its own.
func (r *runner) agree(uncovered []event.Record) error {
	f := found{left: leftOverNames(r.journal.History().Unexplained())}
	if len(uncovered) > 0 {
		f.uncovered = r.paper.restOnDisk(uncovered)
	}
	due := r.decisions(r.state.Plan, r.journal.History(), r.signingTime(), f)
	if len(due) == 0 {
		return nil
	}
	text := "\n      To be decided before the ceremony continues:\n"
	var about []string
	for i, d := range due {
		about = append(about, d.about)
		text += fmt.Sprintf("%4d  %s\n", i+1, strings.TrimLeft(plan.Indent(d.text, 6), " "))
	}
	if err := r.room.show(text); err != nil {
		return err
	}
	return r.room.reminding(text, func() error {
		yes, by, err := r.room.decide(answerAgree, "ask", "Agree to all of this, or be asked each question")
		if err == nil && yes {
			r.room.agreed = agreement{by, about}
		}
		return err
	})
}

// agreedTo gives who agreed to something before, if they are still here.
func (r *room) agreedTo(about string) []string {
	here := r.whoIsHere()
	gone := slices.ContainsFunc(r.agreed.by, func(who string) bool { return !slices.Contains(here, who) })
	if gone || !slices.Contains(r.agreed.about, about) {
		return nil
	}
	return r.agreed.by
}

// decideAbout is decide where people may have agreed before.
func (r *room) decideAbout(about, yes, no, question string) (bool, []string, error) {
	if by := r.agreedTo(about); by != nil {
		return true, by, nil
	}
	return r.decide(yes, no, question)
}
