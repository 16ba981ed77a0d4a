// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"testing"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts"
)

// TestSameEarlier guards readers who give the bundle of an earlier ceremony against a plan
// that says less of it than it is: that its keys were in software, that people abandoned it.
func TestSameEarlier(t *testing.T) {
	for name, c := range map[string]struct {
		said, is plan.Bundle
		refused  bool
	}{
		"the same":            {plan.Bundle{Software: true, Abandoned: true}, plan.Bundle{Software: true, Abandoned: true}, false},
		"hidden software":     {plan.Bundle{}, plan.Bundle{Software: true}, true},
		"invented software":   {plan.Bundle{Software: true}, plan.Bundle{}, true},
		"hidden abandoning":   {plan.Bundle{}, plan.Bundle{Abandoned: true}, true},
		"invented abandoning": {plan.Bundle{Abandoned: true}, plan.Bundle{}, true},
		"another ceremony":    {plan.Bundle{Ceremony: "a"}, plan.Bundle{Ceremony: "b"}, true},
		"another bundle":      {plan.Bundle{Ceremony: "a", ManifestSHA256: "1"}, plan.Bundle{Ceremony: "b"}, false},
	} {
		v := &Verdict{Verdict: &transcripts.Verdict{}}
		p := planPeriod{Preview: &plan.Preview{Loaded: &plan.Loaded{Plan: &plan.Plan{Bundles: []plan.Bundle{c.said}}}}, folder: "plan"}
		v.sameEarlier(p, "earlier", &plan.EarlierBundle{Bundle: c.is})
		if refused := len(v.Problems) > 0; refused != c.refused {
			t.Errorf("%s: %v", name, v.Problems)
		}
	}
}
