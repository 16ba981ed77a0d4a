// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"cmp"
	"fmt"
	"io"
	"math/big"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"rootceremony/profiles"
)

// Rule is one of our own rules: a value, with what it cites.
type Rule struct {
	ID          string // stable, and carries no severity
	Level       Status // of a problem that names none itself
	Citation    string
	Requirement string    // quoted
	From        time.Time // in force for what is signed from then on
	Kinds       []profiles.Kind
	Packs       []string // in force for profiles that name one of them; empty: always
	// Since replaces From and Packs where the documents ask for it since different
	// days: those that the profile names count, and the earliest of them.
	Since packDates
	// House says of a rule that no document asks for why we have it. Advice is
	// never more than a warning. Asked are the days since which documents do ask for it.
	House House
	Asked packDates
	Needs []Need // context without which the rule is not checked
	// Declared marks a rule that only says that the object is not what was
	// declared. It cannot be waived.
	Declared bool
	// Intent marks a rule that holds an object to what its profile says it is
	// for. An error of it cannot be waived: the profile would have to say
	// something else.
	Intent bool
	// Later marks a rule about what the key of the object signs afterwards:
	// that it was not checked blocks nothing yet.
	Later bool
	// Record says what of the record a finding contradicts, under any version
	// of the rules: a bundle with such an object is invalid.
	Record Record
	// Applies narrows Kinds; nil means always.
	Applies func(t *target) bool
	Check   func(t *target) []problem
}

// problem is what a rule found: a finding without what the rule says of itself.
type problem struct {
	level       Status // zero: the level of the rule
	field       profiles.Field
	details     string
	kind        string    // the sentence without serial numbers, names and times
	sense       string    // the sentence as it is compared with others
	cites       string    // the clause, where it is one of those of the rule
	from        time.Time // when the requirement is younger than the rule
	house       House     // why there is this part of the rule, for which no document asks
	takesEffect time.Time // when it is only announced
	lacks       []Need    // of what could not be checked
}

// fault makes the one problem most checks end with.
func fault(field profiles.Field, format string, args ...any) []problem {
	s := fmt.Sprintf(format, inOctets(args)...)
	return []problem{{field: field, details: s, sense: s, kind: kindOf(format, args)}}
}

// inOctets gives arguments with serial numbers as openssl and certificates spell them, in
// whole octets: who compares them finds the same text.
func inOctets(args []any) []any {
	out := slices.Clone(args)
	for i, a := range out {
		if n, is := a.(*big.Int); is && n != nil {
			out[i] = octets{n}
		}
	}
	return out
}

// octets is a number whose %x has a zero before an odd number of digits.
type octets struct{ *big.Int }

// Format implements [fmt.Formatter].
func (o octets) Format(f fmt.State, verb rune) {
	if text := o.Text(16); verb == 'x' && o.Sign() >= 0 && len(text)%2 == 1 {
		_, _ = io.WriteString(f, "0") // a buffer takes it
	}
	o.Int.Format(f, verb)
}

// kindOf tells problems apart that many parts of an object have: by the sentence, and
// by the codes in it.
func kindOf(format string, args []any) string {
	for _, a := range args {
		if code, ok := a.(int); ok {
			format += fmt.Sprintf(" %d", code)
		}
	}
	return format
}

// lacksContext says what a rule would need.
func lacksContext(field profiles.Field, needs ...Need) []problem {
	return []problem{{level: NotChecked, field: field, lacks: needs}}
}

// at gives the problems another level.
func at(level Status, ps []problem) []problem {
	for i := range ps {
		ps[i].level = level
	}
	return ps
}

// outcome is the outcome of one rule.
type outcome int

const (
	checked outcome = iota
	notApplicable
	notInEffect
	notChecked
)

// run applies one rule. A panic is a fatal problem, so that one broken rule
// neither passes nor hides the others.
func (r *Rule) run(t *target) (ps []problem, o outcome) {
	defer func() {
		if p := recover(); p != nil {
			ps = []problem{{level: Fatal, details: fmt.Sprintf("%s panicked: %v", r.ID, p)}}
			o = checked
		}
	}()
	switch {
	case !slices.Contains(r.Kinds, t.obj.Kind()), r.House == HouseConflicts && r.isHouse(t) && t.ctx.Published:
		return nil, notApplicable
	case r.Applies != nil && !r.Applies(t):
		return nil, notApplicable
	case !r.inPacks(t.purpose.Rules) && r.inPacks(t.maybe()):
		return lacksContext(profiles.Field{}, NeedScope), notChecked
	case !r.inPacks(t.purpose.Rules):
		return nil, notApplicable
	}
	if from := r.since(t.purpose.Rules); !from.IsZero() && !t.ctx.Signing.IsZero() && t.ctx.Signing.Before(from) {
		return r.announce(t, from), notInEffect
	}
	if missing := t.missing(r); len(missing) > 0 {
		return lacksContext(profiles.Field{}, missing...), notChecked
	}
	return t.dated(r.Check(t)), checked
}

// inPacks reports whether a profile with these packs is subject to the rule.
func (r *Rule) inPacks(packs []string) bool {
	if len(r.Since) > 0 {
		return slices.ContainsFunc(packs, func(p string) bool { return !r.Since[p].IsZero() })
	}
	return len(r.Packs) == 0 || slices.ContainsFunc(r.Packs, func(p string) bool { return slices.Contains(packs, p) })
}

// finding completes a problem.
func (r *Rule) finding(t *target, p problem) Finding {
	level := r.Level
	if p.level != "" {
		level = p.level
	}
	citation := cmp.Or(p.cites, t.cited(r.Citation))
	if p.house != "" || r.isHouse(t) {
		citation = citeHouse
	}
	if (p.house == HouseAdvice || r.House == HouseAdvice && r.isHouse(t)) && level == Error {
		level = Warning
	}
	f := Finding{
		Rule: r.ID, Engine: EngineCeremony, Status: level, Kind: p.kind, Sense: p.sense,
		Citation: citation, Requirement: r.Requirement, Details: p.details,
		Artifact: t.obj.Artifact, Field: p.field, TakesEffect: p.takesEffect, Lacks: p.lacks, Record: r.Record,
	}
	if level == NotChecked {
		f.Record, f.Absent = "", absenceOf(p.lacks) // it found nothing
	}
	if !r.From.IsZero() || len(r.Since) > 0 {
		f.When = AtSigning
	}
	return f
}

// result is the outcome of one rule.
type result struct {
	problems []problem
	outcome  outcome
}

// runOwn applies all own rules and adds what they found to the report: side by
// side when keys are looked into, which takes time; one after another where
// profiles are checked in bulk, whose caller takes several at once.
func runOwn(t *target, rules []Rule, report *Report) {
	results := make([]result, len(rules))
	var next atomic.Int64
	work := func() {
		for i := next.Add(1) - 1; i < int64(len(rules)); i = next.Add(1) - 1 {
			results[i].problems, results[i].outcome = rules[i].run(t)
		}
	}
	var workers sync.WaitGroup
	for range t.workers() - 1 {
		workers.Go(work)
	}
	work() // here, on a stack that has grown already
	workers.Wait()
	var count Count
	for i, r := range results {
		count.add(r.outcome)
		for _, p := range r.problems {
			report.Findings = append(report.Findings, rules[i].finding(t, p))
		}
	}
	report.Ran[EngineCeremony] = count
}

// workers is how many rules are checked at once.
func (t *target) workers() int {
	if t.keys != nil {
		return runtime.GOMAXPROCS(0)
	}
	return 1
}

// add counts one outcome.
func (c *Count) add(o outcome) {
	switch o {
	case checked:
		c.Evaluated++
	case notApplicable:
		c.NotApplicable++
	case notInEffect:
		c.NotInEffect++
	case notChecked:
		c.NotChecked++
	}
}
