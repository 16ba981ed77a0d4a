// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"fmt"
	"slices"
	"time"
)

// together is how many of some people have keys that count at one time, from a
// time on until the policy expires.
func (p *Policy) together(members []string, from time.Time) int {
	moments := []time.Time{from}
	for _, person := range p.People {
		for _, k := range person.Keys {
			if k.NotBefore.After(from) && !k.NotBefore.After(p.Expires) {
				moments = append(moments, k.NotBefore)
			}
		}
	}
	most := 0
	for _, at := range moments { // more people count only where a key begins to
		n := 0
		for _, id := range members {
			if person := p.person(id); person != nil && slices.ContainsFunc(person.Keys, func(k Key) bool { return k.covers(at) }) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// CanBeMet says why a valid policy can never be fulfilled from a time on: it
// expires before, or too many keys do.
func (p *Policy) CanBeMet(from time.Time) error {
	if err := p.CheckAt(from); err != nil {
		return err
	}
	for _, rule := range p.Rules {
		if rule.Paper && !slices.ContainsFunc(p.People, func(person Person) bool { return p.watches(person.ID) }) {
			return fmt.Errorf("rules.%s accepts papers, but nobody is an auditor or a witness, and one of them must vouch for each paper", rule.For.Rule())
		}
		for _, name := range rule.Roles {
			r := p.role(name)
			if most := p.together(r.Members, from); most < r.Threshold {
				return fmt.Errorf("rules.%s needs %d as %s, but at most %d of them have valid keys at one time from %s on",
					rule.For.Rule(), r.Threshold, r.Name, most, from.UTC().Format(time.RFC3339))
			}
		}
	}
	return nil
}

// CheckAt says what a valid policy has against being used at a time.
func (p *Policy) CheckAt(at time.Time) error {
	switch {
	case at.IsZero():
		return fmt.Errorf("internal error: no time to check the policy at")
	case at.After(p.Expires):
		return fmt.Errorf("the policy expired at %s", p.Expires.Format(time.RFC3339))
	}
	return nil
}
