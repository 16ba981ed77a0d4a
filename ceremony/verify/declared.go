// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"fmt"
	"slices"

	"rootceremony/internal/approval"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// declarations compares what people declare with the record. Who says to have been
// present and is in no attendance list is named, and not refused: the record may have
// forgotten somebody, and the reader decides.
func (j *signatureChecker) declarations() {
	for _, s := range j.v.Signed.Manifest.Signed {
		if !j.wasHere(s.Person) && !s.Duplicate {
			j.doubt("%s declares to have been present throughout, but is in no attendance list of the record", s.Person)
		}
	}
	for _, s := range j.v.Signed.Statements {
		if s.Declaration == nil {
			continue
		}
		for _, by := range s.Signed {
			j.declaration(by.Person, s.Declaration)
		}
		if len(s.Signed) == 0 { // its reader may know the signer
			j.steps(s.Name, s.Declaration)
		}
	}
}

func (j *signatureChecker) doubt(format string, args ...any) {
	j.v.Signed.Doubtful = append(j.v.Signed.Doubtful, fmt.Sprintf(format, args...))
}

// wasHere reports whether a person is in an attendance list.
func (j *signatureChecker) wasHere(person string) bool {
	return slices.ContainsFunc(j.v.History.People, func(p *history.Person) bool { return p.ID == person })
}

// declaration compares one declaration with the record.
func (j *signatureChecker) declaration(who string, d *approval.Declaration) {
	switch d.What {
	case approval.DeclaredPart:
		for _, st := range j.steps(who, d) {
			if !j.hereAt(who, st) {
				j.doubt("%s declares to have been present from step %s to step %s, but is not in the attendance list at step %s", who, d.From, d.To, st.Step)
				return
			}
		}
	case approval.DeclaredRecording:
		if j.wasHere(who) {
			j.doubt("%s declares to have watched the recording and not to have been present, but is in an attendance list", who)
		}
	case approval.DeclaredApproved:
		if j.wasHere(who) {
			j.doubt("%s declares to have been absent, but is in an attendance list", who)
		}
		approved := slices.ContainsFunc(j.v.Approved, func(p ApprovedPlan) bool {
			return slices.ContainsFunc(p.Approvals, func(a event.Approval) bool { return a.Person == who })
		})
		if !approved {
			j.doubt("%s declares to have approved the plan, but no approval is theirs", who)
		}
	}
}

// steps gives the steps for which somebody declares to have been present, if the ceremony
// had them. Whoever it is, they are compared.
func (j *signatureChecker) steps(who string, d *approval.Declaration) (steps []*history.Step) {
	if d.What != approval.DeclaredPart {
		return nil
	}
	from, to := j.v.begun(d.From), j.v.begun(d.To)
	if !j.v.HadSteps(d.From, d.To) {
		j.doubt("%s declares to have been present from step %s to step %s, but the ceremony had no such steps in this order", who, d.From, d.To)
		return nil
	}
	for _, st := range j.v.History.Steps {
		if st.Seq >= from.Seq && st.Seq <= to.Seq {
			steps = append(steps, st)
		}
	}
	return steps
}

// begun gives the first attempt of a step; nil where it was not begun.
func (v *Verdict) begun(id string) *history.Step {
	i := slices.IndexFunc(v.History.Steps, func(s *history.Step) bool { return s.Step == id })
	if i < 0 {
		return nil
	}
	return v.History.Steps[i]
}

// HadSteps reports whether the ceremony had two steps, in this order.
func (v *Verdict) HadSteps(from, to string) bool {
	first, last := v.begun(from), v.begun(to)
	return first != nil && last != nil && last.Seq >= first.Seq
}

// hereAt reports whether a person was in the room when a step began.
func (j *signatureChecker) hereAt(who string, st *history.Step) bool {
	here := false
	for _, m := range j.v.History.Moves {
		if m.Person == who && m.Session == st.Session && m.Seq < st.Seq {
			here = !m.Left
		}
	}
	return here
}

// scans names the papers whose scan nobody saw: the record has its digest, and the file is
// neither a late exhibit in the bundle nor one that was given.
func (j *signatureChecker) scans(given []string) {
	for _, p := range j.v.Approved {
		for _, a := range p.Approvals {
			if !a.OnPaper() || slices.Contains(given, a.ScanSHA256) || slices.ContainsFunc(j.v.Exhibits, func(e transcripts.Exhibit) bool {
				return !e.External && e.SHA256 == a.ScanSHA256
			}) {
				continue
			}
			j.v.Notices = append(j.v.Notices, fmt.Sprintf("scan not seen: the paper of %s about %s, SHA-256 %s; attach the file, or give it with --exhibit FILE", a.Person, a.File, a.ScanSHA256))
		}
	}
}
