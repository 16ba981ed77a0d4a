// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	_ "embed"
	"slices"
	"strings"
)

// explainedText has a line for each own rule: ID | example | what to change.
//
//go:embed explained.txt
var explainedText string

// Explanation is what a rule finds fault with, for example, and what to change then.
type Explanation struct{ Example, Change string }

// Explain gives the explanation of an own rule. The lints of zlint have none.
func Explain(rule string) (Explanation, bool) {
	for line := range strings.Lines(explainedText) {
		parts := strings.Split(strings.TrimSpace(line), " | ")
		if len(parts) == 3 && parts[0] == rule {
			return Explanation{Example: parts[1], Change: parts[2]}, true
		}
	}
	return Explanation{}, false
}

// ToldBy names the own rules that tell what a rule or lint tells, and with a clause of
// their own: where one of them does, it is kept as suppressed.
func ToldBy(rule string) (rules []string) {
	for _, d := range doubles {
		by, _, _ := strings.Cut(d.keeps, ": ")
		for _, saying := range d.also {
			if also, _, _ := strings.Cut(saying, ": "); also == rule && !slices.Contains(rules, by) {
				rules = append(rules, by)
			}
		}
	}
	return rules
}

// SetAside says why a lint of zlint is kept as suppressed, of some objects or all; "" for
// none that is.
func SetAside(rule string) string {
	for _, c := range corrections {
		if c.rule == rule {
			return c.reason
		}
	}
	return ""
}
