// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// RevokedBy gives what the lists of a bundle revoke. Each came with the approvals of a
// plan or of another site file; what it takes back stays so in all that comes after it.
func RevokedBy(h *history.History, read func(name string) ([]byte, error)) (*approval.Revocations, error) {
	var folders []string
	for _, p := range h.Plans {
		folders = append(folders, folderOf(p))
	}
	for _, s := range h.Sites {
		if s.Number > 0 {
			folders = append(folders, s.Folder())
		}
	}
	var all *approval.Revocations
	for _, folder := range folders {
		name := plan.ApprovalsFolder(folder) + "/" + approval.RevocationsFile
		data, err := read(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		var r *approval.Revocations
		if err == nil {
			r, err = approval.ParseRevocations(name, data)
		}
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		all = all.With(r)
	}
	return all, nil
}

// folderOf is the folder of a plan in the bundle.
func folderOf(p history.Plan) string {
	if p.Number == 0 {
		return plan.Folder
	}
	return event.AmendmentFolder(p.Number)
}

// revokedBefore gives what was revoked before a plan was in force, but for its own list.
func (v *Verdict) revokedBefore(p history.Plan) (*approval.Revocations, error) {
	if p.Number == 0 {
		return nil, nil
	}
	return RevokedBy(history.Of(v.Records[:p.Seq-1]), v.readInput)
}

func (v *Verdict) readInput(name string) ([]byte, error) { return v.ReadFile(name, plan.MaxInput) }

// revocations are those of the bundle and those that were given: a list from outside
// takes back more, and gives nothing back.
func (v *Verdict) revocations() *approval.Revocations {
	r, err := RevokedBy(v.History, v.readInput)
	if err != nil {
		v.problem(plan.Folder, "%v", err)
	}
	return r.With(v.given)
}

// checkTakenBack compares with the list from outside what nobody approved by signatures:
// plans, their profiles, and site files. It is compared with approvals otherwise.
func (v *Verdict) checkTakenBack() {
	if v.given == nil {
		return
	}
	nobody := v.CurrentPlan().Plan.Approval == plan.ApprovalNone || v.Mode == event.Rehearsal
	for i, p := range v.plans {
		said := v.History.Approvals
		if !nobody && (i >= len(said) || said[i].Event.Class != event.ApprovedByException) {
			continue
		}
		name := p.recorded.Name()
		v.takenBack(p.folder+"/plan.json", name, p.recorded.SHA256, p.recorded.Seq)
		objects, _ := p.ResolvedProfiles() // what fails is said where they are compared
		for _, o := range objects {
			v.takenBack(plan.ResolvedPath(p.folder, o.Name), o.Name+" of "+name, plan.SHA256Hex(o.Data), p.recorded.Seq)
		}
	}
	for _, s := range v.History.Sites {
		if nobody && s.Number == 0 || s.Number > 0 && s.Changed.Approved == nil {
			v.takenBack(s.Folder()+"/site.json", "site file", s.SHA256, s.Seq)
		}
	}
}

// takenBack says that the list from outside revokes an object that is in force since a line.
func (v *Verdict) takenBack(where, name, sha256 string, seq int) {
	switch r := v.given.Object(sha256); {
	case r == nil:
	case r.Time.After(v.Records[max(seq, 1)-1].Time):
		v.noticeOnce(fmt.Sprintf("%s: it was revoked later, at %s: %s", name, r.Time.Format(time.RFC3339), r.Reason))
	default:
		v.problem(where, "by the given list it was revoked at %s: %s", r.Time.Format(time.RFC3339), r.Reason)
	}
}

// givenRevocations are those from outside; nil where there are none.
func (v *Verdict) givenRevocations(o Options) *approval.Revocations {
	if o.Revocations == nil {
		return nil
	}
	r, err := approval.ParseRevocations("", o.Revocations)
	if err != nil {
		v.problem("the given revocations", "%v", err)
	}
	return r
}
