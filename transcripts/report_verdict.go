// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import "fmt"

// After is what people added to a bundle after it was closed, as they were
// verified.
type After struct {
	Signatures []string // who signed what
	Statements []StatementView
	Unsigned   []string // what is demanded and missing
	Doubtful   []string // declarations that the record does not bear out
}

// ok says that the record is whole, and signed by all whom the policy demands.
func (a After) ok(v *Verdict) bool { return v.OK() && len(a.Unsigned) == 0 }

// StatementView is what somebody said of the ceremony.
type StatementView struct {
	Who, Text, Problem string
	Disagree           bool
}

// ReportWithVerdict renders the report of a bundle that was verified, with the
// verdict on top. Problems that package verify found may be added to the
// verdict before. Tool names the program that verified; after is what people added
// when the bundle was closed.
func ReportWithVerdict(v *Verdict, tool string, after After) ([]byte, error) {
	r, err := newReport(v.History)
	if err != nil {
		return nil, err
	}
	r.Verdict = &verdictView{
		OK: after.ok(v), Anchored: after.ok(v) && v.IsAnchored(), Incomplete: v.Incomplete, Notices: v.Notices,
		Anchors: v.Anchored, Tool: tool, ManifestSHA256: v.ManifestSHA256, After: after,
	}
	for _, e := range v.Exhibits {
		view := exhibitView{Exhibit: e}
		if k := v.History.Key(e.Key); k != nil {
			view.KeyLabel = k.Label
		}
		for i := range r.Keys {
			if r.Keys[i].SPKISHA256 == e.Key {
				r.Keys[i].Exhibits = append(r.Keys[i].Exhibits, e)
			}
		}
		r.Verdict.Exhibits = append(r.Verdict.Exhibits, view)
	}
	const most = 100
	for i, p := range v.Problems {
		if i == most {
			r.Verdict.Problems = append(r.Verdict.Problems, fmt.Sprintf("and %d more", len(v.Problems)-most))
			break
		}
		r.Verdict.Problems = append(r.Verdict.Problems, p.String())
	}
	return r.html()
}

// exhibitView is an exhibit with the label of the key that it belongs to.
type exhibitView struct {
	Exhibit
	KeyLabel string
}
