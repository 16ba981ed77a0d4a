// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import "testing"

// FuzzCheck throws bytes at the linter as each kind of object: whatever they
// are, it answers with a report, and a report on broken bytes blocks.
func FuzzCheck(f *testing.F) {
	good := goodObjects(f)
	for _, m := range good {
		f.Add(m.der)
	}
	l := newLinter(f)
	f.Fuzz(func(t *testing.T, der []byte) {
		for name, m := range good {
			r := l.Check(m.obj, m.ctx, der)
			for _, finding := range r.Findings {
				if finding.Status.weight() < 0 || finding.Rule == "" {
					t.Errorf("%s: %+v", name, finding)
				}
				if finding.Engine == EngineCeremony && finding.Status == Fatal && finding.Rule != ruleParse && finding.Rule != ruleZLintParse {
					t.Errorf("%s: %s: %s", name, finding.Rule, finding.Details)
				}
			}
		}
	})
}
