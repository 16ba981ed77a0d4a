// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/transcripts/event"
)

// CheckAmendment says what a plan would change of the plan that a bundle holds,
// without touching the bundle. It refuses what would change anything that is
// done.
func CheckAmendment(ctx context.Context, bundle string, amended *plan.Preview) (*plan.Comparison, error) {
	return (&Options{Bundle: bundle}).checkAmendment(ctx, amended)
}

func (o *Options) checkAmendment(ctx context.Context, amended *plan.Preview) (*plan.Comparison, error) {
	if len(amended.Problems) > 0 {
		return nil, amended.Problems
	}
	before, done, err := currentPlan(ctx, o.Bundle)
	if err != nil {
		return nil, err
	}
	return o.amendment(before.Loaded, amended, done)
}

// amendment gives the difference of a plan that may take another's place.
func (o *Options) amendment(before *plan.Loaded, amended *plan.Preview, done *verify.Replay) (*plan.Comparison, error) {
	if wrong := done.Changes(before.Plan, amended.Plan); len(wrong) > 0 {
		return nil, o.at(before.Plan, workChanged).refuse("completed work cannot be changed:\n  " + strings.Join(wrong, "\n  "))
	}
	was, err := before.Side(nil) // the devices stay
	if err != nil {
		return nil, err
	}
	is, err := amended.Side(nil)
	if err != nil {
		return nil, err
	}
	c, err := plan.Compare(was, is)
	if err == nil && len(c.Values) == 0 {
		return nil, o.at(before.Plan, amendmentSame).refuse("the amendment does not change the current plan")
	}
	return c, err
}

// amending replaces the plan in force by another one.
type amending struct {
	*session
	state  *state
	room   *room
	paper  *paper
	tokens *tokens
}

// amend has people decide that another plan is in force from here on. It must be
// approved as the first one was, or people decide to do without in a deviation.
func (a *amending) amend(amended *plan.Preview) error {
	differs, err := a.o.amendment(a.state.Loaded, amended, a.state.replay)
	if err != nil {
		return err
	}
	number := a.number()
	a.say("\n%s\n      The plan changes as follows. Completed work stays as it is.", plan.Rule(fmt.Sprintf("Amendment %d", number)))
	for _, l := range differs.Lines() {
		a.say("%s", plan.Indent(l, 6))
	}
	a.say("\n      Value by value:")
	for _, l := range differs.Values {
		a.say("%s", plan.Indent(l, 6))
	}
	approved, files, err := a.approvalOf(amended, number)
	if err != nil {
		return err
	}
	if approved.Class != event.ApprovedByException {
		if _, err := a.room.mustAgree("amend", fmt.Sprintf("Continue under amendment %d", number), amendDeclined); err != nil {
			return err
		}
	}
	e := event.PlanAmended{Number: number, PlanSHA256: hex.EncodeToString(amended.Digest[:]),
		Before: hex.EncodeToString(a.state.Digest[:]), Difference: differs.Values}
	if err := a.adopt(amended, e, files); err != nil {
		return err
	}
	if err := a.note(approved, event.Observed); err != nil {
		return err
	}
	if err := a.paper.readDigest(event.WhatPlan, amended.Digest); err != nil {
		return err
	}
	return a.tokens.open()
}

// number gives the next number whose folder is free.
func (a *amending) number() int {
	number := 1
	for _, e := range a.state.replay.Amendments() {
		number = e.Number + 1
	}
	for {
		if _, err := os.Lstat(a.dir.Path(event.AmendmentFolder(number))); err != nil {
			return number
		}
		number++ // a crash left a folder that no event announces
	}
}

// approvalOf checks the approval of an amended plan, by the policy by which the
// first plan was approved.
func (a *amending) approvalOf(amended *plan.Preview, number int) (event.PlanApproval, []plan.BundleFile, error) {
	dir := os.DirFS(a.o.Bundle)
	revoked, err := verify.RevokedBy(a.journal.History(), func(name string) ([]byte, error) { return fs.ReadFile(dir, name) })
	if err != nil {
		return event.PlanApproval{}, nil, err
	}
	approved, files, err := a.o.checkApproval(amended, event.AmendmentFolder(number), a.clock.Now(), revoked)
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		return approved, files, err
	}
	a.say("      %s", refusal.Reason)
	by, err := a.room.mustAgree("exception", fmt.Sprintf("Continue under amendment %d without approval, as an exception", number), amendDeclined)
	if err != nil {
		return approved, nil, err
	}
	reason, err := a.room.text("Why the amendment cannot wait for approval")
	if err != nil {
		return approved, nil, err
	}
	e := event.DeviationRecorded{Exception: event.ExceptionUnapproved, Amendment: number,
		Expected: fmt.Sprintf("amendment %d is approved as the policy requires", number),
		Happened: event.Seen(refusal.Reason), Decision: "the people in the room continue under it: " + reason, DecidedBy: by}
	approved = event.PlanApproval{Class: event.ApprovedByException, Warnings: amended.WarningTexts()}
	return approved, nil, a.note(e, a.o.People.How(), by...)
}

// adopt writes the files of the new plan and puts it into force.
func (a *amending) adopt(amended *plan.Preview, e event.PlanAmended, approvals []plan.BundleFile) error {
	folder := event.AmendmentFolder(e.Number)
	script, err := a.paper.scriptOf(amended)
	if err != nil {
		return err
	}
	files, err := amended.BundleFiles(folder, nil, script)
	if err != nil {
		return err
	}
	for _, f := range append(files, approvals...) {
		if err := a.dir.WriteFile(f.Path, f.Data); err != nil {
			return err
		}
		if err := a.loaded(f); err != nil {
			return err
		}
	}
	if err := a.note(e, event.Observed); err != nil {
		return err
	}
	a.state.usePlan(amended)
	return nil
}
