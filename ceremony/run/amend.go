// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/transcripts"
)

// CheckAmendment says what a plan would change of the plan that a bundle holds,
// without touching the bundle. It refuses what would change anything that is
// done.
func CheckAmendment(ctx context.Context, bundle string, amended *plan.Preview) ([]string, error) {
	if len(amended.Problems) > 0 {
		return nil, amended.Problems
	}
	before, done, err := standing(ctx, bundle)
	if err != nil {
		return nil, err
	}
	return amendment(before.Plan, amended, done)
}

// amendment gives the difference of a plan that may take another's place.
func amendment(before *plan.Plan, amended *plan.Preview, done *verify.Replay) ([]string, error) {
	if wrong := done.Changes(before, amended.Plan); len(wrong) > 0 {
		return nil, &Refusal{Reason: "what is done cannot be changed:\n  " + strings.Join(wrong, "\n  "),
			Hint: "leave it in the file as it was, and change only what follows"}
	}
	lines, err := plan.Difference(before, amended.Plan)
	if err == nil && len(lines) == 0 {
		return nil, &Refusal{Reason: "the plan is the one that holds already", Hint: "go on without an amendment:\n  " + plan.Commands{}.Resume()}
	}
	return lines, err
}

// amend has people decide that another plan holds from here on. It must be
// approved as the first one was, or people decide to do without in a deviation.
func (r *runner) amend(amended *plan.Preview) error {
	lines, err := amendment(r.p.Plan, amended, r.past)
	if err != nil {
		return err
	}
	number := r.amendmentNumber()
	r.say("\n%s\n      The plan is to change as follows. What is done stays as it is.", plan.Rule(fmt.Sprintf("Amendment %d", number)))
	for _, l := range lines {
		r.say("%s", plan.Indent(l, 6))
	}
	approved, files, err := r.approvalOf(amended, number)
	if err != nil {
		return err
	}
	if approved.Class != transcripts.ApprovedByException {
		if _, err := r.agreed("amend", fmt.Sprintf("Go on by amendment %d", number)); err != nil {
			return err
		}
	}
	e := transcripts.PlanAmended{Number: number, PlanSHA256: hex.EncodeToString(amended.Digest[:]),
		Before: hex.EncodeToString(r.p.Digest[:]), Difference: lines}
	if err := r.adopt(amended, e, files); err != nil {
		return err
	}
	if err := r.note(approved, transcripts.Observed); err != nil {
		return err
	}
	if err := r.readDigest(transcripts.WhatPlan, amended.Digest); err != nil {
		return err
	}
	return r.openTokens()
}

// amendmentNumber gives the next number whose folder is free.
func (r *runner) amendmentNumber() int {
	number := 1
	for _, e := range r.past.Amended {
		number = e.Number + 1
	}
	for {
		if _, err := os.Lstat(r.dir.Path(transcripts.AmendmentFolder(number))); err != nil {
			return number
		}
		number++ // a crash left a folder that no event announces
	}
}

// approvalOf judges the approval of an amended plan, by the policy by which the
// first plan was approved.
func (r *runner) approvalOf(amended *plan.Preview, number int) (transcripts.PlanApproval, []plan.BundleFile, error) {
	approved, files, err := r.judgeApproval(amended, transcripts.AmendmentFolder(number), r.clock.Now())
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		return approved, files, err
	}
	r.say("      %s", refusal.Reason)
	by, err := r.agreed("exception", fmt.Sprintf("Go on by amendment %d without that approval, as an exception", number))
	if err != nil {
		return approved, nil, err
	}
	reason, err := r.text("Why the amendment cannot wait for approval")
	if err != nil {
		return approved, nil, err
	}
	e := transcripts.DeviationRecorded{Expected: verify.ApprovalExpected(number),
		Happened: refusal.Reason, Decision: "the people in the room go on by it: " + reason, DecidedBy: by}
	approved = transcripts.PlanApproval{Class: transcripts.ApprovedByException}
	return approved, nil, r.note(e, r.o.People.How(), by...)
}

// adopt writes the files of the new plan and lets it hold.
func (r *runner) adopt(amended *plan.Preview, e transcripts.PlanAmended, approvals []plan.BundleFile) error {
	folder := transcripts.AmendmentFolder(e.Number)
	script, err := r.scriptOf(amended)
	if err != nil {
		return err
	}
	files, err := amended.BundleFiles(folder, nil, script)
	if err != nil {
		return err
	}
	for _, f := range append(files, approvals...) {
		if err := r.dir.WriteFile(f.Path, f.Data); err != nil {
			return err
		}
		if err := r.loaded(f); err != nil {
			return err
		}
	}
	if err := r.note(e, transcripts.Observed); err != nil {
		return err
	}
	r.p, r.w.Loaded = amended, amended.Loaded
	r.linter, err = amended.NewLinter()
	return err
}
