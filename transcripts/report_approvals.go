// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"
	"strings"

	"rootceremony/transcripts/event"
)

// ApprovalView is how one plan came to hold.
type ApprovalView struct {
	Plan, Class, PolicySHA256 string
	Files                     []ApprovedFile
	Notices                   []string
}

// ApprovedFile is a file with everybody who approved it.
type ApprovedFile struct{ Object, File, SHA256, By string }

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
				all = append(all, ApprovalView{plan, e.Class, e.PolicySHA256, approvedFiles(e), e.Notices})
			}
		}
	}
	return all
}

// approvedFiles gathers the approvals of an event by file, in their order.
func approvedFiles(e event.PlanApproval) []ApprovedFile {
	var files []ApprovedFile
	for _, a := range e.Approvals {
		if n := len(files); n == 0 || files[n-1].File != a.File {
			files = append(files, ApprovedFile{Object: a.Object, File: a.File, SHA256: a.SHA256})
		}
		f := &files[len(files)-1]
		if f.By != "" {
			f.By += ", "
		}
		f.By += approverText(a)
	}
	return files
}

// approverText names a person, and for what and how they approved.
func approverText(a event.Approval) string {
	var about []string
	if len(a.Roles) > 0 {
		about = append(about, strings.Join(a.Roles, ", "))
	}
	if a.OnPaper() {
		about = append(about, fmt.Sprintf("on paper: %s of %s, vouched for by %s", a.Resolution, a.Date, strings.Join(a.Vouchers, ", ")))
	}
	if len(about) == 0 {
		return a.Person
	}
	return fmt.Sprintf("%s (%s)", a.Person, strings.Join(about, "; "))
}
