// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	_ "embed"
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
