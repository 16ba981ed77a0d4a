// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package format writes what linting found in the forms that people, programs
// and CI services read: text, JSON, SARIF 2.1.0, JUnit XML and the annotations
// of GitHub Actions.
//
// It depends on no rule and no file: a [Report] holds plain words and places.
// The same report gives the same bytes, always; nothing here reads a clock.
package format

import (
	"cmp"
	"slices"
	"strings"
)

// Levels of a [Finding], the heaviest first.
const (
	Fatal   = "fatal"
	Error   = "error"
	Warning = "warning"
	Notice  = "notice"
)

// Report is everything one run found.
type Report struct {
	Tool     Tool      `json:"tool"`
	At       string    `json:"at,omitempty"` // the day that was asked for
	Targets  []Target  `json:"targets"`
	Skipped  int       `json:"skipped"`                 // how many of folders were passed by
	PassedBy []Skipped `json:"skipped_files,omitempty"` // the same, by name
	Notes    []string  `json:"notes,omitempty"`
	Rules    []Rule    `json:"rules"` // those that targets name
	Verbose  bool      `json:"-"`     // in text, list what was not checked, skipped and set aside
	FailOn   string    `json:"-"`     // the lightest level that fails the run; "" is a warning
}

// Skipped is a file or an object of a folder that no rule is for.
type Skipped struct {
	Name string `json:"name"`
	Why  string `json:"why"`
}

// Skip adds what was passed by.
func (r *Report) Skip(list ...Skipped) {
	r.PassedBy = append(r.PassedBy, list...)
	r.Skipped = len(r.PassedBy)
}

// Tool is what looked.
type Tool struct {
	Name    string            `json:"name"`
	Version string            `json:"version"`
	Engines map[string]string `json:"engines"` // versions by name
}

// Rule is what a finding cites.
type Rule struct {
	ID          string `json:"id"`
	Engine      string `json:"engine"`
	Citation    string `json:"citation"`
	Requirement string `json:"requirement"`
}

// Target is one object that was looked at: a file, or one of several in it.
type Target struct {
	File       string         `json:"file"`
	Object     string         `json:"object"`            // what it is, as in "certificate 2 of 3"
	Kind       string         `json:"kind,omitempty"`    // what it was checked as
	Guessed    string         `json:"guessed,omitempty"` // why that kind, when it was guessed
	Packs      []string       `json:"packs,omitempty"`   // rule packs
	AsOf       string         `json:"as_of,omitempty"`   // the date it was checked at, or where it came from
	Line       int            `json:"line,omitempty"`    // where a PEM block begins
	SHA256     string         `json:"sha256,omitempty"`
	Findings   []Finding      `json:"findings"`
	NotChecked []NotChecked   `json:"not_checked"`
	Evaluated  map[string]int `json:"evaluated,omitempty"` // rules that were, by engine
	Notes      []string       `json:"notes,omitempty"`
}

// Finding is one result of one rule that is not a pass.
type Finding struct {
	Rule        string `json:"rule"`
	Engine      string `json:"engine"`
	Level       string `json:"level"`
	Message     string `json:"message"`
	Citation    string `json:"citation,omitempty"`
	Requirement string `json:"requirement,omitempty"`
	Hint        string `json:"hint,omitempty"`
	Field       string `json:"field,omitempty"`
	Artifact    string `json:"artifact,omitempty"` // of a ceremony file
	Place       Place  `json:"place"`
	Related     *Place `json:"related,omitempty"` // the line of the profile it departs from
	// Of names the ways to make an object of a profile that have the finding,
	// where not all have it.
	Of      []string `json:"of,omitempty"`
	Without []string `json:"without,omitempty"` // what the rule lacked, of one that must be checked
	More    int      `json:"more,omitempty"`    // how many other entries of the CRL have the same
	// A finding with one of these does not count.
	Suppressed  string  `json:"suppressed,omitempty"`   // the tool's own correction: why
	Waived      *Waiver `json:"waived,omitempty"`       // the decision of a person
	TakesEffect string  `json:"takes_effect,omitempty"` // the day from which the requirement holds
}

// Waiver is the decision of a person to accept a finding.
type Waiver struct {
	Reason   string `json:"reason"`
	Citation string `json:"citation"`
	Approver string `json:"approver"`
	Expires  string `json:"expires"`
}

// Place is where a finding points. Line 0 is the whole file.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Path   string `json:"path,omitempty"` // within the YAML, or the part of an object that is one itself
	Caret  string `json:"-"`              // the line of the source and a line with a caret
}

// NotChecked is a rule that lacked the context it needs.
type NotChecked struct {
	Rule    string   `json:"rule"`
	Engine  string   `json:"engine"`
	Without []string `json:"without"`
}

// Counts reports whether the finding decides the exit status.
func (f *Finding) Counts() bool {
	return f.Suppressed == "" && f.Waived == nil && f.TakesEffect == ""
}

// Failing is the number of findings that fail the run.
func (r *Report) Failing() (n int) {
	for i := range r.Targets {
		for j := range r.Targets[i].Findings {
			if r.fails(&r.Targets[i].Findings[j]) {
				n++
			}
		}
	}
	return n
}

// fails reports whether a finding fails the run: it counts, and has at least the level
// that was asked for.
func (r *Report) fails(f *Finding) bool {
	return f.Counts() && weight(f.Level) >= weight(cmp.Or(r.FailOn, Warning))
}

// weight orders levels, the lightest first.
func weight(level string) int { return slices.Index([]string{Notice, Warning, Error, Fatal}, level) }

// Count is the number of findings that count.
func (r *Report) Count() int {
	n := 0
	for i := range r.Targets {
		n += r.Targets[i].count()
	}
	return n
}

func (t *Target) count() int {
	n := 0
	for i := range t.Findings {
		if t.Findings[i].Counts() {
			n++
		}
	}
	return n
}

// Sort puts the report into its one order and takes repetitions out: targets by
// file and place, findings by place and rule.
func (r *Report) Sort() {
	slices.SortStableFunc(r.Targets, func(a, b Target) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	slices.SortStableFunc(r.PassedBy, func(a, b Skipped) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(r.Rules, func(a, b Rule) int {
		return cmp.Or(strings.Compare(a.Engine, b.Engine), strings.Compare(a.ID, b.ID))
	})
	for i := range r.Targets {
		t := &r.Targets[i]
		slices.SortStableFunc(t.Findings, compareFindings)
		t.Findings = slices.CompactFunc(t.Findings, func(a, b Finding) bool { return compareFindings(a, b) == 0 })
		slices.SortFunc(t.NotChecked, compareNotChecked)
		t.NotChecked = slices.CompactFunc(t.NotChecked, func(a, b NotChecked) bool { return compareNotChecked(a, b) == 0 })
	}
}

func compareFindings(a, b Finding) int {
	return cmp.Or(
		strings.Compare(a.Place.File, b.Place.File), cmp.Compare(a.Place.Line, b.Place.Line),
		cmp.Compare(a.Place.Column, b.Place.Column), strings.Compare(a.Artifact, b.Artifact),
		strings.Compare(a.Engine, b.Engine), strings.Compare(a.Rule, b.Rule),
		strings.Compare(a.Field, b.Field), strings.Compare(a.Message, b.Message),
		slices.Compare(a.Of, b.Of),
	)
}

func compareNotChecked(a, b NotChecked) int {
	return cmp.Or(strings.Compare(a.Engine, b.Engine), strings.Compare(a.Rule, b.Rule), slices.Compare(a.Without, b.Without))
}
