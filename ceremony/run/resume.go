// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/artifact"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// Resume continues a ceremony that was interrupted: by a crash, a lost
// token, a full disk, or people who said STOP. Steps that are done stay done. A
// signature that was recorded becomes its file without a second signature. A
// call of a token that has no outcome is settled by people: see resolveOpenCall.
//
// o.Bundle is the bundle of the ceremony; o.Mode and o.Approved are taken from
// it. A rehearsal is not resumed: it can be repeated.
func Resume(ctx context.Context, o Options) (*Result, error) {
	if err := o.checkBundle(); err != nil {
		return nil, err
	}
	was, err := o.bundlePlan()
	if err != nil {
		return nil, err
	}
	if o.Site == nil {
		return nil, o.at(was.plan, siteMissing).refuse("no site file names the devices in this room")
	}
	if o.Amendment != nil {
		if err := o.notRehearsed(o.Amendment.Plan); err != nil {
			return nil, err
		}
		if err := o.isApproved(o.Amendment); err != nil {
			return nil, err
		}
		if err := o.siteHas(o.Amendment.Plan); err != nil {
			return nil, err
		}
		if err := o.ownNames(o.Amendment.Plan); err != nil {
			return nil, err
		}
	}
	r := newRunner(ctx, plan.NewBuilder(&plan.Loaded{Plan: was.plan}, false), artifact.Sum(was.holds).SHA256, &o)
	r.before, r.state.sites = was.history, was.sites
	defer r.tokens.close()
	defer r.entry.release()
	if err := r.entry.checkResume(was); err != nil {
		return nil, err
	}
	if err := r.reopen(was); err != nil {
		return nil, r.stopped(err)
	}
	if o.Abandon {
		if err := r.abandon(); err != nil {
			return nil, r.stopped(err)
		}
		return r.finished(event.OutcomeAbandoned)
	}
	return r.performSteps()
}

// Resumable refuses a bundle that cannot be continued, whatever else was typed:
// it holds no ceremony, or a rehearsal.
func Resumable(o Options) error {
	if err := o.checkBundle(); err != nil {
		return err
	}
	was, err := o.bundlePlan()
	if err != nil {
		return err
	}
	return o.noRehearsal(was.history.Opened)
}

// noRehearsal refuses to continue a rehearsal.
func (o *Options) noRehearsal(opened event.CeremonyOpened) error {
	if opened.Mode != event.Rehearsal {
		return nil
	}
	s := o.at(nil, rehearsalOver)
	s.opened = opened
	return s.refuse("a rehearsal cannot be resumed")
}

// begun is what a bundle holds of a ceremony that is resumed, before anything of
// it is verified.
type begun struct {
	first, holds []byte     // plan.json, and that of the last amendment
	plan         *plan.Plan // that holds
	history      *history.History
	sites        verify.Sites
}

// bundlePlan reads the first plan of a bundle, and the one that holds, to know
// whom to ask. Both are believed only when the bundle was verified.
func (o *Options) bundlePlan() (*begun, error) {
	bundle := o.Bundle
	dir := os.DirFS(bundle)
	first, err := fs.ReadFile(dir, plan.Folder+"/plan.json")
	if err != nil {
		return nil, o.at(nil, bundleMissing).refuse(fmt.Sprintf("%s is not the bundle of a started ceremony: %v", bundle, err))
	}
	b := &begun{first: first, holds: first}
	journal, err := fs.ReadFile(dir, transcripts.JournalPath)
	if err != nil {
		return nil, fmt.Errorf("reading the journal of the bundle: %w", err)
	}
	records, _ := transcripts.ReadJournal(journal, plan.SHA256Hex(first)) // what is wrong with it is said later
	b.history = history.Of(records)
	if holds := b.history.Plan(); holds.Number > 0 {
		if b.holds, err = fs.ReadFile(dir, event.AmendmentFolder(holds.Number)+"/plan.json"); err != nil {
			return nil, fmt.Errorf("reading the plan of the bundle: %w", err)
		}
	}
	if b.plan, err = plan.Decode(b.holds); err != nil {
		return nil, fmt.Errorf("reading the plan of the bundle: %w", err)
	}
	if b.sites, err = verify.ReadSites(b.history, func(name string) ([]byte, error) { return fs.ReadFile(dir, name) }); err != nil {
		return nil, fmt.Errorf("reading the site file of the bundle: %w", err)
	}
	return b, nil
}

// reopen begins a new session, verifies the bundle, and opens the tokens.
func (r *runner) reopen(was *begun) error {
	r.greet()
	r.overview(was)
	present, read, err := r.room.gatherPeople()
	if err != nil {
		return err
	}
	if err := r.state.mayContinue(read.room, was.history); err != nil {
		return err
	}
	r.room.enter(present, read.room)
	r.journal, err = r.entry.lockedJournal.Resume(transcripts.Start{Plan: was.first, Tool: r.tool(), Host: r.o.Host, Clock: r.clock, Rand: r.o.Rand,
		Mirror: r.entry.second, MirrorLost: r.mirrorLost})
	if err != nil {
		return r.entry.refuseMirror(err)
	}
	r.sayLeftOver()
	r.sayMissing()
	if err := r.recordSurvey(); err != nil {
		return err
	}
	if err := r.room.recordPeople(read); err != nil {
		return err
	}
	if err := r.replayBundle(); err != nil {
		return err
	}
	if err := r.confirmRecord(was); err != nil {
		return err
	}
	if err := r.resiting.change(); err != nil {
		return err
	}
	if err := r.paper.readDigests(); err != nil {
		return err
	}
	if r.o.Amendment == nil && r.state.signs(r.state.Plan, r.journal.History()) {
		if _, err := r.room.inWindow(r.signingTime()); err != nil {
			return err
		}
	}
	if err := r.tokens.open(); err != nil {
		return err
	}
	r.state.recall(r.journal) // a token may be another device now, on which no key is proved
	if err := r.interruption.resolve(); err != nil {
		return err
	}
	return r.asAsked()
}

// confirmRecord has people compare the record with the last head on paper, and decide
// about all that they have to before the ceremony continues.
func (r *runner) confirmRecord(was *begun) error {
	covered, err := r.paper.compareHead()
	if err != nil {
		return err
	}
	uncovered := history.Uncovered(was.history.Records, covered)
	if err := r.agree(uncovered); err != nil {
		return err
	}
	if err := r.paper.confirmUncovered(uncovered); err != nil {
		return err
	}
	if err := r.confirmLeftOver(); err != nil {
		return err
	}
	return r.entry.confirmMirror(r.room)
}

// asAsked amends the plan, or repeats a step, where the command is about that.
func (r *runner) asAsked() error {
	if r.o.Amendment != nil {
		if err := r.amending.amend(r.o.Amendment); err != nil {
			return err
		}
		return r.redoing.failed()
	}
	if r.o.Redo != "" {
		return r.redoing.redo(r.o.Redo)
	}
	return nil
}

// replayBundle verifies the bundle and takes over what it proves: keys, serial
// numbers, signatures and steps.
func (r *runner) replayBundle() error {
	re, err := verify.Rebuild(r.ctx, r.o.Bundle, verify.Options{})
	if err != nil {
		return err
	}
	defer re.Verdict.Close() //nolint:errcheck // read only
	if len(re.Verdict.Problems) > 0 {
		return fmt.Errorf("%w: %w", errInvalid, problemError(re.Verdict.Problems))
	}
	if re.Builder == nil {
		return errors.New("the plan of the bundle cannot be rebuilt")
	}
	opened := re.Verdict.History.Opened
	r.state.sites = re.Verdict.Sites()
	if err := r.entry.mayResume(re.Verdict.CurrentPlan().Plan, re.Verdict.History, r.state.sites); err != nil { // what was looked at before is checked now
		return err
	}
	r.o.Mode = opened.Mode
	r.state.Builder = re.Builder
	r.state.usePlan(re.Verdict.CurrentPlan())
	r.state.replay = re.Replay()
	r.tokens.last = r.state.replay.LastOperation()
	if approved := re.Verdict.Pending; approved != nil { // the session that amended the plan was cut off
		return r.note(*approved, event.Observed)
	}
	return nil
}
