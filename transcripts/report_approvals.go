// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"

	"rootceremony/transcripts/event"
)

// ApprovalView is how one plan came to hold.
type ApprovalView struct {
	Plan, Class, PolicySHA256 string
	Files                     []event.ApprovedFile
	Notices                   []string
}

// approvals is how the plan and its amendments came to hold, but for plans that
// nobody was to approve.
func approvals(records []event.Record) []ApprovalView {
	var all []ApprovalView
	plan := "Plan"
	for _, r := range records {
		switch e := r.Event.(type) {
		case event.PlanAmended:
			plan = fmt.Sprintf("Amendment %d", e.Number)
		case event.PlanApproval:
			if e.Class != event.ApprovedByNobody {
				all = append(all, ApprovalView{plan, e.Class, e.PolicySHA256, e.ByFile(), e.Notices})
			}
		}
	}
	return all
}
