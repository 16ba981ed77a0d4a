// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"time"

	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/lint/format"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// newTarget starts a target with empty lists, which JSON shows as such.
func newTarget(file, object string) format.Target {
	return format.Target{File: file, Object: object, Findings: []format.Finding{}, NotChecked: []format.NotChecked{}}
}

// take moves a report into a target. keep gives the place of a finding, another
// one that it is about or none, and whether it is wanted.
func (l *Linter) take(t *format.Target, r *lint.Report, keep func(*lint.Finding) (at format.Place, related *format.Place, wanted bool)) {
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Twice && !l.engine(lint.EngineCeremony) {
			f.Suppressed = "" // what tells the same is not shown
		}
		place, related, ok := keep(f)
		switch {
		case !ok || !l.engine(f.Engine) && f.Status != lint.Fatal:
		case f.Absent == lint.AbsentUntilSigned: // of what is linted here nothing has a signature yet, or all has one
		case f.Status == lint.NotChecked && !f.Required:
			t.NotChecked = append(t.NotChecked, format.NotChecked{Rule: f.Rule, Engine: f.Engine, Without: needs(f)})
		default:
			t.Findings = append(t.Findings, finding(f, place, related))
		}
	}
	for engine, c := range r.Ran {
		if l.engine(engine) {
			if t.Evaluated == nil {
				t.Evaluated = map[string]int{}
			}
			t.Evaluated[engine] += c.Evaluated
		}
	}
	t.Notes = append(t.Notes, r.Notes...)
}

// fold tells once what is found in many entries of a CRL: the first, and how many
// others there are.
func fold(r *lint.Report) {
	type kind struct {
		rule, sentence string
		status         lint.Status
		aside          bool
	}
	first := map[kind]int{}
	var out []lint.Finding
	for _, f := range r.Findings {
		k := kind{f.Rule, f.Kind, f.Status, f.SetAside()}
		i, seen := first[k]
		if seen && f.Kind != "" {
			out[i].More++
			continue
		}
		first[k] = len(out)
		out = append(out, f)
	}
	r.Findings = out
}

// needs lists what a rule lacked.
func needs(f *lint.Finding) (out []string) {
	for _, n := range f.Lacks {
		out = append(out, string(n))
	}
	return out
}

// finding puts a finding of package lint into plain words.
func finding(f *lint.Finding, at format.Place, related *format.Place) format.Finding {
	out := format.Finding{
		Rule: f.Rule, Engine: f.Engine, Level: string(f.Status), Message: f.Text(), Citation: f.Citation,
		Requirement: f.Requirement, Field: f.Field.String(), Place: at, Related: related, Hint: f.Hint, Without: needs(f), Suppressed: f.Suppressed, More: f.More,
	}
	if f.Announced() {
		out.TakesEffect = f.TakesEffect.Format(time.DateOnly)
	}
	if f.Required { // what a plan cannot check is as bad as an error
		out.Level = format.Error
	}
	if w := f.Waived; w != nil {
		out.Waived = &format.Waiver{Reason: w.Reason, Citation: w.Citation, Approver: w.Approver}
		if w.Lacks == "" {
			out.Waived.Expires = w.Expires.UTC().Format(time.DateOnly)
		}
	}
	return out
}

// own makes a finding of this package.
func (l *Linter) own(rule, level, citation, message string, at format.Place) format.Finding {
	f := format.Finding{
		Rule: rule, Engine: lint.EngineCeremony, Level: level, Citation: citation, Message: message, Place: at,
	}
	if r, ok := l.ruleOf(rule); ok {
		f.Requirement = r.Requirement
		if citation == "" {
			f.Citation = r.Citation
		}
	}
	return f
}

// place is where an issued object is.
func (l *Linter) place(o *object) format.Place {
	return format.Place{File: o.file.Name, Line: o.line, Path: o.part}
}

// profilePlace is the line of --profile that a field is on.
func (l *Linter) profilePlace(field profiles.Field) *format.Place {
	h := l.opts.Profile.Head()
	pos, path := h.Pos(profileField(field))
	p := at(h.Doc, pos, path)
	return &p
}

// at is a place in a YAML file, with the line and a caret.
func at(doc *source.Document, pos source.Pos, path string) format.Place {
	p := format.Place{File: pos.File, Line: pos.Line, Column: pos.Column, Path: path}
	if doc != nil {
		p.Caret = doc.Caret(&source.Error{Pos: pos})
	}
	return p
}

// profileField gives the name that a profile has for a field of a finding.
func profileField(field profiles.Field) profiles.Field {
	switch field {
	case lint.FieldSubjectKey:
		return lint.FieldKey
	case lint.FieldNumber:
		return profiles.Field{Extension: ext.NameCRLNumber}
	case lint.FieldThisUpdate:
		return lint.FieldValidity
	case lint.FieldResponder:
		return profiles.Field{Member: "responder-id"}
	}
	return field
}
