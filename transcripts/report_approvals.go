// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// approvalView is how one plan came into force.
type approvalView struct {
	Plan, Class, PolicySHA256 string
	Files                     []event.ApprovedFile
	Notices                   []string
}

// approvals is how the plan and its amendments came into force, but for plans that
// nobody was to approve.
func approvals(h *history.History) []approvalView {
	var all []approvalView
	for _, a := range h.Approvals {
		if e := a.Event; e.Class != event.ApprovedByNobody {
			all = append(all, approvalView{called(a.Plan), e.Class, e.PolicySHA256, e.ByFile(), e.Notices})
		}
	}
	return all
}

// warningView is what one plan should have and does not need.
type warningView struct {
	Plan  string
	Texts []string
}

// planWarnings are the warnings of the plan and its amendments.
func planWarnings(h *history.History) (all []warningView) {
	for _, a := range h.Approvals {
		if len(a.Event.Warnings) > 0 {
			all = append(all, warningView{called(a.Plan), a.Event.Warnings})
		}
	}
	return all
}

// called is the name of a plan as written at the beginning of a line.
func called(p history.Plan) string {
	if p.Number == 0 {
		return "Plan"
	}
	return fmt.Sprintf("Amendment %d", p.Number)
}
