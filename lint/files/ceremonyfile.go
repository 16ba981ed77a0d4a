// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"context"
	"errors"
	"fmt"

	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/lint/format"
)

// ceremony plans a ceremony file as "ceremony plan" does, at both ends of its
// own window.
func (l *Linter) ceremony(ctx context.Context, f *File) (format.Target, error) {
	t := newTarget(f.Name, "ceremony file")
	p, err := l.opts.Planner.Plan(ctx, f.Name, f.Data, l.opts.Rand)
	var problems source.Errors
	switch {
	case errors.As(err, &problems):
		doc, _ := source.Parse(f.Name, f.Data) // the planner reports its problems
		l.loader(&t, doc, err)
		return t, nil // it is a finding
	case err != nil:
		return t, fmt.Errorf("planning %s: %w", f.Name, err)
	}
	t.Object, t.AsOf = "ceremony "+p.ID, "both ends of its window"
	for i := range p.Reports {
		before := len(t.Findings)
		l.take(&t, &p.Reports[i], func(f *lint.Finding) (format.Place, *format.Place, bool) {
			return at(f.Place.Doc, f.Place.Pos, f.Place.Path), nil, true
		})
		for j := before; j < len(t.Findings); j++ {
			t.Findings[j].Artifact = p.Reports[i].Artifact
		}
	}
	for _, e := range p.Waivers {
		t.Findings = append(t.Findings, l.problem(p.Doc, e, ruleWaiver, format.Error))
	}
	return t, nil
}

// site reads a site file.
func (l *Linter) site(f *File) format.Target {
	t := newTarget(f.Name, "site file")
	doc, _ := source.Parse(f.Name, f.Data) // the planner reports its problems
	err := l.opts.Planner.Site(f.Name, f.Data)
	l.loader(&t, doc, err)
	return t
}
