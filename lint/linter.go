// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"cmp"
	"fmt"
	"slices"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// Options configure a linter.
type Options struct {
	// KeyLints turns on the zlint lints that cost more than all others together
	// and look only at keys and signatures, and our own checks of that kind.
	// They are on for what is issued and off where profiles are checked in
	// bulk.
	KeyLints bool
	// Waivers are applied by Clear and Issued, as of the signing time. Check
	// leaves them to [ApplyWaivers], which also says what is wrong with them.
	Waivers []Waiver
}

// Linter checks objects. It is safe for concurrent use.
type Linter struct {
	zlint   zlintEngine
	rules   []Rule
	keys    *keyMemory // nil without KeyLints
	waivers []Waiver
}

// New makes a linter. The registries of zlint are built once a process.
func New(opts Options) (*Linter, error) {
	engine, err := zlintEngines[opts.KeyLints]()
	if err != nil {
		return nil, err
	}
	l := &Linter{zlint: engine, rules: ownRules(), waivers: append([]Waiver(nil), opts.Waivers...)}
	if opts.KeyLints {
		l.keys = &keysLooked
	}
	return l, nil
}

// Check checks a complete signed, or specimen-signed, object.
func (l *Linter) Check(obj Object, ctx Context, der []byte) Report {
	return l.lint(&obj, &ctx, der, lintMode{static: ctx.Specimen})
}

// Key checks a bare public key, as key.quality does, before there is an object
// that it is in: name is what findings are about.
func (l *Linter) Key(name string, spki []byte) []Finding {
	i := slices.IndexFunc(l.rules, func(r Rule) bool { return r.ID == ruleKeyQuality })
	t := &target{obj: &Object{Artifact: name}, ctx: &Context{}, purpose: &profiles.Purpose{}, spki: spki, keys: l.keys}
	key, err := parseKey(spki)
	if err != nil {
		return []Finding{l.rules[i].finding(t, problem{level: Fatal, field: FieldKey, details: err.Error()})}
	}
	t.key = key
	var out []Finding
	for _, p := range checkKeyQuality(t) {
		out = append(out, l.rules[i].finding(t, p))
	}
	return out
}

// lintMode is what an object is linted for.
type lintMode struct {
	static  bool   // the signature is none
	cleared []byte // the bytes that were cleared; nil before the signature
}

// lint runs both engines.
func (l *Linter) lint(obj *Object, ctx *Context, der []byte, o lintMode) Report {
	report := newReport(obj.Artifact)
	t, err := newTarget(obj, ctx, der)
	if err != nil {
		report.add(unread(Fatal, inspect.FaultOf(obj.Kind().Form(), err)))
		return report
	}
	notes := report.foreignFaults(t.faults)
	t.static, t.cleared, t.keys, t.zlint = o.static, o.cleared, l.keys, l.zlint
	runOwn(t, l.rules, &report)
	l.zlint.run(t, &report)
	report.Notes = append(notes, report.Notes...)
	suppress(obj, report.Findings)
	tellOnce(report.Findings)
	report.sort()
	return report
}

// ruleParse is found when an object cannot be read at all or, of one that somebody else
// made, when reading it forgave a fault.
const ruleParse = "object.parse"

// readable is what it asks for.
const readable = "the object is what its ASN.1 module has, in DER, and two parsers that agree can read it; one that somebody else made is linted as far as it can be understood (an error)"

// unread is what one parser, or both, do not read.
func unread(level Status, f inspect.Fault) Finding {
	return Finding{
		Rule: ruleParse, Engine: EngineCeremony, Status: level, Citation: cmp.Or(f.Clause, citeHouse),
		Requirement: readable, Details: f.Text, Sense: f.Text, Field: FieldEncoding,
	}
}

// foreignFaults tells what reading what somebody else made forgave. What one parser does
// not support is no fault of it, and there is no second opinion on it.
func (r *Report) foreignFaults(faults []inspect.Fault) (notes []string) {
	for _, f := range faults {
		if !f.Unsupported {
			r.add(unread(Error, f))
			continue
		}
		notes = append(notes, "one parser alone reads it: "+f.Text)
		n := unread(NotChecked, f)
		n.Lacks, n.Absent = []Need{NeedSecondParser}, AbsentLacking
		r.add(n)
	}
	return notes
}

// newReport starts an empty report.
func newReport(artifact string) Report {
	return Report{
		Artifact: artifact, Findings: []Finding{}, Ran: map[string]Count{}, Versions: Versions(),
	}
}

// add appends a finding about the report's artifact.
func (r *Report) add(f Finding) {
	f.Artifact = r.Artifact
	r.Findings = append(r.Findings, f)
}

// fatal appends a finding that cannot be waived.
func (r *Report) fatal(rule, requirement, format string, args ...any) {
	r.add(Finding{
		Rule: rule, Engine: EngineCeremony, Status: Fatal, Citation: "house",
		Requirement: requirement, Details: fmt.Sprintf(format, args...),
	})
}
