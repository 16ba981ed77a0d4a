// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"slices"
	"strings"

	"rootceremony/ceremony/verify"
	"rootceremony/internal/approval"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// signature is one good signature of a person.
type signature struct {
	File        string   `json:"file"`
	Meaning     string   `json:"meaning"` // manifest, review or exhibit
	Person      string   `json:"person"`
	Org         string   `json:"org"`
	Roles       []string `json:"roles"`
	Fingerprint string   `json:"fingerprint"`
	Pinned      bool     `json:"pinned"` // the policy that knows the key is vouched for from outside
}

// approved is one person's approval of one file.
type approved struct {
	Plan string `json:"plan"` // plan, or amendment or site change and its number
	event.Approval
}

// statement is what somebody said about the ceremony.
type statement struct {
	File     string   `json:"file"`
	Disagree bool     `json:"disagree"`
	Text     string   `json:"text"`
	Declares string   `json:"declares,omitempty"` // how the signer knows of the ceremony
	Signed   []string `json:"signed_by"`
	Problem  string   `json:"problem,omitempty"` // why nobody should rely on it
}

// exhibit is a file that came late.
type exhibit struct {
	Number   int    `json:"number"`
	File     string `json:"file"`
	External bool   `json:"external"`
	SHA256   string `json:"sha256"`
	What     string `json:"what"`
	Step     string `json:"step,omitempty"`
	Key      string `json:"key,omitempty"` // SHA-256 of the public key that it belongs to
	KeyLabel string `json:"key_label,omitempty"`
	KeyNote  string `json:"key_note,omitempty"` // that nothing in it was looked at
	By       string `json:"by"`
}

// addPeople fills in what people added after the ceremony, and how often they
// departed from the plan in it.
func (a *answer) addPeople(v *verify.Verdict) {
	a.Approvals, a.Signatures, a.Statements, a.Exhibits = []approved{}, []signature{}, []statement{}, []exhibit{}
	for _, p := range v.Approved {
		for _, by := range p.Approvals {
			a.Approvals = append(a.Approvals, approved{p.Plan, by})
		}
	}
	a.Deviations, a.Amendments = []deviation{}, len(v.History.Amendments())
	for _, d := range v.History.Deviations {
		a.Deviations = append(a.Deviations, deviation{d.Seq, d.Step, d.Event.Expected, d.Event.Happened, d.Event.Decision, append([]string{}, d.Event.DecidedBy...)})
	}
	add := func(meaning string, signed []approval.Approval) {
		for _, s := range signed {
			a.Signatures = append(a.Signatures, signature{s.Name, meaning, s.Person, s.Org, s.Roles, s.Fingerprint, v.Signed.Pinned})
		}
	}
	add("manifest", v.Signed.Manifest.Signed)
	add("review", v.Signed.Reviews.Signed)
	add("exhibit", v.Signed.Exhibits)
	for _, s := range v.Signed.Statements {
		view := statement{File: s.Name, Disagree: s.Disagree, Text: s.Text, Signed: signers(s), Problem: s.Problem}
		if s.Declaration != nil {
			view.Declares = s.Declaration.Says()
		}
		a.Statements = append(a.Statements, view)
	}
	for _, e := range v.Exhibits {
		view := exhibit{Number: e.Number, File: e.File, External: e.External, SHA256: e.SHA256, What: e.What, Step: e.Step, Key: e.Key, By: e.By}
		if e.Key != "" {
			view.KeyNote = transcripts.NotVerified
		}
		if k := v.History.Key(e.Key); k != nil {
			view.KeyLabel = k.Label
		}
		a.Exhibits = append(a.Exhibits, view)
	}
	a.Doubtful = append([]string{}, v.Signed.Doubtful...)
	a.Incomplete, a.unsigned = append(a.Incomplete, v.Unsigned...), len(v.Unsigned) > 0
}

// approvedBy says in a line for each group of people what they approved.
func approvedBy(all []approved) []string {
	var lines []string
	by, files := map[string][]string{}, []string{}
	for _, a := range all {
		file := a.File
		if a.Plan != "plan" {
			file = a.File + " of " + a.Plan
		}
		if by[file] == nil {
			files = append(files, file)
		}
		who := a.Person
		if a.OnPaper() {
			who += " (on paper)"
		}
		by[file] = append(by[file], who)
	}
	for len(files) > 0 {
		who := strings.Join(by[files[0]], ", ")
		same := func(f string) bool { return strings.Join(by[f], ", ") == who }
		var about []string
		for _, f := range files {
			if same(f) {
				about = append(about, f)
			}
		}
		lines = append(lines, who+": "+strings.Join(about, ", "))
		files = slices.DeleteFunc(files, same)
	}
	return lines
}

func signers(s approval.Statement) []string {
	names := []string{}
	for _, by := range s.Signed {
		if !slices.Contains(names, by.Person) {
			names = append(names, by.Person)
		}
	}
	return names
}

// writePeople shows the same, and dissent always.
func (a *answer) writePeople(row func(name, text string)) {
	by := map[string][]string{}
	for _, s := range a.Signatures {
		if !slices.Contains(by[s.Meaning], s.Person) {
			by[s.Meaning] = append(by[s.Meaning], s.Person)
		}
	}
	for _, m := range []struct{ meaning, says string }{
		{"manifest", "declared that the record is true"}, {"review", "reviewed the bundle"}, {"exhibit", "signed late exhibits"},
	} {
		if names := by[m.meaning]; len(names) > 0 {
			row("signed", strings.Join(names, ", ")+" "+m.says)
		}
	}
	if len(a.Signatures) > 0 && !a.Signatures[0].Pinned {
		row("signed", "by keys of an unanchored policy: nothing outside the bundle vouches for it")
	}
	for _, s := range a.Statements {
		row(s.row())
	}
	for _, e := range a.Exhibits {
		text := fmt.Sprintf("%d: %s, added by %s", e.Number, e.What, e.By)
		if e.Step != "" {
			text += ", for step " + e.Step
		}
		if e.Key != "" {
			text += fmt.Sprintf("; it belongs to key %s, SHA-256 %s: %s", e.KeyLabel, e.Key, e.KeyNote)
		}
		row("exhibit", text)
	}
}

func (s statement) row() (name, text string) {
	name = "statement"
	if s.Disagree {
		name = "DISSENT"
	}
	who := strings.Join(s.Signed, ", ")
	if who == "" {
		who = s.File
	}
	if s.Problem != "" { // before the text, which may be long enough to hide it
		who += " (do not rely on it: " + s.Problem + ")"
	}
	return name, who + ": " + s.said()
}

// after is what the report shows of the same.
func after(v *verify.Verdict) transcripts.After {
	a := newAnswer(v, true, false)
	out := transcripts.After{Unsigned: v.Unsigned, Doubtful: v.Signed.Doubtful}
	for _, s := range a.Signatures {
		text := fmt.Sprintf("%s (%s) signed %s, key %s", s.Person, strings.Join(append([]string{s.Org}, s.Roles...), ", "), s.File, s.Fingerprint)
		if !s.Pinned {
			text += ", by an unanchored policy"
		}
		out.Signatures = append(out.Signatures, text)
	}
	for _, s := range a.Statements {
		who := strings.Join(s.Signed, ", ")
		if who == "" {
			who = s.File
		}
		out.Statements = append(out.Statements, transcripts.StatementView{Who: who, Text: s.said(), Problem: s.Problem, Disagree: s.Disagree})
	}
	return out
}

// said is what a person declares, and adds in their own words.
func (s statement) said() string {
	if s.Declares == "" || s.Text == "" {
		return s.Declares + s.Text
	}
	return s.Declares + ". " + s.Text
}
