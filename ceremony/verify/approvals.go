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

// checkApproval checks the approvals of a bundle again, by its own policy. That
// the policy is the right one is what an anchor says; without one nothing does.
func (v *Verdict) checkApproval(dir, policySHA256 string) {
	nobody := v.CurrentPlan().Plan.Approval == plan.ApprovalNone
	if v.History.Opened.Unapproved != nobody {
		v.problem(line(1), "the recorded approval mode differs from plan.json")
	}
	if nobody || v.Mode == event.Rehearsal {
		v.Approval = "none: nobody approved this plan"
		return
	}
	policy, err := v.ReadFile(plan.PolicyPath, plan.MaxInput)
	if err != nil {
		v.problem(plan.PolicyPath, "the plan requires approval: %v", err)
		return
	}
	digest := artifact.Sum(policy).SHA256Hex()
	v.Approval = "by a policy that no outside anchor vouches for, SHA-256 " + digest
	if policySHA256 != "" {
		if want, err := hex.DecodeString(policySHA256); err != nil || hex.EncodeToString(want) != digest {
			v.problem(plan.PolicyPath, "its SHA-256 is %s, not the one given", digest)
			return
		}
		v.Approval = "by the policy with the given SHA-256"
	}
	v.checkApprovals(dir, policy, digest)
}

// checkApprovals checks who approved the first plan and each amendment.
func (v *Verdict) checkApprovals(dir string, policy []byte, digest string) {
	site, err := v.ReadFile("plan/site.json", plan.MaxInput)
	if err != nil {
		v.problem("plan/site.json", "%v", err)
		return
	}
	said := v.History.Approvals
	if len(said) != len(v.plans) {
		v.problem(transcripts.JournalPath, "%d approval events for %d plans", len(said), len(v.plans))
		return
	}
	for i, p := range v.plans {
		if said[i].Seq < p.recorded.Seq {
			v.problem(line(said[i].Seq), "approval event for a plan that did not exist yet")
		}
		v.checkPlanApproval(dir, p, policy, digest, site, said[i])
	}
}

// excepted reports whether people recorded that they go on by an amendment that
// is not approved.
func (v *Verdict) excepted(p planPeriod) bool {
	return slices.ContainsFunc(v.History.Deviations, func(d history.Entry[event.DeviationRecorded]) bool {
		e := d.Event
		return d.Seq < p.recorded.Seq && e.Exception == event.ExceptionUnapproved && e.Amendment == p.recorded.Number && len(e.DecidedBy) > 1
	})
}

// checkPlanApproval checks who approved one plan.
func (v *Verdict) checkPlanApproval(dir string, p planPeriod, policy []byte, digest string, site []byte, said history.Approval) {
	if p.recorded.Number > 0 && said.Event.Class == event.ApprovedByException {
		if !v.excepted(p) {
			v.problem(line(said.Seq), "no deviation explains why amendment %d was not approved", p.recorded.Number)
		}
		v.Notices = append(v.Notices, fmt.Sprintf("amendment %d was not approved by signatures: the people in the room decided it, see the deviation before line %d",
			p.recorded.Number, said.Seq))
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
		v.problem(where, "the approvals do not meet the policy: %s", strings.Join(verdict.Lines(), "; "))
		return
	}
	event := ApprovedEvent(verdict)
	want, _ := plan.CanonicalJSON(event)
	got, _ := plan.CanonicalJSON(said.Event)
	if !bytes.Equal(want, got) {
		v.problem(line(said.Seq), "the recorded approvals differ from the signatures")
		return
	}
	v.Approved = append(v.Approved, ApprovedPlan{p.recorded.Name(), event.Approvals})
}
