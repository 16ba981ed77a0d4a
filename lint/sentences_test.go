// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rootceremony/profiles"
)

var updateSentences = flag.Bool("update", false, "write the expected sentences again")

// corpusCase is an object of the corpus, with the rules that its test names: none of
// an object that conforms.
type corpusCase struct {
	name  string
	rules []string
	on    *target
}

// corpusBuilt is the corpus, which takes seconds to sign.
var corpusBuilt struct {
	sync.Once
	flocks []flock
	made   map[string]*made
}

// builtFlocks are all flocks with all their faults, built once.
func builtFlocks(t *testing.T) ([]flock, map[string]*made) {
	corpusBuilt.Do(func() {
		corpusBuilt.flocks, corpusBuilt.made = flocks(t), map[string]*made{}
		for _, k := range corpusBuilt.flocks {
			for _, f := range k.faults {
				corpusBuilt.made[k.kind+": "+f.name] = f.breaks(t, k.base)
			}
		}
	})
	return corpusBuilt.flocks, corpusBuilt.made
}

// corpusCases are the conforming objects, the single faults and the failing objects,
// but for those that no parser reads.
func corpusCases(t *testing.T) (out []corpusCase) {
	l := newLinter(t)
	add := func(name string, m *made, keys *keyMemory, ids ...string) {
		target, err := newTarget(&m.obj, &m.ctx, m.der)
		if err != nil {
			return
		}
		target.zlint, target.keys = l.zlint, keys
		out = append(out, corpusCase{name, slices.DeleteFunc(ids, func(id string) bool { return id == ruleParse }), target})
	}
	all, built := builtFlocks(t)
	keys := &keyMemory{}
	for _, k := range all {
		add(k.kind, k.base, nil)
		for _, f := range k.faults {
			var deep *keyMemory
			if k.kind == "key" {
				deep = keys
			}
			add(k.kind+": "+f.name, built[k.kind+": "+f.name], deep, strings.Fields(f.rules)...)
		}
	}
	w := newHierarchy(t)
	for _, c := range allFailing() {
		add(c.rule+"/"+c.name, c.make(t, w), keys, c.rule)
	}
	good := goodObjects(t)
	for _, name := range slices.Sorted(maps.Keys(good)) {
		add(name, good[name], keys)
	}
	return out
}

// sentence is what a rule says, apart from serial numbers, names and times.
type sentence struct {
	rule  string
	level Status
	kind  string
	house bool
	later string // the day on which it takes effect
}

func (s sentence) String() string {
	text := strings.ReplaceAll(s.kind, " | ", " / ")
	if s.kind == "" {
		text = "-"
	}
	if s.house {
		text += " (house)"
	}
	if s.later != "" {
		text += " from " + s.later
	}
	return fmt.Sprintf("%s | %s | %s", s.rule, s.level, text)
}

// says runs one rule and gives what it says.
func (r *Rule) says(on *target) (out []sentence) {
	ps, _ := r.run(on)
	for _, p := range ps {
		f := r.finding(on, p)
		s := sentence{f.Rule, f.Status, f.Kind, p.house != "" || r.isHouse(on), ""}
		if f.Status == NotChecked {
			s.kind = joinNeeds(f.Lacks)
		}
		if f.Announced() {
			s.later = f.TakesEffect.Format(time.DateOnly)
		}
		out = append(out, s)
	}
	return out
}

// inForce are the days on which, and before which, rules are asked what they say: those
// that their documents give.
func inForce() (out []time.Time) {
	for _, day := range []string{
		"2002-04-01", "2004-01-01", "2012-07-01", "2014-01-01", "2016-06-30", "2016-09-30", "2016-11-07", "2016-12-16", "2019-01-01", "2020-01-01",
		"2020-08-20", "2020-09-30", "2021-06-01", "2022-03-31", "2022-06-29", "2022-07-01", "2023-07-01", "2023-09-01", "2023-09-15",
		"2024-03-15", "2025-03-15", "2025-06-15", "2025-07-15", "2025-10-13", "2026-02-05", "2026-03-15", "2026-06-15", "2026-07-01",
		"2026-08-01", "2026-09-15", "2026-09-28", "2027-07-01", "2027-09-15",
	} {
		out = append(out, date(day+"T00:00:00Z"))
	}
	return out
}

// asked gives the first day on which a rule says a sentence about an object of one
// document alone, or before which of them it already does. What is said before all
// days and after them is taken to be said always.
func (r *Rule) asked(on *target) map[string]string {
	out := map[string]string{}
	days := inForce()
	for _, pack := range profiles.RulePacks() {
		u, purpose, ctx := *on, *on.purpose, *on.ctx
		purpose.Rules = []string{pack}
		u.purpose, u.ctx = &purpose, &ctx
		at := func(day time.Time) (said []string) {
			ctx.Signing = day
			for _, s := range r.says(&u) {
				if s.later == "" {
					said = append(said, s.String()+" | "+pack)
				}
			}
			return said
		}
		first := at(days[0].Add(-time.Second))
		if last := at(days[len(days)-1]); !slices.Equal(first, last) {
			for i := len(days) - 1; i >= 0; i-- {
				for _, k := range at(days[i]) {
					out[k] = days[i].Format(time.DateOnly)
				}
				for _, k := range at(days[i].Add(-time.Second)) {
					out[k] = "before " + days[i].Format(time.DateOnly)
				}
			}
		}
		for _, k := range first {
			out[k] = "before " + days[0].Format(time.DateOnly)
		}
	}
	return out
}

// What each rule says, how often it does in the corpus, and of which document since when.
// A branch that is lost, or taken where it was not, changes a line. Where one changes,
// read whether the document asks for it.
func TestSentences(t *testing.T) {
	counts, since := map[string]int{}, map[string]map[string]string{}
	rules := ownRules()
	for _, c := range corpusCases(t) {
		for i := range rules {
			for _, s := range rules[i].says(c.on) {
				counts[s.String()]++
			}
			if slices.Contains(c.rules, rules[i].ID) {
				join(since, rules[i].asked(c.on))
			}
		}
	}
	var lines []string
	for text := range since {
		if counts[text] == 0 {
			counts[text] = 0
		}
	}
	for text, n := range counts {
		line := fmt.Sprintf("%s | %d", text, n)
		for _, pack := range slices.Sorted(maps.Keys(since[text])) {
			line += " | " + pack + " " + since[text][pack]
		}
		lines = append(lines, strings.Replace(line, asAlways(), " | always", 1))
	}
	slices.Sort(lines)
	got := strings.Join(lines, "\n") + "\n"
	const name = "testdata/sentences.txt"
	if *updateSentences {
		if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), lines); string(want) != got {
		t.Errorf("%s (-want +got), -update writes it again:\n%s", name, d)
	}
}

// asAlways is what is said of a sentence that no document has to ask for.
func asAlways() (out string) {
	for _, pack := range slices.Sorted(slices.Values(profiles.RulePacks())) {
		out += " | " + pack + " before " + inForce()[0].Format(time.DateOnly)
	}
	return out
}

// join keeps the earliest day of each sentence and document.
func join(all map[string]map[string]string, more map[string]string) {
	for k, day := range more {
		cut := strings.LastIndex(k, " | ")
		text, pack := k[:cut], k[cut+3:]
		if all[text] == nil {
			all[text] = map[string]string{}
		}
		if old := all[text][pack]; old == "" || earlier(day, old) {
			all[text][pack] = day
		}
	}
}

// earlier orders the words of asked.
func earlier(a, b string) bool {
	before := func(s string) (string, bool) { return strings.CutPrefix(s, "before ") }
	x, xb := before(a)
	y, yb := before(b)
	return x < y || x == y && xb && !yb
}
