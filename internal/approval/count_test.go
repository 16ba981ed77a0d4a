// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestKeysCountOnce guards thresholds, by whatever people sign and vouch for, against fewer
// keys than people, and people against a search that misses how their keys are enough: as
// when who vouched signs as well, or the papers come in another order.
func TestKeysCountOnce(t *testing.T) {
	people := []string{"a", "b", "c", "d", "e"}
	random := rand.New(rand.NewPCG(1, 2))
	met := 0
	for range 1000 {
		some := func(of int) (out []string) {
			for _, who := range people {
				if random.IntN(of) == 0 {
					out = append(out, who)
				}
			}
			return out
		}
		var roles []Threshold
		var papers []PaperApproval
		signed := some(3)
		for _, role := range []string{"r", "s"}[:1+random.IntN(2)] {
			members := some(2)
			roles = append(roles, Threshold{Role: role, Need: 1 + random.IntN(3), Signed: common(members, signed)})
			for _, who := range members {
				if random.IntN(2) == 0 {
					papers = append(papers, PaperApproval{Person: who, Role: role, Vouchers: slices.DeleteFunc(some(2), func(v string) bool { return v == who })})
				}
			}
		}
		random.Shuffle(len(papers), func(i, j int) { papers[i], papers[j] = papers[j], papers[i] })
		f := fill(roles, papers)
		if want := canBeMet(roles, papers, map[string]string{}, people); f.enough() != want {
			t.Fatalf("%+v, papers %+v: met is %t by %v, want %t", roles, papers, f.enough(), f.counts, want)
		} else if want {
			met++
		}
		if why := onceEach(f); why != "" {
			t.Fatalf("%+v, papers %+v: %s: %v", roles, papers, why, f.counts)
		}
	}
	if met < 200 {
		t.Errorf("%d of 1000 are met", met)
	}
}

// enough reports whether all roles are met.
func (f *filling) enough() bool {
	return !slices.ContainsFunc(f.roles, func(t Threshold) bool { return len(f.inRole(t)) < t.Need })
}

// canBeMet tries for each key all whom it could count for.
func canBeMet(roles []Threshold, papers []PaperApproval, counts map[string]string, keys []string) bool {
	if len(keys) == 0 {
		f := &filling{roles: roles, papers: papers, counts: counts}
		return onceEach(f) == "" && f.enough()
	}
	for _, who := range []string{"", "a", "b", "c", "d", "e"} {
		if counts[keys[0]] = who; who == "" {
			delete(counts, keys[0])
		}
		if canBeMet(roles, papers, counts, keys[1:]) {
			return true
		}
	}
	delete(counts, keys[0])
	return false
}

// onceEach says which key counts for its holder who counts otherwise, too.
func onceEach(f *filling) string {
	for key, person := range f.counts {
		if key != person && (f.counts[person] != "" || f.counted(key)) {
			return "the key of " + key + " counts for " + person + ", and one of them counts by another, too"
		}
	}
	return ""
}

func common(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return !contains(other, s) })
}
