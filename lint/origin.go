// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"maps"
	"slices"
	"time"
)

// packDates says since when each document asks for something.
type packDates map[string]time.Time

// among gives the earliest day among the packs that a profile names, or zero.
func (d packDates) among(packs []string) (first time.Time) {
	for p, day := range d {
		if slices.Contains(packs, p) && (first.IsZero() || day.Before(first)) {
			first = day
		}
	}
	return first
}

// packs lists the documents that ask for the rule; none: every profile.
func (r *Rule) packs() []string {
	if len(r.Since) > 0 {
		return slices.Sorted(maps.Keys(r.Since))
	}
	return r.Packs
}

// since gives the day from which the rule applies to a profile with these packs.
func (r *Rule) since(packs []string) time.Time {
	if len(r.Since) > 0 {
		return r.Since.among(packs)
	}
	return r.From
}

// House says why there is a rule that no document asks for.
type House string

// citeHouse is what a rule cites that is house alone.
const citeHouse = "house"

// Grounds of house rules.
const (
	HouseDeclared  House = "declared"  // the object would not be what was declared
	HouseUnusable  House = "unusable"  // no path, signature or key could be used
	HouseConflicts House = "conflicts" // it would contradict another object of the plan
	HouseAdvice    House = "advice"    // all others: at most a warning
)

// isHouse reports whether no document that the profile names asked for the rule when the
// object was signed.
func (r *Rule) isHouse(t *target) bool { return r.House != "" && !t.askedBy(r.Asked) }

// askedBy reports whether one of these documents bound the object when it was signed.
func (t *target) askedBy(docs packDates) bool {
	from, signed := docs.among(t.purpose.Rules), t.signedAt()
	return !from.IsZero() && (signed.IsZero() || !signed.Before(from))
}

// house marks problems that no document asks about, in a rule that has others: they
// are warnings.
func house(ps []problem) []problem { return on(HouseAdvice, ps) }

// on marks problems that no document asks about with the ground for them.
func on(ground House, ps []problem) []problem {
	for i := range ps {
		ps[i].house = ground
	}
	return ps
}

// maybe lists the packs of which only the scope of the root tells whether they
// bind the object. BR 7.1.2.3 has a profile for every CA below a root for TLS,
// whatever it is for.
func (t *target) maybe() []string {
	switch {
	case t.ctx.Maybe != nil:
		return t.ctx.Maybe
	case len(t.purpose.Scope) == 0 && t.pack(PackSMIME, PackCodeSigning) && !t.pack(PackTLS):
		return tlsPack
	}
	return nil
}
