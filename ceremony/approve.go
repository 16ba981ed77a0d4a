// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rootceremony/internal/approval"
	"rootceremony/internal/artifact"
	"rootceremony/transcripts"
)

// Where approvals stand in a bundle.
const policyPath = "trust/policy.json"

// approvalsIn is the folder with the approvals of one plan.
func approvalsIn(folder string) string { return folder + "/approvals" }

// judgeApproval judges whether a plan may be run, before anything is written,
// and gives the files that say so, for a folder of the bundle. A rehearsal needs
// no approval.
func (r *runner) judgeApproval(p *Preview, folder string, at time.Time) (transcripts.PlanApproval, []planFile, error) {
	none := transcripts.PlanApproval{Class: transcripts.ApprovedByNobody}
	switch {
	case p.Plan.Approval == ApprovalNone, r.o.Mode == transcripts.Rehearsal:
		return none, nil, nil
	case r.o.Policy == nil || r.o.Approvals == nil:
		return none, nil, &Refusal{Reason: "this plan has to be approved, and there is no trust policy to say by whom",
			Hint: "name the policy, with its digest from paper; a trial says approval: none under ceremony:\n  " + r.o.commands(p.Plan).carryOut(r.o.Amendment != nil)}
	}
	site, err := r.o.Site.Canonical()
	if err != nil {
		return none, nil, err
	}
	c, err := p.approvalCase(site, r.o.Approvals, at)
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
	files, err := approvalFiles(folder, r.o.Policy, c)
	if err != nil {
		return none, nil, err
	}
	return approvedEvent(v), files, nil
}

// approvalCase is a plan with all that a policy may want approved with it.
func (p *Preview) approvalCase(site []byte, approvals fs.FS, at time.Time) (approval.PlanCase, error) {
	resolved, err := p.ResolvedProfiles()
	return approval.PlanCase{Plan: p.Canonical, Site: site, Profiles: resolved, Folder: approvals, At: at}, err
}

// approvalFiles are the policy, for the first plan, and everything in the folder
// of approvals that is about the plan, its profiles and the site.
func approvalFiles(folder string, policy []byte, c approval.PlanCase) ([]planFile, error) {
	var files []planFile
	if folder == planFolder {
		files = append(files, planFile{policyPath, "policy", policy})
	}
	entries, err := fs.ReadDir(c.Folder, ".")
	if err != nil {
		return nil, fmt.Errorf("reading approvals: %w", err)
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !c.About(e.Name()) {
			continue
		}
		data, err := fs.ReadFile(c.Folder, e.Name())
		if err != nil {
			return nil, fmt.Errorf("reading approvals: %w", err)
		}
		files = append(files, planFile{approvalsIn(folder) + "/" + e.Name(), "approval", data})
	}
	return files, nil
}

// checkApproval judges the approvals of a bundle again, by its own policy. That
// the policy is the right one is what an anchor says; without one nothing does.
func (v *Verdict) checkApproval(dir, policySHA256 string) {
	opened, ok := v.Records[0].Event.(transcripts.CeremonyOpened)
	if !ok || v.Loaded == nil {
		return
	}
	nobody := v.Loaded.Plan.Approval == ApprovalNone
	if opened.Unapproved != nobody {
		v.problem(line(1), "whether the plan was approved is not what plan.json says")
	}
	if nobody || v.Mode == transcripts.Rehearsal {
		v.Approval = "none: nobody approved this plan"
		return
	}
	policy, err := v.ReadFile(policyPath, maxInput)
	if err != nil {
		v.problem(policyPath, "the plan had to be approved: %v", err)
		return
	}
	digest := artifact.Sum(policy).SHA256Hex()
	v.Approval = "by a policy that nothing from outside vouches for, SHA-256 " + digest
	if policySHA256 != "" {
		if want, err := hex.DecodeString(policySHA256); err != nil || hex.EncodeToString(want) != digest {
			v.problem(policyPath, "its SHA-256 is %s, not the one given", digest)
			return
		}
		v.Approval = "by the policy with the SHA-256 that was given"
	}
	v.judgeApprovals(dir, policy, digest)
}

// judgeApprovals judges who approved the first plan and each amendment.
func (v *Verdict) judgeApprovals(dir string, policy []byte, digest string) {
	site, err := v.ReadFile("plan/site.json", maxInput)
	if err != nil {
		v.problem("plan/site.json", "%v", err)
		return
	}
	said := slices.DeleteFunc(slices.Clone(v.Records), func(r transcripts.Record) bool {
		return r.Event.Type() != transcripts.PlanApproval{}.Type()
	})
	if len(said) != len(v.plans) {
		v.problem(transcripts.JournalPath, "%d events say who approved %d plans", len(said), len(v.plans))
		return
	}
	for i, p := range v.plans {
		if said[i].Seq < p.seq {
			v.problem(line(said[i].Seq), "it says who approved a plan that was not there")
		}
		v.judgePlanApproval(dir, p, policy, digest, site, said[i])
	}
}

// excepted reports whether people recorded that they go on by an amendment that
// is not approved.
func (v *Verdict) excepted(p held) bool {
	return slices.ContainsFunc(v.Records[:p.seq-1], func(r transcripts.Record) bool {
		e, ok := r.Event.(transcripts.DeviationRecorded)
		return ok && e.Expected == approvalExpected(p.amended.Number) && len(e.DecidedBy) > 1
	})
}

// approvalExpected is what a deviation departs from that lets an amendment hold
// without approval.
func approvalExpected(number int) string {
	return fmt.Sprintf("amendment %d is approved as the policy demands", number)
}

// judgePlanApproval judges who approved one plan.
func (v *Verdict) judgePlanApproval(dir string, p held, policy []byte, digest string, site []byte, said transcripts.Record) {
	if e, ok := said.Event.(transcripts.PlanApproval); ok && p.seq > 0 && e.Class == transcripts.ApprovedByException {
		if !v.excepted(p) {
			v.problem(line(said.Seq), "no deviation says why amendment %d was not approved", p.amended.Number)
		}
		v.Notices = append(v.Notices, fmt.Sprintf("amendment %d was not approved by signatures: the people in the room decided it, see the deviation before line %d",
			p.amended.Number, said.Seq))
		return
	}
	where := approvalsIn(p.folder)
	c, err := p.approvalCase(site, os.DirFS(filepath.Join(dir, filepath.FromSlash(where))), said.Time)
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
	event := approvedEvent(verdict)
	want, _ := canonicalJSON(event)
	got, _ := canonicalJSON(said.Event)
	if !bytes.Equal(want, got) {
		v.problem(line(said.Seq), "who approved the plan is not what the signatures say")
		return
	}
	v.Approved = append(v.Approved, PlanApproved{p.name(), event.Approvals})
}
