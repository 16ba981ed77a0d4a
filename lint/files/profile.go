// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"errors"
	"fmt"
	"slices"

	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/lint/format"
	"rootceremony/profiles"
)

// profile lints a profile: the file, then specimens of what it describes.
func (l *Linter) profile(f *File) (format.Target, error) {
	t := newTarget(f.Name, "profile")
	doc, err := source.Parse(f.Name, f.Data)
	var p profiles.Profile
	if err == nil || doc.Root().Present() {
		p, err = profiles.Parse(doc)
	}
	l.loader(&t, doc, err)
	if err != nil {
		return t, nil //nolint:nilerr // it is a finding
	}
	h := p.Head()
	t.Object, t.Kind, t.Packs = "profile "+h.Name, string(h.Kind), l.packs(h.Purpose.Rules)
	t.AsOf = "today"
	if !l.opts.At.IsZero() {
		t.AsOf = moment(l.opts.At) + " (--at)"
	}
	w, err := l.specimens()
	if err != nil {
		return t, fmt.Errorf("building specimens: %w", err)
	}
	found, err := l.variants(p, w, t.Packs)
	if err != nil {
		return t, fmt.Errorf("linting %s: %w", f.Name, err)
	}
	l.merge(&t, h, found)
	return t, nil
}

// loader turns the problems that a reader of YAML found into findings.
func (l *Linter) loader(t *format.Target, doc *source.Document, err error) {
	var problems source.Errors
	if errors.As(err, &problems) {
		for _, e := range problems {
			t.Findings = append(t.Findings, l.problem(doc, e, ruleYAML, format.Error))
		}
	} else if err != nil {
		t.Findings = append(t.Findings, l.own(ruleYAML, format.Error, "", err.Error(), format.Place{File: t.File}))
	}
	for _, e := range doc.Warnings() {
		t.Findings = append(t.Findings, l.problem(doc, e, ruleAmbiguous, format.Warning))
	}
}

func (l *Linter) problem(doc *source.Document, e *source.Error, rule, level string) format.Finding {
	f := l.own(rule, level, "", e.Msg, at(doc, e.Pos, e.Path))
	f.Hint, f.Citation = e.Hint, e.Citation // not that of the rule
	return f
}

// variant is one specimen of a profile with what was found on it.
type variant struct {
	name     string
	problems []profiles.Problem
	report   lint.Report
}

// variants makes specimens until each key, each signature and each end of the
// validity that the profile allows has occurred, and lints them.
func (l *Linter) variants(p profiles.Profile, w *specimenCAs, packs []string) ([]variant, error) {
	var out []variant
	for _, c := range choices(p) {
		v := variant{name: c.String()}
		s, problems, err := w.specimen(p, c, packs)
		if err != nil {
			return nil, err
		}
		if v.problems = problems; len(problems) == 0 {
			s.ctx.Affiliate = l.opts.Affiliate
			v.report = l.bulk.Check(s.obj, s.ctx, s.der)
		}
		out = append(out, v)
	}
	return out, nil
}

// merge puts the findings of all variants into a target, each once. What is not
// found on all of them says on which.
func (l *Linter) merge(t *format.Target, h *profiles.Head, found []variant) {
	type key struct{ rule, field, level string }
	in := map[key][]string{}
	for _, v := range found {
		one := newTarget(t.File, t.Object)
		for _, b := range v.problems {
			f := l.own(ruleBind, format.Error, b.Citation, b.Msg, l.placeIn(h, b.Field))
			f.Field, f.Hint = b.Field.String(), b.Hint
			one.Findings = append(one.Findings, f)
		}
		l.take(&one, &v.report, func(f *lint.Finding) (format.Place, *format.Place, bool) { return l.placeIn(h, f.Field), nil, true })
		for _, f := range one.Findings {
			k := key{f.Rule, f.Field, f.Level}
			if in[k] == nil {
				t.Findings = append(t.Findings, f)
			}
			if !slices.Contains(in[k], v.name) {
				in[k] = append(in[k], v.name)
			}
		}
		t.NotChecked = append(t.NotChecked, one.NotChecked...) // sorting takes repetitions out
		for _, n := range one.Notes {
			if !slices.Contains(t.Notes, n) {
				t.Notes = append(t.Notes, n)
			}
		}
		t.Evaluated = one.Evaluated
	}
	for i := range t.Findings {
		f := &t.Findings[i]
		if names := in[key{f.Rule, f.Field, f.Level}]; len(names) > 0 && len(names) < len(found) {
			f.Of = names
		}
	}
}

// placeIn is the line of a profile that a field is on.
func (l *Linter) placeIn(h *profiles.Head, field profiles.Field) format.Place {
	pos, path := h.Pos(profileField(field))
	return at(h.Doc, pos, path)
}
