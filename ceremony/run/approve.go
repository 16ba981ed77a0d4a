// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/approval"
	"rootceremony/transcripts"
)

// judgeApproval judges whether a plan may be run, before anything is written,
// and gives the files that say so, for a folder of the bundle. A rehearsal needs
// no approval.
func (r *runner) judgeApproval(p *plan.Preview, folder string, at time.Time) (transcripts.PlanApproval, []verify.PlanFile, error) {
	none := transcripts.PlanApproval{Class: transcripts.ApprovedByNobody}
	switch {
	case p.Plan.Approval == plan.ApprovalNone, r.o.Mode == transcripts.Rehearsal:
		return none, nil, nil
	case r.o.Policy == nil || r.o.Approvals == nil:
		return none, nil, &Refusal{Reason: "this plan has to be approved, and there is no trust policy to say by whom",
			Hint: "name the policy, with its digest from paper; a trial says approval: none under ceremony:\n  " + r.o.commands(p.Plan).CarryOut(r.o.Amendment != nil)}
	}
	site, err := r.o.Site.Canonical()
	if err != nil {
		return none, nil, err
	}
	c, err := p.ApprovalCase(site, r.o.Approvals, at)
	if err != nil {
		return none, nil, err
	}
	v, err := approval.CheckPlan(r.o.Policy, r.o.PolicySHA256, c)
	if err != nil {
		return none, nil, &Refusal{Reason: err.Error(), Hint: "compare the digest of the policy with the one on paper"}
	}
	if !v.Approved() {
		c := r.o.commands(p.Plan)
		return none, nil, &Refusal{Reason: "the plan is not approved: " + v.Missing(),
			Hint: "who approves types the first, and the second shows who has:\n  " + c.Approve() + "\n  " + c.Approvals()}
	}
	files, err := verify.ApprovalFiles(folder, r.o.Policy, c)
	if err != nil {
		return none, nil, err
	}
	return verify.ApprovedEvent(v), files, nil
}
