// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
	"time"

	zlint "github.com/zmap/zlint/v3/lint"
)

// A requirement that takes effect between the signing and the end of the
// object's validity is announced: a notice that informs and never blocks.

// whileValid reports whether a date is between the signing and the end of the
// validity.
func whileValid(signing, from, expires time.Time) bool {
	return !signing.IsZero() && signing.Before(from) && !from.After(expires)
}

// announced turns problems into notices of what will be one.
func announced(ps []problem, from time.Time) []problem {
	ps = slices.DeleteFunc(ps, func(p problem) bool { return p.level == NotChecked })
	for i := range ps {
		ps[i].level, ps[i].takesEffect = Notice, from.UTC()
	}
	return ps
}

// announce goes by a rule that is not in effect yet. What cannot be checked
// because context is missing is left until the rule takes effect.
func (r *Rule) announce(t *target, from time.Time) []problem {
	if !whileValid(t.ctx.Signing, from, t.expires()) || len(t.missing(r)) > 0 {
		return nil
	}
	return announced(r.Check(t), from)
}

// since dates problems whose requirement is younger than their rule.
func since(from time.Time, ps []problem) []problem {
	for i := range ps {
		ps[i].from = from
	}
	return ps
}

// sinceAsked dates problems by the earliest of the documents that bind the object, and
// drops them where none does.
func (t *target) sinceAsked(docs packDates, ps []problem) []problem {
	if from := docs.among(t.purpose.Rules); !from.IsZero() {
		return since(from, ps)
	}
	return nil
}

// dated drops or announces problems whose requirement is not in effect yet.
func (t *target) dated(ps []problem) []problem {
	var out []problem
	for _, p := range ps {
		switch {
		case p.from.IsZero() || t.ctx.Signing.IsZero() || !t.ctx.Signing.Before(p.from):
			out = append(out, p)
		case whileValid(t.ctx.Signing, p.from, t.expires()):
			out = append(out, announced([]problem{p}, p.from)...)
		}
	}
	return out
}

// announce runs a lint of zlint that takes effect while the object is valid.
func (z *zrun) announce(m *zlint.LintMetadata, execute func() *zlint.LintResult) {
	if !whileValid(z.dates.signing, effective(m), z.dates.expires) {
		return
	}
	r := recovered(m.Name, execute)
	if r.Status != zlint.Notice && r.Status != zlint.Warn && r.Status != zlint.Error {
		return
	}
	f := z.finding(m, r, "")
	f.Status, f.TakesEffect = Notice, effective(m).UTC()
	z.report.Findings = append(z.report.Findings, f)
}
