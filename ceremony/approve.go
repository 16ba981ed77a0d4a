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
	"strings"
	"time"

	"rootceremony/internal/approval"
	"rootceremony/internal/artifact"
	"rootceremony/transcripts"
)

// Where approvals stand in a bundle.
const (
	policyPath   = "trust/policy.json"
	approvalsDir = "plan/approvals"
)

// judgeApproval judges whether the plan may be run, before anything is written.
// A rehearsal needs no approval.
func (r *runner) judgeApproval(at time.Time) (transcripts.PlanApproval, error) {
	none := transcripts.PlanApproval{Class: transcripts.ApprovedByNobody, Lines: []string{}}
	switch {
	case r.p.Plan.Approval == ApprovalNone, r.o.Mode == transcripts.Rehearsal:
		return none, nil
	case r.o.Policy == nil || r.o.Approvals == nil:
		return none, &Refusal{Reason: "this plan has to be approved, and there is no trust policy to say by whom",
			Hint: "give it with --policy FILE --policy-digest DIGEST; a trial says approval: none under ceremony:"}
	}
	site, err := r.o.Site.Canonical()
	if err != nil {
		return none, err
	}
	v, err := approval.CheckPlan(r.o.Policy, r.o.PolicySHA256, r.p.Canonical, site, r.o.Approvals, at)
	if err != nil {
		return none, &Refusal{Reason: err.Error(), Hint: "compare the digest of the policy with the one on paper"}
	}
	if !v.Approved() {
		return none, &Refusal{Reason: "the plan is not approved:\n  " + strings.Join(v.Lines(), "\n  "),
			Hint: "ceremony approve makes and shows approvals"}
	}
	if r.approvals, err = approvalFiles(r.o.Policy, r.o.Approvals); err != nil {
		return none, err
	}
	return approvedEvent(v, r.o.Policy), nil
}

// approvedEvent says who approved, and by which policy.
func approvedEvent(v approval.PlanVerdict, policy []byte) transcripts.PlanApproval {
	e := transcripts.PlanApproval{Class: transcripts.ApprovedBySignatures, PolicySHA256: artifact.Sum(policy).SHA256Hex(), Lines: v.Lines()}
	if v.Plan.OnPaper() {
		e.Class = transcripts.ApprovedOnPaper
	}
	return e
}

// approvalFiles are the policy and everything about plan and site in a folder
// of approvals.
func approvalFiles(policy []byte, folder fs.FS) ([]planFile, error) {
	files := []planFile{{policyPath, "policy", policy}}
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, fmt.Errorf("reading approvals: %w", err)
	}
	for _, e := range entries {
		about := strings.HasPrefix(e.Name(), approval.PlanFile+".") || strings.HasPrefix(e.Name(), approval.SiteFile+".")
		if !e.Type().IsRegular() || !about && e.Name() != approval.RevocationsFile {
			continue
		}
		data, err := fs.ReadFile(folder, e.Name())
		if err != nil {
			return nil, fmt.Errorf("reading approvals: %w", err)
		}
		files = append(files, planFile{approvalsDir + "/" + e.Name(), "approval", data})
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

func (v *Verdict) judgeApprovals(dir string, policy []byte, digest string) {
	plan, err := v.ReadFile("plan/plan.json", maxInput)
	if err != nil {
		return // said before
	}
	site, err := v.ReadFile("plan/site.json", maxInput)
	if err != nil {
		v.problem("plan/site.json", "%v", err)
		return
	}
	said := find(v.Records, func(r *transcripts.Record) bool { return r.Event.Type() == transcripts.PlanApproval{}.Type() })
	if said == nil {
		v.problem(transcripts.JournalPath, "no event says who approved the plan")
		return
	}
	folder := os.DirFS(filepath.Join(dir, filepath.FromSlash(approvalsDir)))
	verdict, err := approval.CheckPlan(policy, digest, plan, site, folder, said.Time)
	if err != nil {
		v.problem(approvalsDir, "%v", err)
		return
	}
	if !verdict.Approved() {
		v.problem(approvalsDir, "the plan was not approved as the policy demands: %s", strings.Join(verdict.Lines(), "; "))
		return
	}
	want, _ := canonicalJSON(approvedEvent(verdict, policy))
	got, _ := canonicalJSON(said.Event)
	if !bytes.Equal(want, got) {
		v.problem(line(said.Seq), "who approved the plan is not what the signatures say")
	}
}
