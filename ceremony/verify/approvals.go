// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
	"rootceremony/internal/artifact"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// checkApproval judges the approvals of a bundle again, by its own policy. That
// the policy is the right one is what an anchor says; without one nothing does.
func (v *Verdict) checkApproval(dir, policySHA256 string) {
	nobody := v.Holds().Plan.Approval == plan.ApprovalNone
	if v.History.Opened.Unapproved != nobody {
		v.problem(line(1), "whether the plan was approved is not what plan.json says")
	}
	if nobody || v.Mode == event.Rehearsal {
		v.Approval = "none: nobody approved this plan"
		return
	}
	policy, err := v.ReadFile(plan.PolicyPath, plan.MaxInput)
	if err != nil {
		v.problem(plan.PolicyPath, "the plan had to be approved: %v", err)
		return
	}
	digest := artifact.Sum(policy).SHA256Hex()
	v.Approval = "by a policy that nothing from outside vouches for, SHA-256 " + digest
	if policySHA256 != "" {
		if want, err := hex.DecodeString(policySHA256); err != nil || hex.EncodeToString(want) != digest {
			v.problem(plan.PolicyPath, "its SHA-256 is %s, not the one given", digest)
			return
		}
		v.Approval = "by the policy with the SHA-256 that was given"
	}
	v.judgeApprovals(dir, policy, digest)
}

// judgeApprovals judges who approved the first plan and each amendment.
func (v *Verdict) judgeApprovals(dir string, policy []byte, digest string) {
	site, err := v.ReadFile("plan/site.json", plan.MaxInput)
	if err != nil {
		v.problem("plan/site.json", "%v", err)
		return
	}
	said := v.History.Approvals
	if len(said) != len(v.plans) {
		v.problem(transcripts.JournalPath, "%d events say who approved %d plans", len(said), len(v.plans))
		return
	}
	for i, p := range v.plans {
		if said[i].Seq < p.held.Seq {
			v.problem(line(said[i].Seq), "it says who approved a plan that was not there")
		}
		v.judgePlanApproval(dir, p, policy, digest, site, said[i])
	}
}

// excepted reports whether people recorded that they go on by an amendment that
// is not approved.
func (v *Verdict) excepted(p planPeriod) bool {
	return slices.ContainsFunc(v.History.Deviations, func(d history.Entry[event.DeviationRecorded]) bool {
		e := d.Event
		return d.Seq < p.held.Seq && e.Exception == event.ExceptionUnapproved && e.Amendment == p.held.Number && len(e.DecidedBy) > 1
	})
}

// judgePlanApproval judges who approved one plan.
func (v *Verdict) judgePlanApproval(dir string, p planPeriod, policy []byte, digest string, site []byte, said history.Approval) {
	if p.held.Number > 0 && said.Event.Class == event.ApprovedByException {
		if !v.excepted(p) {
			v.problem(line(said.Seq), "no deviation says why amendment %d was not approved", p.held.Number)
		}
		v.Notices = append(v.Notices, fmt.Sprintf("amendment %d was not approved by signatures: the people in the room decided it, see the deviation before line %d",
			p.held.Number, said.Seq))
		return
	}
	where := plan.ApprovalsFolder(p.folder)
	c, err := p.ApprovalCase(site, os.DirFS(filepath.Join(dir, filepath.FromSlash(where))), said.Time)
	if err != nil {
		v.problem(p.folder, "%v", err)
		return
	}
	verdict, err := approval.CheckPlan(policy, digest, c)
	if err != nil {
		v.problem(where, "%v", err)
		return
	}
	if !verdict.Approved() {
		v.problem(where, "the plan was not approved as the policy demands: %s", strings.Join(verdict.Lines(), "; "))
		return
	}
	event := ApprovedEvent(verdict)
	want, _ := plan.CanonicalJSON(event)
	got, _ := plan.CanonicalJSON(said.Event)
	if !bytes.Equal(want, got) {
		v.problem(line(said.Seq), "who approved the plan is not what the signatures say")
		return
	}
	v.Approved = append(v.Approved, ApprovedPlan{p.held.Name(), event.Approvals})
}
