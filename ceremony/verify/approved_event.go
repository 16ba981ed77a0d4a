// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"fmt"
	"slices"

	"rootceremony/internal/approval"
	"rootceremony/transcripts/event"
)

// ApprovedPlan is who approved one plan and what it needs, or another site file.
type ApprovedPlan struct {
	Plan      string // "plan", or "amendment" or "site change" and its number
	Approvals []event.Approval
}

// ApprovedEvent says who approved what, by which policy, and with what warnings.
func ApprovedEvent(v approval.PlanVerdict, warnings []string) event.PlanApproval {
	e := event.PlanApproval{Class: event.ApprovedBySignatures, PolicySHA256: v.Plan.PolicySHA256, Warnings: warnings}
	if v.OnPaper() {
		e.Class = event.ApprovedOnPaper
	}
	for _, f := range v.Files() {
		e.Approvals = append(e.Approvals, approvals(f)...)
		e.Notices = append(e.Notices, notCounted(f)...)
	}
	e.Notices = append(e.Notices, v.Notices...)
	return e
}

// approvals lists who approved a file; people count once.
func approvals(f approval.FileVerdict) []event.Approval {
	var all []event.Approval
	about := event.Approval{Object: f.Namespace.Rule(), File: f.File, SHA256: f.ObjectSHA256}
	for _, s := range f.Signed {
		if s.Duplicate {
			continue
		}
		a := about
		a.Person, a.Roles, a.Key, a.Algorithm = s.Person, s.Roles, s.Fingerprint, s.Algorithm
		if s.Touch != nil {
			a.Touch = s.Touch.String()
		}
		all = append(all, a)
	}
	for _, p := range f.Papers {
		a := about
		a.Person, a.Roles, a.Resolution, a.Date = p.Person, []string{p.Role}, p.Resolution, p.Date
		a.ScanSHA256, a.Vouchers = p.ScanSHA256, p.Vouchers
		all = append(all, a)
	}
	return all
}

// notCounted says what about a file did not count, and why.
func notCounted(f approval.FileVerdict) []string {
	notices := slices.Clone(f.Notices)
	for _, s := range f.Signed {
		if s.Duplicate {
			notices = append(notices, fmt.Sprintf("%s: duplicate signature by %s, counted once", s.Name, s.Person))
		}
	}
	for _, r := range f.Refused {
		notices = append(notices, fmt.Sprintf("%s: %s", r.Name, r.Why))
	}
	return notices
}
