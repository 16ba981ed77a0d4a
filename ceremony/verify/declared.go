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
		if !s.Duplicate {
			j.doubt(j.v.Doubts(s.Person, nil))
		}
	}
	for _, s := range j.v.Signed.Statements {
		if s.Declaration == nil {
			continue
		}
		for _, by := range s.Signed {
			j.doubt(j.v.Doubts(by.Person, s.Declaration))
		}
		if len(s.Signed) == 0 { // its reader may know the signer
			_, doubt := j.v.steps(s.Name, s.Declaration)
			j.doubt(doubt)
		}
	}
}

func (j *signatureChecker) doubt(texts []string) {
	j.v.Signed.Doubtful = append(j.v.Signed.Doubtful, texts...)
}

// wasHere reports whether a person is in an attendance list.
func (v *Verdict) wasHere(person string) bool {
	return slices.ContainsFunc(v.History.People, func(p *history.Person) bool { return p.ID == person })
}

// Doubts says where the record does not bear out what a person declares; nil is that they
// were present throughout, as a signature on the manifest says.
func (v *Verdict) Doubts(who string, d *approval.Declaration) (out []string) {
	doubt := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	switch {
	case d == nil:
		if !v.wasHere(who) {
			doubt("%s declares to have been present throughout, but is in no attendance list of the record", who)
		}
	case d.What == approval.DeclaredPart:
		steps, doubts := v.steps(who, d)
		out = doubts
		if i := slices.IndexFunc(steps, func(st *history.Step) bool { return !v.hereAt(who, st) }); i >= 0 {
			doubt("%s declares to have been present from step %s to step %s, but is not in the attendance list at step %s", who, d.From, d.To, steps[i].Step)
		}
	case d.What == approval.DeclaredRecording:
		if v.wasHere(who) {
			doubt("%s declares to have watched the recording and not to have been present, but is in an attendance list", who)
		}
	case d.What == approval.DeclaredReceived:
		if v.wasHere(who) {
			doubt("%s declares to know nothing of the ceremony itself, but is in an attendance list", who)
		}
	case d.What == approval.DeclaredApproved:
		if v.wasHere(who) {
			doubt("%s declares to have been absent, but is in an attendance list", who)
		}
		if !v.approvedPlan(who) {
			doubt("%s declares to have approved the plan, but no approval is theirs", who)
		}
	}
	return out
}

// approvedPlan reports whether a person approved a plan, not only a profile or a site file.
func (v *Verdict) approvedPlan(who string) bool {
	return slices.ContainsFunc(v.Approved, func(p ApprovedPlan) bool {
		return slices.ContainsFunc(p.Approvals, func(a event.Approval) bool {
			return a.Person == who && a.Object == approval.PlanApproval.Rule()
		})
	})
}

// steps gives the steps for which somebody declares to have been present, if the ceremony
// had them. Whoever it is, they are compared.
func (v *Verdict) steps(who string, d *approval.Declaration) (steps []*history.Step, doubts []string) {
	if d.What != approval.DeclaredPart {
		return nil, nil
	}
	from, to := v.begun(d.From), v.begun(d.To)
	if !v.HadSteps(d.From, d.To) {
		return nil, []string{fmt.Sprintf("%s declares to have been present from step %s to step %s, but the ceremony had no such steps in this order", who, d.From, d.To)}
	}
	for _, st := range v.History.Steps {
		if st.Seq >= from.Seq && st.Seq <= to.Seq {
			steps = append(steps, st)
		}
	}
	return steps, nil
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
func (v *Verdict) hereAt(who string, st *history.Step) bool {
	here := false
	for _, m := range v.History.Moves {
		if m.Person == who && m.Session == st.Session && m.Seq < st.Seq {
			here = !m.Left
		}
	}
	return here
}

// scans names the papers whose scan nobody saw: the record has its digest, and the file is
// neither a late exhibit in the bundle nor one that was given. A file that was given is the
// scan of a paper, or a late exhibit.
func (j *signatureChecker) scans(given []string) {
	known := map[string]bool{}
	for _, e := range j.v.Exhibits {
		known[e.SHA256] = true
	}
	for _, p := range j.v.Approved {
		for _, a := range p.Approvals {
			known[a.ScanSHA256] = true
			if !a.OnPaper() || slices.Contains(given, a.ScanSHA256) || slices.ContainsFunc(j.v.Exhibits, func(e transcripts.Exhibit) bool {
				return !e.External && e.SHA256 == a.ScanSHA256
			}) {
				continue
			}
			j.v.Notices = append(j.v.Notices, fmt.Sprintf("scan not seen: the paper of %s about %s, SHA-256 %s; attach the file, or give it with --exhibit FILE", a.Person, a.File, a.ScanSHA256))
		}
	}
	for _, sum := range given {
		if !known[sum] {
			j.v.Notices = append(j.v.Notices, "the given exhibit with SHA-256 "+sum+" is the scan of no paper of this record, and no late exhibit")
		}
	}
}
