// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"maps"
	"slices"
	"testing"
)

// FuzzCheck throws bytes at the linter as one kind of object or another:
// whatever they are, it answers with a report, and no rule panics.
func FuzzCheck(f *testing.F) {
	good := goodObjects(f)
	names := slices.Sorted(maps.Keys(good))
	for i, name := range names {
		f.Add(byte(i), good[name].der)
	}
	l := newLinter(f)
	f.Fuzz(func(t *testing.T, which byte, der []byte) {
		m := good[names[int(which)%len(names)]]
		for _, finding := range l.Check(m.obj, m.ctx, der).Findings {
			if finding.Status.weight() < 0 || finding.Rule == "" {
				t.Errorf("%+v", finding)
			}
			if finding.Engine == EngineCeremony && finding.Status == Fatal && finding.Rule != ruleParse && finding.Rule != ruleZLintParse {
				t.Errorf("%s: %s", finding.Rule, finding.Details)
			}
		}
	})
}
