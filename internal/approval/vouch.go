// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import "slices"

// vouching pairs the people who approved on paper, in roles that have to be filled
// together, with those who vouch for the papers. A voucher's key is the only evidence that the paper
// exists: if it counted for its holder as well, or for two papers, one key
// would count as two people. So a person is in one pair at most, and a person
// in a pair has not also signed.
type vouching struct {
	people []string            // in the order of their papers
	edges  map[string][]string // who may be paired with whom
	mates  map[string]string
}

// voucherPairs pairs as many as it can. It walks along the pairs that there are
// (augmenting paths), so that the order of the papers does not decide, and never
// makes more pairs than there are people for.
func voucherPairs(papers []PaperApproval, signed []string) *vouching {
	v := &vouching{edges: map[string][]string{}, mates: map[string]string{}}
	for _, p := range papers {
		if contains(signed, p.Person) {
			continue
		}
		if !contains(v.people, p.Person) {
			v.people = append(v.people, p.Person)
		}
		for _, voucher := range p.Vouchers {
			if !contains(signed, voucher) {
				v.join(p.Person, voucher)
				v.join(voucher, p.Person)
			}
		}
	}
	for _, p := range v.people {
		if v.mates[p] == "" {
			v.pair(p, map[string]bool{p: true})
		}
	}
	return v
}

func (v *vouching) join(a, b string) {
	if !contains(v.edges[a], b) {
		v.edges[a] = append(v.edges[a], b)
	}
}

// pair finds a partner for an unpaired person, if necessary by re-pairing
// others.
func (v *vouching) pair(person string, seen map[string]bool) bool {
	for _, other := range v.edges[person] {
		if seen[other] {
			continue
		}
		seen[other] = true
		mate := v.mates[other]
		if mate != "" {
			if seen[mate] {
				continue
			}
			seen[mate] = true
			if !v.pair(mate, seen) {
				continue
			}
		}
		v.mates[person], v.mates[other] = other, person
		return true
	}
	return false
}

// onPaper lists whose papers count, and who vouches for them: of each pair one,
// where each vouches for the other the first.
func (v *vouching) onPaper(papers []PaperApproval) (approved, vouchers []string) {
	for _, p := range papers {
		mate := v.mates[p.Person]
		if mate != "" && slices.Contains(p.Vouchers, mate) && !contains(approved, p.Person) && !contains(vouchers, p.Person) {
			approved, vouchers = append(approved, p.Person), append(vouchers, mate)
		}
	}
	return approved, vouchers
}

// countPapers adds the papers to the thresholds that have to be met together, and refuses
// those whose vouchers count already. It gives who has vouched and is not counted again.
func (j *evaluation) countPapers(together []Threshold) []string {
	var papers []PaperApproval
	var signed []string
	for _, t := range together {
		signed = append(signed, t.Signed...)
		for _, p := range j.Papers {
			if p.Role == t.Role {
				papers = append(papers, p)
			}
		}
	}
	pairs := voucherPairs(papers, signed)
	approved, vouchers := pairs.onPaper(papers)
	counted := slices.Concat(signed, approved, vouchers)
	// of the second paper of a person, as another role, somebody else may vouch
	counts := func(p PaperApproval) bool {
		return contains(approved, p.Person) && slices.ContainsFunc(p.Vouchers, func(who string) bool {
			return who == pairs.mates[p.Person] || !contains(counted, who)
		})
	}
	for i := range together {
		t := &together[i]
		for _, p := range papers {
			if p.Role == t.Role && counts(p) && !contains(t.Paper, p.Person) {
				t.Paper = append(t.Paper, p.Person)
			}
		}
	}
	j.Papers = slices.DeleteFunc(j.Papers, func(p PaperApproval) bool {
		at := slices.IndexFunc(together, func(t Threshold) bool { return t.Role == p.Role })
		idle := at >= 0 && !counts(p) && !contains(together[at].Signed, p.Person)
		if idle {
			j.refuse(Refusal{Name: p.Name, Person: p.Person, Reason: reasonPaper,
				Why: "the person who vouches for it is already counted, or for another paper; each key counts once"})
		}
		return idle
	})
	return vouchers
}
