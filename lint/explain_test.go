// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"strings"
	"testing"
)

// A finding can be asked what it means: each own rule has an example and says
// what to change, and nothing is explained that is no rule.
func TestEveryRuleIsExplained(t *testing.T) {
	known := map[string]bool{}
	for _, r := range Rules() {
		known[r.ID] = true
		if e, ok := Explain(r.ID); r.Engine == EngineCeremony && (!ok || e.Example == "" || e.Change == "") {
			t.Errorf("%s is not explained", r.ID)
		}
	}
	for line := range strings.Lines(explainedText) {
		if id, _, ok := strings.Cut(line, " | "); ok && !strings.HasPrefix(line, "#") && !known[id] {
			t.Errorf("%s is explained and no rule", id)
		}
	}
}
