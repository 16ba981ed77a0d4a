// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/lint/format"
)

// ceremony plans a ceremony file as "ceremony plan" does, at both ends of its
// own window.
func (l *Linter) ceremony(ctx context.Context, f *File) (format.Target, error) {
	t := newTarget(f.Name, "ceremony file")
	doc, _ := source.Parse(f.Name, f.Data) // the planner reports its problems
	p, err := l.opts.Planner.Plan(ctx, f.Name, f.Data, l.opts.Rand)
	var problems source.Errors
	switch {
	case errors.As(err, &problems):
		l.loader(&t, doc, err)
		return t, nil // it is a finding
	case err != nil:
		return t, fmt.Errorf("planning %s: %w", f.Name, err)
	}
	t.Object, t.AsOf = "ceremony "+p.ID, "both ends of its window"
	l.previewed(&t, doc, p)
	return t, nil
}

// previewed takes the findings of a plan. The plan places those that block; a
// problem without a finding is one of a waiver.
func (l *Linter) previewed(t *format.Target, doc *source.Document, p *Planned) {
	used := make([]bool, len(p.Problems))
	for i := range p.Reports {
		artifact := p.Reports[i].Artifact
		before := len(t.Findings)
		l.take(t, &p.Reports[i], func(f *lint.Finding) (format.Place, bool) {
			return l.planned(doc, p.Problems, used, f), true
		})
		for j := before; j < len(t.Findings); j++ {
			t.Findings[j].Artifact, t.Findings[j].Hint = artifact, hintAt(p.Problems, &t.Findings[j])
		}
	}
	for i, e := range p.Problems {
		if !used[i] {
			t.Findings = append(t.Findings, l.problem(l.document(doc, e), e, ruleWaiver, format.Error))
		}
	}
}

// hintAt gives what the plan advises for a finding at its place.
func hintAt(problems source.Errors, f *format.Finding) string {
	for _, e := range problems {
		if e.Pos.Line == f.Place.Line && e.Pos.Column == f.Place.Column && strings.Contains(e.Msg, f.Rule) {
			return e.Hint
		}
	}
	return ""
}

// planned finds the place that the plan gives to a finding: its problem begins
// with artifact, status and rule, and holds the same words.
func (l *Linter) planned(doc *source.Document, problems source.Errors, used []bool, f *lint.Finding) format.Place {
	words := f.Details
	if words == "" {
		words = f.Requirement
	}
	msg := fmt.Sprintf("%s: %s: %s: %s (%s)", f.Artifact, f.Status, f.Rule, words, f.Citation)
	i := slices.IndexFunc(problems, func(e *source.Error) bool { return e.Msg == msg })
	if i < 0 {
		return format.Place{File: doc.Name}
	}
	for j, e := range problems {
		used[j] = used[j] || e.Msg == msg
	}
	e := problems[i]
	return at(l.document(doc, e), e.Pos, e.Path)
}

// document is the ceremony file, or the profile in which a problem stands.
func (l *Linter) document(doc *source.Document, e *source.Error) *source.Document {
	if e.Pos.File == doc.Name {
		return doc
	}
	data, err := read(e.Pos.File)
	if err != nil {
		return nil // shown without its line
	}
	other, _ := source.Parse(e.Pos.File, data) // its problems were reported
	return other
}

// site reads a site file.
func (l *Linter) site(f *File) format.Target {
	t := newTarget(f.Name, "site file")
	doc, _ := source.Parse(f.Name, f.Data) // the planner reports its problems
	err := l.opts.Planner.Site(f.Name, f.Data)
	l.loader(&t, doc, err)
	return t
}
