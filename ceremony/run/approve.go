// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/approval"
	"rootceremony/transcripts/event"
)

// checkApproval checks whether a plan may be run, before anything is written,
// and gives the files that say so, for a folder of the bundle. Revoked is what the plans
// before it revoked. A rehearsal needs no approval.
func (o *Options) checkApproval(p *plan.Preview, folder string, at time.Time, revoked *approval.Revocations) (event.PlanApproval, []plan.BundleFile, error) {
	none := event.PlanApproval{Class: event.ApprovedByNobody, Warnings: p.WarningTexts()}
	switch {
	case p.Plan.Approval == plan.ApprovalNone, o.Mode == event.Rehearsal:
		return none, nil, nil
	case o.Policy == nil || o.Approvals == nil:
		near := *o
		near.Typed.Policy = near.commands(p.Plan).NearPolicy(p.Plan)
		return none, nil, near.at(p.Plan, policyMissing).refuse("this plan requires approval, but no trust policy was given")
	}
	site, err := o.Site.Canonical()
	if err != nil {
		return none, nil, err
	}
	c, err := p.ApprovalCase(site, o.Approvals, at)
	if err != nil {
		return none, nil, err
	}
	c.Revocations = revoked
	v, err := approval.CheckPlan(o.Policy, o.PolicySHA256, c)
	if err != nil {
		return none, nil, o.at(p.Plan, policyDiffers).refuse(err.Error())
	}
	if !v.Approved() {
		return none, nil, o.at(p.Plan, notApproved).refuse("the plan is not approved: " + v.Missing())
	}
	files, err := approvalFiles(folder, o.Policy, c)
	if err != nil {
		return none, nil, err
	}
	return verify.ApprovedEvent(v, p.WarningTexts()), files, nil
}

// approvalFiles are the policy, for the first plan, and everything in the folder
// of approvals that is about the plan, its profiles and the site.
func approvalFiles(folder string, policy []byte, c approval.PlanCase) ([]plan.BundleFile, error) {
	var files []plan.BundleFile
	if folder == plan.Folder {
		files = append(files, plan.BundleFile{Path: plan.PolicyPath, Kind: "policy", Data: policy})
	}
	signed, err := folderFiles(c.Folder, c.About)
	for _, f := range signed {
		f.Path = plan.ApprovalsFolder(folder) + "/" + f.Path
		files = append(files, f)
	}
	return files, err
}
