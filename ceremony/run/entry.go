// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/artifact"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// entry checks the preconditions: it refuses, before anybody is asked anything, what
// would be refused later, and holds the locks that keep other processes out.
type entry struct {
	*session
	state         *state
	second        *artifact.Dir              // on the second medium; nil where there is none
	lockedJournal *transcripts.LockedJournal // the journal of a ceremony that continues
	lacks         string                     // what the second medium lacks of the record, for people to decide
	change        *plan.SiteChange           // of the site file, for people to decide; nil where it is the one in force
	found         *Preflight                 // by the survey of this session; nil in a rehearsal
	locks         []releaser
}

// releaser is something that other processes are kept out of.
type releaser interface{ Release() error }

// release lets others in again. What was written stays.
func (e *entry) release() {
	for _, h := range e.locks {
		_ = h.Release() // nothing depends on it: a lock ends with its process
	}
	e.locks = nil
}

// checkStart refuses, before anybody is asked, whatever would be refused for a
// reason that needs neither a token nor people: approvals that are not there,
// folders that are taken, locks that another process has. From here on the
// folders of the bundle and of the second medium are ours.
func (e *entry) checkStart(p *plan.Preview) error {
	if err := e.survey(func(s *survey) error { return s.beforeStart(p) }); err != nil {
		return err
	}
	c, err := artifact.ClaimDirFS(e.o.fileSystem(), e.o.Bundle)
	if err != nil {
		return e.taken(err)
	}
	e.dir, e.locks = c.Dir, append(e.locks, c)
	if e.o.Site == nil || e.o.Site.JournalMirror == "" {
		return nil
	}
	second, err := artifact.ClaimDirFS(e.o.fileSystem(), e.o.Site.JournalMirror)
	if err != nil {
		return e.mirrorTaken(err)
	}
	e.second, e.locks = second.Dir, append(e.locks, second)
	return nil
}

// survey looks at everything that can be known now, and refuses what would be refused
// later. A rehearsal is the trial in which that is found out.
func (e *entry) survey(look func(s *survey) error) error {
	if e.o.Mode == event.Rehearsal {
		return nil
	}
	s := &survey{entry: e}
	if err := look(s); err != nil {
		after := e.state.before(stopped)
		return &Stopped{Bundle: e.o.Bundle, Next: after.ways(), Err: err, kept: after.stage == stageBegun}
	}
	e.found = s.result()
	return s.refusal()
}

// checkStartApproval refuses a plan that is not approved at any moment at which it
// could be carried out. The time in the room is not known yet and the host's
// clock may be wrong: a key or a policy that counts for a part of the window only
// is checked when people have said what time it is.
func (e *entry) checkStartApproval(p *plan.Preview) error {
	win := e.state.Plan.Ceremony.Window
	now := e.o.Clock.Now()
	if now.Before(win.From) || now.After(win.To) {
		now = win.From
	}
	var first error
	for _, at := range []time.Time{now, win.From, win.To} {
		_, _, err := e.o.checkApproval(p, plan.Folder, at, nil)
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// sameSite refuses a site file that changed since the plan was written: what is
// wrong then are not the signatures of those who approved the other one.
func (e *entry) sameSite() error {
	if e.o.Site == nil || e.o.Approvals == nil {
		return nil
	}
	approved, err := fs.ReadFile(e.o.Approvals, "site.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the plan was written without one
	}
	if err != nil {
		return fmt.Errorf("reading site.json of the plan: %w", err)
	}
	given, err := e.o.Site.Canonical()
	if err != nil {
		return err
	}
	if !bytes.Equal(given, approved) {
		return e.state.at(siteDiffers).refuse("the site file differs from site.json in the plan folder")
	}
	return nil
}

// taken says why the folder of a new bundle cannot be had, and what helps.
func (e *entry) taken(err error) error {
	journal := filepath.Join(e.o.Bundle, filepath.FromSlash(transcripts.JournalPath))
	_, readErr := os.Stat(journal)
	_, closedErr := os.Stat(filepath.Join(e.o.Bundle, transcripts.ManifestPath))
	switch {
	case errors.Is(err, artifact.ErrLocked) || locked(journal):
		return e.state.at(bundleBusy).refuse(fmt.Sprintf("another process is using the bundle %s", e.o.Bundle))
	case !errors.Is(err, fs.ErrExist):
		return e.state.at(bundleNowhere).refuse(err.Error())
	case readErr == nil && closedErr != nil && e.o.Mode == event.Run && e.o.nothingDone():
		return e.state.at(bundleEmpty).refuse(fmt.Sprintf("the bundle folder %s holds a ceremony in which nothing was done", e.o.Bundle))
	case readErr == nil && closedErr != nil && e.o.Mode == event.Run:
		return e.state.at(bundleOpen).refuse(fmt.Sprintf("the bundle folder %s holds an unfinished ceremony", e.o.Bundle))
	}
	return e.state.at(bundleTaken).refuse(fmt.Sprintf("the bundle folder %s exists and is not empty", e.o.Bundle))
}

// nothingDone reports whether the record of the bundle stopped before the approval of
// its plan was in it. What cannot be read is left to those who resume it.
func (o *Options) nothingDone() bool {
	was, err := o.bundlePlan()
	return err == nil && len(was.history.Records) > 0 && len(was.history.Approvals) == 0
}

// locked reports whether another process has a journal open.
func locked(journal string) bool {
	log, err := artifact.OpenLog(journal)
	if err == nil {
		_ = log.Close() // it was only looked at
	}
	return errors.Is(err, artifact.ErrLocked)
}

// checkResume is [entry.checkStart] for a ceremony that was begun: from here on
// no other process can continue it.
func (e *entry) checkResume(was *begun) error {
	dir, err := artifact.OpenDirFS(e.o.fileSystem(), e.o.Bundle)
	if err != nil {
		return err
	}
	if e.lockedJournal, err = transcripts.LockJournal(dir); err != nil {
		return e.notLocked(err)
	}
	e.dir, e.locks = dir, append(e.locks, e.lockedJournal)
	if err := e.sameCeremony(was); err != nil {
		return err
	}
	if err := e.openMirror(was.history); err != nil {
		return err
	}
	if e.o.Amendment != nil {
		if err := e.samePolicy(); err != nil {
			return err
		}
		if _, err := e.o.checkAmendment(e.ctx, e.o.Amendment); err != nil {
			return err
		}
	}
	switch {
	case e.o.Redo != "":
		err = e.checkRedo()
	case e.o.Amendment == nil && !e.o.Abandon:
		err = e.checkNoFailedStep(was)
	}
	if err != nil {
		return err
	}
	return e.surveyAgain(was)
}

// surveyAgain looks at everything again before a ceremony continues, by what is left
// to be done.
func (e *entry) surveyAgain(was *begun) error {
	left := *e
	left.state = &state{Builder: e.state.Builder, Digest: e.state.Digest, replay: asSettled(was.plan, was.history), o: e.o}
	err := left.survey((*survey).beforeResume)
	e.found = left.found
	return err
}

// checkNoFailedStep refuses to continue while a step stays failed.
func (e *entry) checkNoFailedStep(was *begun) error {
	failed := verify.FailedStep(was.plan, was.history)
	if failed == nil {
		return nil
	}
	s := e.state.at(withheld)
	s.stage, s.step = stageBegun, failed.ID
	return s.refuse(fmt.Sprintf("step %s (%s) failed: %s", failed.ID, failed.Title, failed.Why))
}

// notLocked says why this process cannot continue a journal.
func (e *entry) notLocked(err error) error {
	switch {
	case errors.Is(err, artifact.ErrLocked):
		return e.state.at(bundleHeld).refuse(fmt.Sprintf("another process is using the bundle %s", e.o.Bundle))
	case errors.Is(err, transcripts.ErrClosed):
		return e.state.at(bundleClosed).refuse(err.Error())
	}
	return err
}

// sameCeremony refuses a rehearsal, a site file that cannot take the place of the one in
// force, and a ceremony of which not even all that it was made from is in the record.
func (e *entry) sameCeremony(was *begun) error {
	if len(was.history.Records) == 0 {
		return nil
	}
	if len(was.history.Approvals) == 0 { // nor all that the plan was made from
		return e.state.at(bundleEmpty).refuse("the ceremony stopped before the approval of its plan was recorded: nothing was done")
	}
	return e.mayResume(was.plan, was.history, was.sites)
}

// mayResume compares how a ceremony was begun with how it is to continue.
func (e *entry) mayResume(p *plan.Plan, h *history.History, sites verify.Sites) error {
	if err := e.o.noRehearsal(h.Opened); err != nil {
		return err
	}
	return e.otherSite(p, h, sites)
}

// samePolicy refuses an amendment by another policy than the first plan's.
func (e *entry) samePolicy() error {
	if e.o.Policy == nil {
		return nil
	}
	first, err := os.ReadFile(e.dir.Path(plan.PolicyPath))
	if err != nil || !bytes.Equal(first, e.o.Policy) {
		return e.state.at(policyOther).refuse("the policy differs from the one that approved the first plan")
	}
	return nil
}

// checkRedo refuses a step that cannot be repeated, as far as the record
// tells.
func (e *entry) checkRedo() error {
	p, done, err := currentPlan(e.ctx, e.o.Bundle)
	if err != nil {
		return err
	}
	then := &redoing{state: &state{Builder: plan.NewBuilder(p.Loaded, false), replay: asSettled(p.Plan, done.History), o: e.o}}
	st, err := then.step(e.o.Redo)
	if err != nil {
		return err
	}
	return then.redoable(st)
}

// asSettled is what the record will say once people have settled which signatures
// may exist.
func asSettled(p *plan.Plan, done *history.History) *verify.Replay {
	then := history.Of(done.Records)
	for _, o := range then.Open() {
		if o.Intended.Event.What == event.WhatSign {
			then.Add(event.Record{Event: outcomeUnknown(o)})
		}
	}
	return verify.NewReplay(p, then)
}

// currentPlan reads which plan of a bundle is in force and what is done, without touching
// anything. What else is wrong with the bundle is said when the ceremony continues:
// a crash may have left a file.
func currentPlan(ctx context.Context, bundle string) (*plan.Preview, *verify.Replay, error) {
	re, err := verify.Rebuild(ctx, bundle, verify.Options{})
	if err != nil {
		return nil, nil, err
	}
	defer re.Verdict.Close() //nolint:errcheck // read only
	if re.Builder == nil {
		return nil, nil, fmt.Errorf("the plan of the bundle cannot be rebuilt: %w", problemError(re.Verdict.Problems))
	}
	return re.Verdict.CurrentPlan(), re.Replay(), nil
}

// checkBundle checks everything in the folder of a bundle before anything of
// it is read: a link may lead elsewhere, and nobody writes at the other end of a
// pipe.
func (o *Options) checkBundle() error {
	err := transcripts.CheckTree(o.Bundle)
	if !errors.Is(err, transcripts.ErrStrange) {
		return nil // without a folder there is no plan, which is said next
	}
	return o.at(nil, bundleStrange).refuse(err.Error())
}
