// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
	"rootceremony/internal/artifact"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// checkApproval checks the approvals of a bundle again, by its own policy. That
// the policy is the right one is what an anchor says; without one nothing does.
func (v *Verdict) checkApproval(policySHA256 string) {
	v.checkWarnings()
	nobody := v.CurrentPlan().Plan.Approval == plan.ApprovalNone
	if v.History.Opened.Unapproved != nobody {
		v.problem(line(1), "the recorded approval mode differs from plan.json")
	}
	if nobody || v.Mode == event.Rehearsal {
		v.Approval = "none: nobody approved this plan"
		if v.interrupted() {
			v.Pending = &event.PlanApproval{Class: event.ApprovedByNobody, Warnings: v.CurrentPlan().WarningTexts()}
		}
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
	if len(v.sites) == 0 {
		if !v.unread {
			v.problem("plan/site.json", "the plan requires approval, and the record names no site file")
		}
		return
	}
	j := &approvalChecker{Verdict: v, policy: policy, digest: digest}
	j.all()
}

// approvalChecker evaluates again who approved the plans of a bundle.
type approvalChecker struct {
	*Verdict
	policy []byte
	digest string // of the policy
}

// checkWarnings compares the warnings that the record says a plan had with those
// that it has.
func (v *Verdict) checkWarnings() {
	for i, said := range v.History.Approvals {
		if i < len(v.plans) && !slices.Equal(said.Event.Warnings, event.Legible(v.plans[i].WarningTexts())) {
			v.problem(line(said.Seq), "the recorded warnings are not those of %s/plan.json", v.plans[i].folder)
		}
	}
}

// all checks who approved the first plan and each amendment.
func (v *approvalChecker) all() {
	said, plans := v.History.Approvals, v.plans
	if len(said) != len(plans) && !v.interrupted() {
		v.problem(transcripts.JournalPath, "%d approval events for %d plans", len(said), len(plans))
		return
	}
	for i, p := range plans {
		switch {
		case i == len(said) && v.excepted(p) && !v.hasApprovals(p):
			v.Pending = &event.PlanApproval{Class: event.ApprovedByException, Warnings: p.WarningTexts()}
		case i == len(said):
			v.Pending = v.evaluate(p)
		case said[i].Seq < p.recorded.Seq:
			v.problem(line(said[i].Seq), "approval event for a plan that did not exist yet")
		case p.recorded.Number > 0 && said[i].Event.Class == event.ApprovedByException:
			v.checkException(p, said[i])
		case v.excepted(p):
			v.problem(line(said[i].Seq), "amendment %d is approved, and a deviation says that it is not", p.recorded.Number)
		default:
			v.compareApproval(p, v.evaluate(p), said[i])
		}
	}
}

// hasApprovals reports whether the bundle holds approvals of a plan.
func (v *Verdict) hasApprovals(p planPeriod) bool {
	return slices.ContainsFunc(v.Paths(), func(name string) bool { return strings.HasPrefix(name, plan.ApprovalsFolder(p.folder)+"/") })
}

// interrupted reports whether the line is missing that says who approved the last
// amendment, because the ceremony was cut off before it. Whatever goes on with it
// writes that line first: all that it says follows from the bundle.
func (v *Verdict) interrupted() bool {
	return v.History.Closed == nil && len(v.plans) > 1 && len(v.History.Approvals) == len(v.plans)-1
}

// excepted reports whether people recorded that they continue under an amendment that
// is not approved, in the session in which it took effect.
func (v *Verdict) excepted(p planPeriod) bool {
	if p.recorded.Number == 0 {
		return false
	}
	session := v.Records[p.recorded.Seq-1].Session
	return slices.ContainsFunc(v.History.Deviations, func(d history.Entry[event.DeviationRecorded]) bool {
		e := d.Event
		return d.Session == session && d.Seq < p.recorded.Seq && e.Exception == event.ExceptionUnapproved && e.Amendment == p.recorded.Number && len(e.DecidedBy) > 1
	})
}

// checkException checks that people decided to go on by an amendment without approval.
func (v *Verdict) checkException(p planPeriod, said history.Approval) {
	if !v.excepted(p) {
		v.problem(line(said.Seq), "no deviation explains why amendment %d was not approved", p.recorded.Number)
	}
	if e := said.Event; differ(e, event.PlanApproval{Class: e.Class, Warnings: e.Warnings}) {
		v.problem(line(said.Seq), "nobody approved amendment %d by the policy, but the record says of approvals what it says of one that is", p.recorded.Number)
	}
	if v.hasApprovals(p) {
		v.problem(plan.ApprovalsFolder(p.folder), "nobody approved amendment %d by the policy, but files are there that are to approve it", p.recorded.Number)
	}
	v.Notices = append(v.Notices, fmt.Sprintf("amendment %d was not approved by signatures: the people in the room decided it, see the deviation before line %d",
		p.recorded.Number, said.Seq))
}

// evaluate evaluates who approved one plan, as of the moment since which it is in force;
// nil where it is not approved as it must be.
func (v *approvalChecker) evaluate(p planPeriod) *event.PlanApproval {
	where := plan.ApprovalsFolder(p.folder)
	site, err := v.sites.At(p.recorded.Seq).Canonical()
	if err != nil {
		v.problem(p.folder, "%v", err)
		return nil
	}
	c, err := p.ApprovalCase(site, v.Folder(where), v.since(p))
	if err == nil {
		c.Revocations, err = v.revokedBefore(p.recorded)
	}
	if err != nil {
		v.problem(p.folder, "%v", err)
		return nil
	}
	e := v.approved(where, c, p.WarningTexts(), "the approvals do not meet the policy")
	if e == nil || v.given == nil {
		return e
	}
	c.Revocations = c.Revocations.With(v.given)
	if now := v.approved(where, c, nil, "with the given revocations, the approvals do not meet the policy"); now != nil {
		v.toldLater(p.recorded.Name(), e.Notices, now.Notices)
	}
	return e
}

// toldLater tells what approvals lack since then, by the revocations from outside.
func (v *Verdict) toldLater(of string, then, now []string) {
	for _, n := range now {
		if !slices.Contains(then, n) {
			v.noticeOnce(of + ": " + n)
		}
	}
}

// approved gives what the record has to say of an approval; nil, with the problem, where
// it does not meet the policy.
func (v *approvalChecker) approved(where string, c approval.PlanCase, warnings []string, otherwise string) *event.PlanApproval {
	verdict, err := approval.CheckPlan(v.policy, v.digest, c)
	if err != nil {
		v.problem(where, "%v", err)
		return nil
	}
	if !verdict.Approved() {
		v.problem(where, "%s: %s", otherwise, strings.Join(verdict.Lines(), "; "))
		return nil
	}
	e := ApprovedEvent(verdict, warnings)
	return &e
}

// since is the moment as of which the approvals of a plan count: the line that put it
// into force. The first plan holds since its approval was recorded.
func (v *Verdict) since(p planPeriod) time.Time {
	if p.recorded.Number > 0 {
		return v.Records[p.recorded.Seq-1].Time
	}
	return v.History.Approvals[0].Time
}

// compareApproval compares what the record says of an approval with the signatures.
func (v *Verdict) compareApproval(p planPeriod, evaluated *event.PlanApproval, said history.Approval) {
	if evaluated == nil {
		return // said already
	}
	want, _ := plan.CanonicalJSON(event.Legible(evaluated))
	got, _ := plan.CanonicalJSON(said.Event)
	if !bytes.Equal(want, got) {
		v.problem(line(said.Seq), "the recorded approvals differ from the signatures")
		return
	}
	v.Approved = append(v.Approved, ApprovedPlan{p.recorded.Name(), evaluated.Approvals})
}
