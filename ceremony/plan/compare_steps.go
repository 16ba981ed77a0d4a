// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// stepSide is a step of one of the two plans.
type stepSide struct {
	*Step
	plan  *Plan
	tree  map[string]any // what the step says, and the artifact that it signs
	other int            // index of the same step in the other plan, or -1
}

// call is what people call a step.
func (s *stepSide) call() string {
	name := s.Title
	if s.Artifact != "" {
		name = s.Artifact
	}
	return fmt.Sprintf("%s %q", s.number(), name)
}

// number is what a step is called beside its name; a section has a name only.
func (s *stepSide) number() string {
	if s.Kind == StepSection {
		return "section"
	}
	return "step " + s.ID
}

// stepsOf gives the steps of a plan, from its plan.json.
func stepsOf(p *Plan, tree map[string]any) []*stepSide {
	artifacts := byName(tree["artifacts"])
	steps, _ := tree["steps"].([]any) // null where there are none
	var out []*stepSide
	for i := range p.Steps {
		st := &p.Steps[i]
		t := maps.Clone(object(steps[i]))
		delete(t, "id") // its number
		if !st.ByPeople() && st.Kind != StepSection {
			delete(t, "title") // follows from the rest
		}
		if st.Artifact != "" {
			t["artifact"] = artifacts[st.Artifact]
		}
		out = append(out, &stepSide{Step: st, plan: p, tree: t, other: -1})
	}
	return out
}

// steps compares the steps, with what they sign.
func (c *comparer) steps() {
	was, is := stepsOf(c.before.Plan, c.was), stepsOf(c.after.Plan, c.is)
	renamed := pairSteps(was, is)
	for _, s := range was {
		if s.other < 0 {
			c.note(Change{About: "step", Name: s.Artifact, Step: s.ID, What: changeOut, Text: s.call() + " is taken out"})
		}
	}
	stays := inOrder(was)
	for i, s := range is {
		change := Change{About: "step", Name: s.Artifact, Step: s.ID}
		if s.other < 0 {
			change.What, change.Text = changeNew, s.call()+" is new"
			c.note(change)
			continue
		}
		old := was[s.other]
		if !stays[s.other] {
			after := "to the beginning"
			if i > 0 {
				after = "behind " + is[i-1].call()
			}
			change.What, change.Text = changeMoved, s.call()+" moves "+after
			if s.Kind != StepSection && s.ID != old.ID {
				change.Text += "; it was step " + old.ID
			}
			c.note(change)
		}
		c.step(change, old, s, renamed)
	}
}

// step compares a step with itself. What its profile says is told of the profile.
func (c *comparer) step(change Change, old, now *stepSide, renamed map[string]string) {
	list := c.ofArtifact(old, now, renamed)
	if name := renamed[old.Artifact]; name != "" && name == now.Artifact {
		change.What, change.Text = changeRenamed, fmt.Sprintf("%s %q is now called %q", now.number(), old.Artifact, now.Artifact)
		c.note(change)
	} else if old.Title != now.Title && old.tree["title"] != nil {
		change.What, change.Text = changeRenamed, fmt.Sprintf("%s %q is now %q", now.number(), old.Title, now.Title)
		c.note(change)
	}
	for _, d := range differing(renaming(old.tree, renamed), now.tree) {
		if d.of != "title" {
			list = append(list, d)
		}
	}
	if len(list) > 0 {
		change.What, change.Text = changeOther, now.call()+": "+told(list)
		c.note(change)
	}
}

// object gives a JSON object, or an empty one for anything else.
func object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// ofArtifact compares what a step signs, and takes it out of the trees.
func (c *comparer) ofArtifact(old, now *stepSide, renamed map[string]string) []delta {
	a, b := old.plan.Artifact(old.Artifact), now.plan.Artifact(now.Artifact)
	if a == nil || b == nil {
		return nil
	}
	was, is := object(renaming(old.tree["artifact"], renamed)), object(now.tree["artifact"])
	delete(old.tree, "artifact")
	delete(now.tree, "artifact")
	var list []delta
	for _, member := range slices.Sorted(maps.Keys(union(was, is))) {
		found := differing(map[string]any{member: was[member]}, map[string]any{member: is[member]})
		if object, ok := is[member].(map[string]any); ok && was[member] != nil { // the object itself
			found = slices.DeleteFunc(differing(was[member], object), func(d delta) bool { return c.ofProfile[b.Object.FromProfile()][d.of] })
		}
		list = append(list, found...)
	}
	return append(list, until(a, b, old.plan, now.plan)...)
}

// until says when a certificate ends that gets another validity.
func until(a, b *Artifact, before, after *Plan) []delta {
	was, is := a.Certificate(), b.Certificate()
	if was == nil || is == nil || was.Validity == is.Validity {
		return nil
	}
	_, old, oldErr := was.Validity.At(before.Ceremony.Window.From)
	_, now, nowErr := is.Validity.At(after.Ceremony.Window.From)
	if oldErr != nil || nowErr != nil {
		return nil
	}
	return []delta{{text: fmt.Sprintf("signed as the window begins, notAfter is %s -> %s", Stamp(old), Stamp(now))}}
}

// pairSteps finds the steps that both plans have, and gives the artifacts that are
// only called otherwise. A step is the same by what it signs, makes or finds, or by
// its text; failing that, by its place between others.
func pairSteps(was, is []*stepSide) map[string]string {
	names := func(list []*stepSide) map[string]int {
		out, times := map[string]int{}, map[string]int{}
		for i, s := range list {
			name := s.identity()
			times[name]++
			out[fmt.Sprint(name, times[name])] = i
		}
		return out
	}
	old, now := names(was), names(is)
	for name, i := range old {
		if k, ok := now[name]; ok {
			was[i].other, is[k].other = k, i
		}
	}
	renamed := pairRenamed(was, is)
	for i, s := range was {
		for k := place(was, i); s.other < 0 && k < len(is) && is[k].other < 0; k++ {
			if s.like(is[k]) {
				s.other, is[k].other = k, i
			}
		}
	}
	return renamed
}

// pairRenamed pairs the steps that sign the same under another name.
func pairRenamed(was, is []*stepSide) map[string]string {
	without, renamed := map[string]int{}, map[string]string{} // names; by what is left without one
	for i, s := range was {
		if s.other < 0 && s.Artifact != "" {
			without[s.unnamed()] = i
		}
	}
	for k, t := range is {
		if t.other >= 0 || t.Artifact == "" {
			continue
		}
		if i, ok := without[t.unnamed()]; ok && was[i].other < 0 {
			renamed[was[i].Artifact] = t.Artifact
			was[i].other, t.other = k, i
		}
	}
	return renamed
}

// unnamed is what a step says but for the name of what it signs.
func (s *stepSide) unnamed() string {
	raw, _ := CanonicalJSON(renaming(s.tree, map[string]string{s.Artifact: "?"})) // it was canonical JSON before
	return string(raw)
}

// place is where a step would be in the other plan: behind the last one before it
// that both have.
func place(list []*stepSide, i int) int {
	for _, s := range slices.Backward(list[:i]) {
		if s.other >= 0 {
			return s.other + 1
		}
	}
	return 0
}

// identity is by what a step is found again.
func (s *stepSide) identity() string {
	switch {
	case s.Artifact != "":
		return "sign " + s.Artifact
	case len(s.Keys) > 0 && !s.ByPeople():
		return string(s.Kind) + " " + strings.Join(s.Keys, " ")
	case s.ByPeople():
		return "people " + s.Title
	}
	return string(s.Kind) + " " + s.Title
}

// like reports whether a step at the same place may be the same with another text, or
// with other keys.
func (s *stepSide) like(t *stepSide) bool {
	if s.Artifact != "" || t.Artifact != "" || s.ByPeople() != t.ByPeople() {
		return false
	}
	return s.ByPeople() || s.Kind == t.Kind && (len(s.Keys) == 0 || slices.ContainsFunc(s.Keys, func(k string) bool { return slices.Contains(t.Keys, k) }))
}

// renaming gives a tree in which artifacts have the names that they have in the other
// plan.
func renaming(v any, renamed map[string]string) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, m := range v {
			out[name] = renaming(m, renamed)
			if s, ok := m.(string); ok && (name == "artifact" || name == "id") && renamed[s] != "" {
				out[name] = renamed[s]
			}
		}
		return out
	case []any:
		var out []any
		for _, m := range v {
			out = append(out, renaming(m, renamed))
		}
		return out
	case string:
		var r Ref
		if r.UnmarshalText([]byte(v)) == nil && (r.what == refCert || r.what == refCRL) && renamed[r.id] != "" {
			r.id = renamed[r.id]
			text, _ := r.MarshalText() // it never fails
			return string(text)
		}
	}
	return v
}

// inOrder tells which of the steps that both plans have stay in their order: the
// longest such list. The others moved.
func inOrder(list []*stepSide) map[int]bool {
	best, from := make([]int, len(list)), make([]int, len(list))
	last := -1
	for i, s := range list {
		best[i], from[i] = 1, -1
		for k := range i {
			if s.other >= 0 && list[k].other >= 0 && list[k].other < s.other && best[k]+1 > best[i] {
				best[i], from[i] = best[k]+1, k
			}
		}
		if s.other >= 0 && (last < 0 || best[i] > best[last]) {
			last = i
		}
	}
	stays := map[int]bool{}
	for ; last >= 0; last = from[last] {
		stays[last] = true
	}
	return stays
}
