// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"io/fs"
	"time"

	"rootceremony/internal/approval"
)

// ApprovalCase is a plan with all that a policy may want approved with it.
func (p *Preview) ApprovalCase(site []byte, approvals fs.FS, at time.Time) (approval.PlanCase, error) {
	resolved, err := p.ResolvedProfiles()
	return approval.PlanCase{Plan: p.Canonical, Site: site, Profiles: resolved, Folder: approvals, At: at}, err
}
