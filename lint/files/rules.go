// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"rootceremony/lint"
	"rootceremony/lint/format"
)

// Rules that hold files and not objects.
const (
	ruleFile      = "file.kind"
	ruleRead      = "file.read"
	ruleYAML      = "file.yaml"
	ruleAmbiguous = "file.yaml-ambiguous"
	ruleBind      = "profile.bind"
	ruleWaiver    = "waiver"
)

// fileRules describes the findings of this room.
var fileRules = []lint.RuleInfo{
	{ID: ruleFile, Level: lint.Error, Citation: "house", Requirement: "a file given by name is one that this program knows"},
	{ID: ruleRead, Level: lint.Fatal, Citation: "house", Requirement: "a file can be read, and holds only objects that can be decoded"},
	{ID: ruleYAML, Level: lint.Error, Citation: "house", Requirement: "a file in YAML is what its reader takes, without a key that nobody reads"},
	{ID: ruleAmbiguous, Level: lint.Warning, Citation: "house", Requirement: "other readers of YAML take the file for the same"},
	{ID: ruleKind, Level: lint.Error, Citation: "house", Requirement: "an object is of a kind that rules are made for, and of the kind that was said"},
	{ID: ruleBind, Level: lint.Error, Citation: "house", Requirement: "an object can be made by the profile"},
	{ID: ruleWaiver, Level: lint.Error, Citation: "house", Requirement: "a waiver is known, valid and used"},
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
