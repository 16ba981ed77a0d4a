// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"math/big"
	"slices"
	"testing"

	"rootceremony/profiles"
)

// failing is an object that a rule condemns, made from the conforming ones.
type failing struct {
	rule  string
	level Status
	name  string // what is wrong
	make  func(t *testing.T, w *hierarchy) *made
}

// hierarchy is the conforming objects that failing ones are made from.
type hierarchy struct {
	root, e1, delegate, crl, response, cross, request, revoking, part *made
}

// newHierarchy makes them.
func newHierarchy(t *testing.T) *hierarchy {
	g := goodObjects(t)
	return &hierarchy{
		root: g["root"], e1: g["issuing"], delegate: g["delegate"], crl: g["crl"], response: g["response"],
		cross: g["cross"], request: g["request"], revoking: g["revoking"], part: g["part"],
	}
}

// allFailing is every case.
func allFailing() []failing {
	return slices.Concat(failingNames, failingSpellings, failingDates, failingKeys, failingExtensions, failingPurposes,
		failingConstraints, failingDelegates, failingChains, failingCross, failingSets, failingPrograms,
		failingScopes, failingCRLs, failingIncoming, failingEntries, failingEarlier, failingKept, failingDeltas, failingPoints, failingResponses, failingRequests, failingBytes, failingBranches)
}

func TestFailing(t *testing.T) {
	l := newLinter(t)
	l.keys = &keyMemory{}
	w := newHierarchy(t)
	for _, c := range allFailing() {
		t.Run(c.rule+"/"+c.name, func(t *testing.T) {
			m := c.make(t, w)
			r := m.check(l)
			if !found(r, c.rule, c.level) {
				t.Errorf("no %s of %s:%s", c.level, c.rule, show(r))
			}
		})
	}
}

// Each own rule has an object that it condemns, one that it passes and one that
// it has nothing to say about.
func TestEveryRuleHasCases(t *testing.T) {
	fails := map[string]bool{"tbs.equal": true, "ocsp.times": true} // TestResponseTimes, TestIssuedOtherBytes
	for _, c := range allFailing() {
		fails[c.rule] = true
	}
	passed, silent, keys := map[string]bool{}, map[string]bool{}, &keyMemory{}
	for name, m := range goodObjects(t) {
		for _, cleared := range [][]byte{nil, m.tbs} {
			target, err := newTarget(&m.obj, &m.ctx, m.der)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			target.cleared, target.zlint, target.keys = cleared, newLinter(t).zlint, keys
			for _, r := range ownRules() {
				switch ps, o := r.run(target); {
				case o == checked && len(ps) == 0:
					passed[r.ID] = true
				case o == notApplicable:
					silent[r.ID] = true
				}
			}
		}
	}
	for _, r := range ownRules() {
		everywhere := len(r.Kinds) == len(allKinds) && r.Applies == nil
		if !fails[r.ID] || !passed[r.ID] || !silent[r.ID] && !everywhere {
			t.Errorf("%s: condemns %t, passes %t, has nothing to say %t", r.ID, fails[r.ID], passed[r.ID], silent[r.ID])
		}
	}
}

// Rules are plain values with all that documents need.
func TestRulesAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range ownRules() {
		if r.ID == "" || r.Level == "" || r.Citation == "" || r.Requirement == "" || len(r.Kinds) == 0 || r.Check == nil {
			t.Errorf("%s is incomplete", r.ID)
		}
		if seen[r.ID] {
			t.Errorf("duplicate %s", r.ID)
		}
		seen[r.ID] = true
	}
	for _, i := range Rules() {
		if i.ID == "" || i.Engine == "" || i.Requirement == "" {
			t.Errorf("%s is incomplete", i.ID)
		}
	}
}

// TestSerialInOctets guards a person who compares the serial number of a finding with what
// openssl prints: both are in whole octets.
func TestSerialInOctets(t *testing.T) {
	for want, n := range map[string]int64{"serial 0abc is 2748": 0xabc, "serial abcd is 43981": 0xabcd} {
		if got := fault(profiles.Field{}, "serial %x is %d", big.NewInt(n), big.NewInt(n))[0].details; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
