// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import "slices"

// filling is who counts in roles that have to be filled together, and by whose key. A
// voucher's key is the only evidence that a paper exists: if it counted for its holder as
// well, or for the papers of two people, one key would count as two people. So each key
// counts for one person, and who vouches for somebody is not counted.
type filling struct {
	roles  []Threshold // Need is known, and in Signed who signed
	papers []PaperApproval
	counts map[string]string // for whom the key of a person counts
	tries  int               // that are left to meet
}

// maxTries bounds the search of [filling.meet]. People sign and vouch by the handful; only
// papers that are made to take long come near it, and then it meets nothing.
const maxTries = 2_000

// fill says who counts. It meets all roles if that is possible, whatever the order of the
// files is, and then counts whom it can besides.
func fill(roles []Threshold, papers []PaperApproval) *filling {
	f := &filling{roles: roles, papers: papers, counts: map[string]string{}, tries: maxTries}
	if !f.meet() {
		clear(f.counts)
	}
	for _, t := range roles {
		for _, who := range t.Signed {
			f.count(way{who, who})
		}
	}
	f.pairUp()
	for _, p := range papers { // of who counts already, as another role
		if f.counted(p.Person) && !f.onPaper(p) {
			f.countOne(vouched(p))
		}
	}
	return f
}

// meet looks for people by whom each role has as many as it needs.
func (f *filling) meet() bool {
	lacks := slices.IndexFunc(f.roles, func(t Threshold) bool { return len(f.inRole(t)) < t.Need })
	if lacks < 0 {
		return true
	}
	for _, w := range f.ways(f.roles[lacks]) {
		if !f.count(w) {
			continue
		}
		if f.tries--; f.tries >= 0 && f.meet() {
			return true
		}
		delete(f.counts, w.key)
	}
	return false
}

// way is a key by which a person may count: the own one, or that of a voucher.
type way struct{ key, person string }

// ways lists by which keys people may count in a role who do not yet.
func (f *filling) ways(t Threshold) (out []way) {
	for _, who := range t.Signed {
		out = append(out, way{who, who})
	}
	for _, p := range f.papers {
		if p.Role == t.Role && !f.onPaper(p) {
			out = append(out, vouched(p)...)
		}
	}
	return out
}

// vouched lists the keys by which a paper may count.
func vouched(p PaperApproval) (out []way) {
	for _, v := range p.Vouchers {
		if v != p.Person {
			out = append(out, way{v, p.Person})
		}
	}
	return out
}

// count counts a person by a key, if that is free: whose it is must not count by another
// key, and who vouches needs no paper.
func (f *filling) count(w way) bool {
	if f.counts[w.key] != "" || f.counted(w.key) || w.key != w.person && f.counts[w.person] != "" {
		return false
	}
	f.counts[w.key] = w.person
	return true
}

// countOne counts a person by the first of some keys that is free.
func (f *filling) countOne(ways []way) {
	for _, w := range ways {
		if f.count(w) {
			return
		}
	}
}

// counted reports whether some key counts for a person.
func (f *filling) counted(who string) bool {
	for _, person := range f.counts {
		if person == who {
			return true
		}
	}
	return false
}

// onPaper reports whether a paper counts.
func (f *filling) onPaper(p PaperApproval) bool {
	return slices.ContainsFunc(p.Vouchers, func(v string) bool { return v != p.Person && f.counts[v] == p.Person })
}

// inRole lists who counts in a role: by their own keys, then on paper.
func (f *filling) inRole(t Threshold) []string { return append(f.signed(t), f.written(t)...) }

func (f *filling) signed(t Threshold) []string {
	return slices.DeleteFunc(slices.Clone(t.Signed), func(who string) bool { return f.counts[who] != who })
}

func (f *filling) written(t Threshold) []string {
	out := []string{}
	for _, p := range f.papers {
		if p.Role == t.Role && f.onPaper(p) && !contains(out, p.Person) {
			out = append(out, p.Person)
		}
	}
	return out
}

// pairUp counts the papers for which keys are left. It walks along the pairs that there are
// (augmenting paths), so that it finds as many as there can be.
func (f *filling) pairUp() {
	v := f.pairs()
	for _, p := range f.papers {
		if v.mates[p.Person] == "" {
			v.pair(p.Person, map[string]bool{p.Person: true})
		}
	}
	for _, p := range f.papers { // of each pair one, where each vouches for the other the first
		if mate := v.mates[p.Person]; contains(p.Vouchers, mate) {
			f.count(way{mate, p.Person})
		}
	}
}

// pairs gives who may be paired: people who do not count yet, with keys that are free.
func (f *filling) pairs() *vouching {
	v := &vouching{edges: map[string][]string{}, mates: map[string]string{}}
	for _, p := range f.papers {
		for _, w := range vouched(p) {
			if f.counts[w.person] == "" && !f.counted(w.person) && f.counts[w.key] == "" && !f.counted(w.key) {
				v.join(w.person, w.key)
				v.join(w.key, w.person)
			}
		}
	}
	return v
}

// vouching pairs people who approved on paper with those who vouch for the papers.
type vouching struct {
	edges map[string][]string // who may be paired with whom
	mates map[string]string
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

// countPapers adds the papers to the thresholds that have to be met together, and refuses
// those that do not count. It gives who vouches, and is not counted.
func (j *evaluation) countPapers(together []Threshold) (vouchers []string) {
	at := func(p PaperApproval) int {
		return slices.IndexFunc(together, func(t Threshold) bool { return t.Role == p.Role })
	}
	papers := slices.DeleteFunc(slices.Clone(j.Papers), func(p PaperApproval) bool { return at(p) < 0 })
	f := fill(slices.Clone(together), papers)
	for key, person := range f.counts {
		if key != person {
			vouchers = append(vouchers, key)
		}
	}
	for i, t := range f.roles {
		together[i].Signed, together[i].Paper = f.signed(t), f.written(t)
	}
	j.Papers = slices.DeleteFunc(j.Papers, func(p PaperApproval) bool {
		idle := at(p) >= 0 && !f.onPaper(p) && f.counts[p.Person] != p.Person
		if idle {
			j.refuse(Refusal{Name: p.Name, Person: p.Person, Reason: reasonPaper,
				Why: "the person who vouches for it is already counted, or for another paper; each key counts once"})
		}
		return idle
	})
	return vouchers
}
