// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"strings"

	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/lint/format"
)

// newTarget starts a target with empty lists, which JSON shows as such.
func newTarget(file, object string) format.Target {
	return format.Target{File: file, Object: object, Findings: []format.Finding{}, NotChecked: []format.NotChecked{}}
}

// notCheckedWithout is how package lint begins the details of a rule that
// lacked context.
const notCheckedWithout = "not checked without "

// take moves a report into a target. keep gives the place of a finding and
// whether it is wanted.
func (l *Linter) take(t *format.Target, r *lint.Report, keep func(*lint.Finding) (format.Place, bool)) {
	for i := range r.Findings {
		f := &r.Findings[i]
		place, ok := keep(f)
		switch {
		case !ok || !l.engine(f.Engine) && f.Status != lint.Fatal:
		case f.Status == lint.NotChecked && !f.Required:
			without := strings.TrimPrefix(f.Details, notCheckedWithout)
			t.NotChecked = append(t.NotChecked, format.NotChecked{Rule: f.Rule, Engine: f.Engine, Without: without})
		default:
			t.Findings = append(t.Findings, finding(f, place))
		}
	}
	for engine, c := range r.Ran {
		if l.engine(engine) {
			if t.Judged == nil {
				t.Judged = map[string]int{}
			}
			t.Judged[engine] += c.Judged
		}
	}
	t.Notes = append(t.Notes, r.Notes...)
}

// announced reports whether a rule is not in effect yet, and takes effect while
// the object is valid. Package lint sets such a finding aside, with the date.
func announced(f *lint.Finding) bool {
	return f.Status == lint.Notice && strings.HasPrefix(f.Suppressed, "takes effect on ")
}

// finding puts a finding of package lint into plain words.
func finding(f *lint.Finding, at format.Place) format.Finding {
	out := format.Finding{
		Rule: f.Rule, Engine: f.Engine, Level: string(f.Status), Message: f.Details, Citation: f.Citation,
		Requirement: f.Requirement, Field: f.Field, Place: at, Suppressed: f.Suppressed,
		Announced: announced(f),
	}
	if f.Required { // what a plan cannot judge is as bad as what it judges to be wrong
		out.Level = format.Error
	}
	if out.Message == "" {
		out.Message = f.Requirement
	}
	if w := f.Waived; w != nil {
		out.Waived = true
		out.Suppressed = w.Reason + " (" + w.Citation + "; " + w.Approver + ", until " + w.Expires.UTC().Format("2006-01-02") + ")"
	}
	return out
}

// own makes a finding of this room.
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

// place is where an issued object stands.
func (l *Linter) place(o *object) format.Place {
	return format.Place{File: o.file.Name, Line: o.line}
}

// profilePlace is the line of --profile that a field stands on.
func (l *Linter) profilePlace(field string) *format.Place {
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
func profileField(field string) string {
	switch field {
	case lint.FieldSubjectKey:
		return "key"
	case lint.FieldNumber:
		return "extension:crl-number"
	case lint.FieldThisUpdate:
		return "validity"
	case lint.FieldResponder:
		return "responder-id"
	}
	return field
}
