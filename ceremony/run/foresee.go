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
)

// releaser is something that other processes are kept out of.
type releaser interface{ Release() error }

// release lets others in again. What was written stays.
func (r *runner) release() {
	for _, h := range r.held {
		_ = h.Release() // nothing depends on it: a lock ends with its process
	}
	r.held = nil
}

// foresee refuses, before anybody is asked, whatever would be refused for a
// reason that needs neither a token nor people: approvals that are not there,
// folders that are taken, locks that another process has. From here on the
// folders of the bundle and of the second medium are ours.
func (r *runner) foresee() error {
	if err := r.foreseeApproval(); err != nil {
		return err
	}
	c, err := artifact.ClaimDirFS(r.o.fileSystem(), r.o.Bundle)
	if err != nil {
		return r.taken(err)
	}
	r.dir, r.held = c.Dir, append(r.held, c)
	if r.o.Site == nil || r.o.Site.JournalMirror == "" {
		return nil
	}
	second, err := artifact.ClaimDirFS(r.o.fileSystem(), r.o.Site.JournalMirror)
	if err != nil {
		return &Refusal{Reason: fmt.Sprintf("the second medium: %v", err),
			Hint: "journal-mirror in the site file names a folder that does not exist yet, or is empty"}
	}
	r.second, r.held = second.Dir, append(r.held, second)
	return nil
}

// foreseeApproval refuses a plan that is not approved at any moment at which it
// could be carried out. The time in the room is not known yet and the host's
// clock may be wrong: a key or a policy that counts for a part of the window only
// is judged when people have said what time it is.
func (r *runner) foreseeApproval() error {
	if err := r.sameSite(); err != nil {
		return err
	}
	win := r.p.Plan.Ceremony.Window
	now := r.o.Clock.Now()
	if now.Before(win.From) || now.After(win.To) {
		now = win.From
	}
	var first error
	for _, at := range []time.Time{now, win.From, win.To} {
		_, _, err := r.judgeApproval(r.p, plan.Folder, at)
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
func (r *runner) sameSite() error {
	if r.o.Site == nil || r.o.Approvals == nil {
		return nil
	}
	approved, err := fs.ReadFile(r.o.Approvals, "site.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the plan was written without one
	}
	if err != nil {
		return fmt.Errorf("reading site.json of the plan: %w", err)
	}
	given, err := r.o.Site.Canonical()
	if err != nil {
		return err
	}
	if !bytes.Equal(given, approved) {
		return &Refusal{Reason: "the site file is not the one that site.json of the plan was made from",
			Hint: "give that one; or write the plan again and have it approved:\n  " + r.commands().MakePlan()}
	}
	return nil
}

// taken says why the folder of a new bundle cannot be had, and what helps.
func (r *runner) taken(err error) error {
	c := r.commands()
	again := c.RunElsewhere()
	if r.o.Mode == transcripts.Rehearsal {
		again = c.RehearseAgain()
	}
	journal := filepath.Join(r.o.Bundle, filepath.FromSlash(transcripts.JournalPath))
	_, readErr := os.Stat(journal)
	_, closedErr := os.Stat(filepath.Join(r.o.Bundle, transcripts.ManifestPath))
	switch {
	case errors.Is(err, artifact.ErrLocked) || locked(journal):
		return &Refusal{Reason: fmt.Sprintf("another process is at work in the bundle %s", r.o.Bundle),
			Hint: "let it end, or name a new folder:\n  " + again}
	case !errors.Is(err, fs.ErrExist):
		return &Refusal{Reason: err.Error(), Hint: "name a new folder in one that exists:\n  " + again}
	case readErr == nil && closedErr != nil && r.o.Mode == transcripts.Run:
		return &Refusal{Reason: fmt.Sprintf("the bundle folder %s holds a ceremony that was begun", r.o.Bundle),
			Hint: "go on with it:\n  " + c.Resume()}
	}
	return &Refusal{Reason: fmt.Sprintf("the bundle folder %s exists and is not empty", r.o.Bundle), Hint: "name a new one:\n  " + again}
}

// locked reports whether another process has a journal open.
func locked(journal string) bool {
	log, err := artifact.OpenLog(journal)
	if err == nil {
		_ = log.Close() // it was only looked at
	}
	return errors.Is(err, artifact.ErrLocked)
}

// foreseeResume is [runner.foresee] for a ceremony that was begun: from here on
// nobody else can go on with it.
func (r *runner) foreseeResume(was *begun) error {
	dir, err := artifact.OpenDirFS(r.o.fileSystem(), r.o.Bundle)
	if err != nil {
		return err
	}
	if r.journal, err = transcripts.Hold(dir); err != nil {
		return r.notHeld(err)
	}
	r.dir, r.held = dir, append(r.held, r.journal)
	if err := r.sameCeremony(was); err != nil {
		return err
	}
	if r.second, err = r.secondMedium(openOrMake); err != nil {
		return &Refusal{Reason: fmt.Sprintf("the second medium: %v", err), Hint: "put in the medium that the site file names, or a new one under its path"}
	}
	if r.o.Amendment != nil {
		if err := r.samePolicy(); err != nil {
			return err
		}
		if _, err := CheckAmendment(r.ctx, r.o.Bundle, r.o.Amendment); err != nil {
			return err
		}
	}
	switch {
	case r.o.Redo != "":
		return r.foreseeRedo()
	case r.o.Amendment == nil && !r.o.Abandon:
		return r.foreseeFailed(was)
	}
	return nil
}

// foreseeFailed refuses to go on while a step stays failed.
func (r *runner) foreseeFailed(was *begun) error {
	failed := verify.FailedStep(was.plan, was.records)
	if failed == nil {
		return nil
	}
	return &Refusal{Reason: fmt.Sprintf("step %s (%s) failed: %s", failed.ID, failed.Title, failed.Why), Hint: plan.OneOf(r.commands().AfterFailure(failed.ID))}
}

// notHeld says why nobody can go on with a journal.
func (r *runner) notHeld(err error) error {
	switch {
	case errors.Is(err, artifact.ErrLocked):
		return &Refusal{Reason: fmt.Sprintf("another process is at work in the bundle %s", r.o.Bundle), Hint: "let it end first"}
	case errors.Is(err, transcripts.ErrClosed):
		return &Refusal{Reason: err.Error(), Hint: "nothing can be added; this judges it:\n  " + r.commands().Verify()}
	}
	return err
}

// sameCeremony refuses a rehearsal, another site file than the first, and a
// ceremony of which not even all that it was made from is in the record.
func (r *runner) sameCeremony(was *begun) error {
	if len(was.records) == 0 {
		return nil
	}
	opened, _ := was.records[0].Event.(transcripts.CeremonyOpened)
	if err := r.mayResume(opened); err != nil {
		return err
	}
	if !wasApproved(was.records) {
		return &Refusal{Reason: "the ceremony was cut off before it was recorded who approved its plan: nothing was done",
			Hint: "begin it anew, into another folder:\n  " + r.commands().RunElsewhere()}
	}
	return nil
}

// mayResume compares how a ceremony was begun with how it is to go on.
func (r *runner) mayResume(opened transcripts.CeremonyOpened) error {
	if opened.Mode == transcripts.Rehearsal {
		next := r.commands().GoOn(opened.Mode, "")
		return &Refusal{Reason: "a rehearsal is not resumed", Hint: "rehearse again, into another folder:\n  " + next.Line}
	}
	site, err := r.o.Site.Digest()
	if err != nil {
		return err
	}
	if opened.SiteSHA256 != fmt.Sprintf("%x", site) {
		return &Refusal{Reason: "the site file is not the one this ceremony was begun with",
			Hint: "give the one that gives " + filepath.Join(r.o.Bundle, plan.Folder, "site.json")}
	}
	return nil
}

// samePolicy refuses an amendment by another policy than the first plan's.
func (r *runner) samePolicy() error {
	if r.o.Policy == nil {
		return nil
	}
	first, err := os.ReadFile(r.dir.Path(plan.PolicyPath))
	if err != nil || !bytes.Equal(first, r.o.Policy) {
		return &Refusal{Reason: "the policy is not the one by which the first plan was approved",
			Hint: "give the same --policy FILE; another one takes another ceremony"}
	}
	return nil
}

// foreseeRedo refuses a step that cannot be done again, as far as the record
// tells.
func (r *runner) foreseeRedo() error {
	p, done, err := standing(r.ctx, r.o.Bundle)
	if err != nil {
		return err
	}
	for _, in := range done.Open {
		if in.What == transcripts.WhatSign && in.Artifact != "" {
			done.Possibly[in.Artifact] = in // as settle will say
		}
	}
	then := &runner{o: r.o, p: p, past: done}
	st, err := then.stepToRedo(r.o.Redo)
	if err != nil {
		return err
	}
	return then.redoable(st)
}

// standing reads which plan of a bundle holds and what is done, without touching
// anything. What else is wrong with the bundle is said when the ceremony goes on:
// a crash may have left a file.
func standing(ctx context.Context, bundle string) (*plan.Preview, *verify.Replay, error) {
	re, err := verify.Rebuild(ctx, bundle, verify.Options{})
	if err != nil {
		return nil, nil, err
	}
	defer re.Verdict.Close() //nolint:errcheck // read only
	if re.Builder == nil {
		return nil, nil, fmt.Errorf("the plan of the bundle could not be read again: %w", problemError(re.Verdict.Problems))
	}
	return re.Verdict.Holds(), re.Replay(), nil
}
