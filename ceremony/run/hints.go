// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"syscall"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/term"
	"rootceremony/internal/token"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// situation is all that a hint depends on: what went wrong, and the state of the
// bundle. Every hint of the room comes from [helps], by its ways.
type situation struct {
	plan.Commands
	problem problem
	opened  event.CeremonyOpened
	stage   stage
	again   bool      // the session before ended in the same place
	redo    bool      // the step at hand can be repeated, and was not just now
	step    string    // that failed; empty between steps
	what    string    // the name of what it is about: a token, a medium
	until   time.Time // when something ends or begins
	typed   string    // the command that was typed, where nothing was begun
}

// stage is how far a bundle is.
type stage int

const (
	stageNothing   stage = iota // there is no record yet
	stageUnusable               // a record that stopped before the approval of its plan: nothing was done
	stageBegun                  // the ceremony can go on
	stageRehearsal              // it can be rehearsed again
)

// hint is what is printed below the error.
func (s situation) hint() string { return plan.OneOf(s.ways()) }

// ways are what helps, of which people choose one; the first is the most likely.
func (s situation) ways() []plan.NextCommand {
	row, known := helps[s.problem]
	switch {
	case known && !row.inRecord:
		return row.ways(s)
	case s.stage == stageRehearsal:
		return []plan.NextCommand{{Why: "a rehearsal cannot be resumed; start it again", Line: s.AsRehearsed(s.opened).RehearseAgain()}}
	case s.stage == stageNothing:
		return []plan.NextCommand{{Why: "nothing was done; type the same command again", Line: s.typed}}
	case s.stage == stageUnusable:
		return []plan.NextCommand{{Why: "nothing was done; start again, in another folder", Line: s.RunElsewhere()}}
	case !known:
		row = helps[stopped]
	}
	return row.ways(s)
}

// at is a situation of a request, before anything is in the record.
func (o *Options) at(p *plan.Plan, what problem) situation {
	s := situation{Commands: o.commands(p), problem: what, typed: o.typed(p)}
	if o.Mode == event.Rehearsal {
		s.stage = stageRehearsal
	}
	return s
}

// at is a situation of the ceremony that is carried out.
func (st *state) at(what problem) situation { return st.o.at(st.Plan, what) }

// before is a situation before a session, or early in it: there may be a record already.
func (st *state) before(what problem) situation {
	s := st.at(what)
	if len(st.replay.Records) > 0 {
		s.stage = stageBegun
	}
	return s
}

// about names what a situation is about.
func (s situation) about(what string) situation {
	s.what = what
	return s
}

// refuse is an error with the hint of a situation.
func (s situation) refuse(reason string) *Refusal { return &Refusal{Reason: reason, Hint: s.hint()} }

// Ways are what helps with a bundle that is not closed. failed is the step whose
// signature exists and did not pass a check, if there is one.
func Ways(c plan.Commands, opened event.CeremonyOpened, failed string) []plan.NextCommand {
	s := situation{Commands: c.Fresh(), problem: stopped, opened: opened, stage: stageBegun, step: failed}
	switch {
	case opened.Mode == event.Rehearsal:
		s.stage = stageRehearsal
	case failed != "":
		s.problem = withheld
	}
	return s.ways()
}

// decline is what people did not agree to: the ceremony stops, and what helps depends
// on what it was.
type decline struct {
	problem problem
	step    string // that it is about, where none is at hand
}

// Error implements error.
func (d *decline) Error() string { return ErrStopped.Error() }

// Is lets it be what it is: people stopped the ceremony.
func (d *decline) Is(target error) bool { return target == ErrStopped }

// problemOf finds the kind of failure in an error that ended a session.
func problemOf(err error) problem {
	var d *decline
	var held *withheldError
	var findings *plan.FindingsError
	var other *otherKey
	switch {
	case errors.As(err, &other):
		return keyIsAnother
	case errors.As(err, &held):
		return withheld
	case errors.As(err, &d):
		return d.problem
	case errors.Is(err, errSignsNothing):
		return keyWithoutSign
	case errors.Is(err, ErrStopped), errors.Is(err, context.Canceled), errors.Is(err, term.ErrInterrupted):
		return stopped
	case errors.As(err, &findings):
		return blocked
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return diskFull
	case errors.Is(err, syscall.EROFS), errors.Is(err, syscall.EIO), errors.Is(err, fs.ErrPermission):
		return mediumFailed
	case errors.Is(err, errInvalid), errors.Is(err, transcripts.ErrChanged), errors.Is(err, transcripts.ErrSealed):
		return bundleInvalid
	}
	return tokenProblem(err)
}

// tokenProblem finds what a token or its module did.
func tokenProblem(err error) problem {
	var module *token.ModuleError
	var worker *token.WorkerError
	switch {
	case errors.Is(err, token.ErrOrphan), errors.Is(err, token.ErrKeyExists):
		return keyLeftOver
	case errors.Is(err, token.ErrBadSignature):
		return signatureWrong
	case errors.Is(err, token.ErrNoSuchToken), errors.Is(err, token.ErrNoSuchKey), errors.Is(err, token.ErrAmbiguous):
		return tokenMissing
	case errors.Is(err, token.ErrPINLocked):
		return pinLocked
	case errors.As(err, &module) && module.TemplateRefused():
		return templateRefused
	case errors.As(err, &module) && module.TemplateSuspected():
		return templateDoubted
	case errors.As(err, &module), errors.As(err, &worker):
		return tokenFailed
	}
	return unknownProblem
}

// situationAfter is the situation in which an error leaves the ceremony.
func (r *runner) situationAfter(err error) situation {
	s := r.state.at(problemOf(err))
	done := r.before
	if r.journal != nil {
		done = r.journal.History()
	}
	s.opened, s.step = done.Opened, r.step
	switch {
	case r.o.Mode == event.Rehearsal:
		s.stage = stageRehearsal
	case len(done.Approvals) > 0:
		s.stage = stageBegun
	case r.journal != nil || taken(r.o.Bundle):
		s.stage = stageUnusable
	}
	var held *withheldError
	var d *decline
	switch {
	case errors.As(err, &held):
		s.step = held.Step
	case errors.As(err, &d):
		s.step = cmp.Or(s.step, d.step)
	}
	if st := r.state.Plan.Step(s.step); st != nil && (st.Kind == plan.StepGenerate || st.Kind == plan.StepSign) {
		now := *r.state
		now.replay = asSettled(r.state.Plan, done)
		s.redo = (&redoing{state: &now}).redoable(st) == nil && (r.o.Redo != s.step || s.problem == keyLeftOver)
	}
	s.what, s.until = r.state.tokenOf(s.step), r.state.Plan.Ceremony.Window.Last()
	s.again = done.FailedBefore(s.step)
	return s
}

// taken reports whether a folder holds anything.
func taken(folder string) bool {
	entries, err := os.ReadDir(folder)
	return err == nil && len(entries) > 0
}

// typed is the command that is carried out, as people typed it.
func (o *Options) typed(p *plan.Plan) string {
	c := o.commands(p)
	switch {
	case o.surveyed:
		return c.Preflight()
	case o.Mode == event.Rehearsal:
		c.NewBundle = c.Bundle
		return c.RehearseAgain()
	case o.Amendment != nil:
		return c.Amend()
	case o.Redo != "":
		return c.Redo(o.Redo)
	case o.Abandon:
		return c.Abandon()
	case o.Approved != nil:
		return c.Run()
	}
	return c.Resume()
}

// tokenOf names the token of a step, for hints.
func (st *state) tokenOf(step string) string {
	at := st.Plan.Step(step)
	if at == nil {
		return ""
	}
	for _, id := range at.Keys {
		return st.Plan.Key(id).Token
	}
	if a := st.Plan.Artifact(at.Artifact); a != nil {
		if k := st.signer(a); k != nil {
			return k.Token
		}
	}
	return ""
}
