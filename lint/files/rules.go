// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"rootceremony/lint"
	"rootceremony/lint/format"
)

// Rules about files, not objects.
const (
	ruleFile      = "file.kind"
	ruleRead      = "file.read"
	ruleYAML      = "file.yaml"
	ruleAmbiguous = "file.yaml-ambiguous"
	ruleBind      = "profile.bind"
	ruleWaiver    = "waiver"
)

// fileRules describes the findings of this package.
var fileRules = []lint.RuleInfo{
	{ID: ruleFile, Level: lint.Error, Citation: "house", House: lint.HouseUnusable, Requirement: "a file given by name is of a known type"},
	{ID: ruleRead, Level: lint.Fatal, Citation: "house", House: lint.HouseUnusable, Requirement: "a file can be read, and every object in it can be decoded"},
	{ID: ruleYAML, Level: lint.Error, Citation: "house", House: lint.HouseUnusable, Requirement: "a YAML file is valid for its type and has no unknown key"},
	{ID: ruleAmbiguous, Level: lint.Warning, Citation: "house", House: lint.HouseAdvice, Requirement: "other YAML parsers read the same values from the file"},
	{ID: ruleKind, Level: lint.Error, Citation: "house", House: lint.HouseUnusable, Requirement: "an object is of a kind that has rules, and of the kind that was given"},
	{ID: ruleBind, Level: lint.Error, Citation: "house", House: lint.HouseDeclared, Requirement: "the profile allows the values of the object"},
	{ID: ruleWaiver, Level: lint.Error, Citation: "house", House: lint.HouseUnusable, Requirement: "a waiver is known, valid and used"},
}

// FileRules lists the rules of files, beside those of [lint.Rules].
func FileRules() []lint.RuleInfo {
	out := make([]lint.RuleInfo, len(fileRules))
	for i, r := range fileRules {
		r.Engine = lint.EngineCeremony
		out[i] = r
	}
	return out
}

// ruleOf describes a rule.
func (l *Linter) ruleOf(id string) (lint.RuleInfo, bool) {
	if r, ok := l.rules[id]; ok {
		return r, true
	}
	for _, r := range FileRules() {
		if r.ID == id {
			return r, true
		}
	}
	return lint.RuleInfo{}, false
}

// cited lists the rules that targets name, each once.
func (l *Linter) cited(targets []format.Target) []format.Rule {
	out := []format.Rule{}
	seen := map[string]bool{}
	add := func(id string) {
		if r, ok := l.ruleOf(id); ok && !seen[id] {
			seen[id] = true
			out = append(out, format.Rule{ID: r.ID, Engine: r.Engine, Citation: r.Citation, Requirement: r.Requirement})
		}
	}
	for i := range targets {
		for _, f := range targets[i].Findings {
			add(f.Rule)
		}
		for _, n := range targets[i].NotChecked {
			add(n.Rule)
		}
	}
	return out
}
