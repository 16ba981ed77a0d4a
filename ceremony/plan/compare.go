// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"rootceremony/internal/approval"
)

// Side is one of two plans that are compared, with what is known beside it.
type Side struct {
	Plan     *Plan
	Profiles []approval.Object // resolved
	Site     *Site             // nil where it is not known
}

// Side gives a plan to compare.
func (l *Loaded) Side(site *Site) (*Side, error) {
	resolved, err := l.ResolvedProfiles()
	return &Side{Plan: l.Plan, Profiles: resolved, Site: site}, err
}

// Compare says how one plan differs from an earlier one.
func Compare(before, after *Side) (*Comparison, error) {
	values, err := Difference(before.Plan, after.Plan)
	if err != nil {
		return nil, err
	}
	c := &comparer{before: before, after: after, Comparison: &Comparison{Changes: []Change{}, Texts: []string{}, Values: values, Counts: []Count{}}}
	if c.was, err = treeOf(before.Plan); err != nil {
		return nil, err
	}
	if c.is, err = treeOf(after.Plan); err != nil {
		return nil, err
	}
	if err := c.profiles(); err != nil {
		return nil, err
	}
	profiles := c.Changes
	c.Changes = []Change{}
	c.steps()
	c.Changes = append(c.Changes, profiles...)
	c.whole()
	if err := c.site(); err != nil {
		return nil, err
	}
	c.conclude()
	return c.Comparison, nil
}

// comparer compares two plans.
type comparer struct {
	*Comparison
	before, after *Side
	was, is       map[string]any             // plan.json
	ofProfile     map[string]map[string]bool // by name: the parts that differ
}

// treeOf gives something as JSON, and decodes it.
func treeOf(v any) (map[string]any, error) {
	raw, err := CanonicalJSON(v)
	if err != nil {
		return nil, fmt.Errorf("comparing plans: %w", err)
	}
	tree := map[string]any{}
	if err := json.Unmarshal(raw, &tree); err != nil {
		return nil, fmt.Errorf("comparing plans: %w", err)
	}
	return tree, nil
}

// found notes how a thing differs; was or is is nil where it is not there.
func (c *comparer) found(about, name string, was, is any) {
	label := strings.TrimSpace(about + " " + name)
	if about == "role" {
		label = "people: " + name
	}
	switch {
	case was == nil && is == nil:
	case was == nil:
		c.note(Change{About: about, Name: name, What: changeNew, Text: label + " is new"})
	case is == nil:
		c.note(Change{About: about, Name: name, What: changeOut, Text: label + " is taken out"})
	default:
		if text := told(differing(was, is)); text != "" {
			c.note(Change{About: about, Name: name, What: changeOther, Text: label + ": " + text})
		}
	}
}

func (c *comparer) note(change Change) { c.Changes = append(c.Changes, change) }

// manyValues is how many values of one thing its line tells.
const manyValues = 8

// told strings values together; all of them are in [Comparison.Values].
func told(list []delta) string {
	var texts []string
	for i, d := range list {
		if i == manyValues {
			texts = append(texts, fmt.Sprintf("and %d more values", len(list)-i))
			break
		}
		texts = append(texts, d.text)
	}
	return strings.Join(texts, "; ")
}

// profiles compares what the profiles say, not their text.
func (c *comparer) profiles() error {
	c.ofProfile = map[string]map[string]bool{}
	was, err := resolvedTrees(c.before)
	if err != nil {
		return err
	}
	is, err := resolvedTrees(c.after)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(union(was, is))) {
		f := Find(slices.Concat(c.after.Plan.Files, c.before.Plan.Files), func(f *File) bool {
			return f.Kind == "profile" && approval.ProfileFile(f.Name) == name
		})
		if f == nil {
			continue
		}
		c.found("profile", f.Path, was[name], is[name])
		c.bearsOn(f)
		c.ofProfile[f.Name] = map[string]bool{}
		for _, d := range differing(was[name], is[name]) {
			c.ofProfile[f.Name][d.of] = true
		}
	}
	return nil
}

// bearsOn adds to the change of a profile what is made by it.
func (c *comparer) bearsOn(f *File) {
	if len(c.Changes) == 0 || c.Changes[len(c.Changes)-1].Name != f.Path {
		return
	}
	var ids []string
	for i := range c.after.Plan.Artifacts {
		if a := &c.after.Plan.Artifacts[i]; a.Object.FromProfile() == f.Name {
			ids = append(ids, a.ID)
		}
	}
	if len(ids) > 0 {
		c.Changes[len(c.Changes)-1].Text += " (for " + strings.Join(ids, ", ") + ")"
	}
}

func union[V any](a, b map[string]V) map[string]V {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// resolvedTrees gives the profiles of a plan by the names of their files, without the
// digest of their text.
func resolvedTrees(s *Side) (map[string]any, error) {
	out := map[string]any{}
	for _, o := range s.Profiles {
		tree, err := treeOf(json.RawMessage(o.Data))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.Name, err)
		}
		delete(tree, "source_sha256")
		out[o.Name] = tree
	}
	return out, nil
}

// partsOf are the lists of plan.json beside the steps, by what people call their
// members.
var partsOf = []struct{ member, about string }{
	{"keys", "key"}, {"authorities", "authority"}, {"inputs", "input"}, {"people", "role"}, {"materials", "material"},
	{"waivers", "waiver"}, {"accept_unchecked", "acceptance"},
}

// whole compares everything but steps and profiles.
func (c *comparer) whole() {
	for _, part := range partsOf {
		was, is := byName(c.was[part.member]), byName(c.is[part.member])
		for old, now := range sortedPairs(renamedParts(was, is)) {
			c.note(Change{About: part.about, Name: now, What: changeRenamed, Text: fmt.Sprintf("%s %s is now called %s", part.about, old, now)})
			delete(was, old)
			delete(is, now)
		}
		for _, name := range slices.Sorted(maps.Keys(union(was, is))) {
			c.found(part.about, name, was[name], is[name])
		}
	}
	was, is := object(c.was["ceremony"]), object(c.is["ceremony"])
	c.found("window", "", was["window"], is["window"])
	c.value("id", was["id"], is["id"])
	c.value("title", was["title"], is["title"])
	c.value("approval", c.was["approval"], c.is["approval"])
}

// renamedParts pairs members that only their id tells apart, where no other one on
// either side is the same: old ids and new ones.
func renamedParts(was, is map[string]any) map[string]string {
	without := func(in, other map[string]any) map[string][]string {
		out := map[string][]string{}
		for name, value := range in {
			o := maps.Clone(object(value))
			if other[name] != nil || o["id"] == nil {
				continue
			}
			delete(o, "id")
			raw, _ := CanonicalJSON(o) // it was canonical JSON before
			out[string(raw)] = append(out[string(raw)], name)
		}
		return out
	}
	gone, came, renamed := without(was, is), without(is, was), map[string]string{}
	for rest, old := range gone {
		if now := came[rest]; len(old) == 1 && len(now) == 1 {
			renamed[old[0]] = now[0]
		}
	}
	return renamed
}

// sortedPairs goes through pairs in the order of the first names.
func sortedPairs(pairs map[string]string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, name := range slices.Sorted(maps.Keys(pairs)) {
			if !yield(name, pairs[name]) {
				return
			}
		}
	}
}

// value compares a single value.
func (c *comparer) value(about string, was, is any) {
	if was != is {
		c.note(Change{About: about, What: changeOther, Text: fmt.Sprintf("%s: %v -> %v", about, was, is)})
	}
}

// byName gives the members of a list by what they are called; a waiver by what it is
// of.
func byName(list any) map[string]any {
	out := map[string]any{}
	for _, m := range membersOf(list) {
		name := strings.TrimPrefix(m.name, "[")
		if o := object(m.value); o["rule"] != nil {
			name = fmt.Sprintf("%v of %v", o["rule"], o["artifact"])
		}
		out[name] = m.value
	}
	return out
}

// site compares the devices, where both are known.
func (c *comparer) site() error {
	if c.before.Site == nil || c.after.Site == nil {
		return nil
	}
	was, err := treeOf(c.before.Site)
	if err != nil {
		return err
	}
	is, err := treeOf(c.after.Site)
	if err != nil {
		return err
	}
	c.found("site", "", was, is)
	return nil
}

// conclude counts the changes, and says whether they bear on what is signed. A key
// and an input may; who is in the room does not.
func (c *comparer) conclude() {
	for _, member := range []string{"artifacts", "keys", "inputs"} {
		was, _ := CanonicalJSON(c.was[member]) // both were canonical JSON before
		is, _ := CanonicalJSON(c.is[member])
		c.Signed = c.Signed || !bytes.Equal(was, is)
	}
	c.Signed = c.Signed || c.before.Plan.Ceremony.ID != c.after.Plan.Ceremony.ID // the proofs of keys name it
	for _, f := range c.after.Plan.Files {
		same := func(g *File) bool { return g.Kind == f.Kind && g.Name == f.Name }
		if g := Find(c.before.Plan.Files, same); g != nil && g.SHA256 != f.SHA256 {
			c.Texts = append(c.Texts, f.Path)
		}
	}
	other := func(value string) bool { return !strings.Contains(value, " files[") }
	if len(c.Changes) == 0 && slices.ContainsFunc(c.Values, other) {
		c.note(Change{About: "value", What: changeOther, Text: "other values differ: read them all"})
	}
	for _, change := range c.Changes {
		n := Find(c.Counts, func(n *Count) bool { return n.About == change.About && n.What == change.What })
		if n == nil {
			c.Counts = append(c.Counts, Count{About: change.About, What: change.What})
			n = &c.Counts[len(c.Counts)-1]
		}
		n.Count++
	}
}
