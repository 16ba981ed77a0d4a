// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rootceremony/profiles"
)

// maker makes an object, of those of the hierarchy.
type maker func(*testing.T, *hierarchy) *made

// edge is an object that differs from its neighbours in what one branch of a rule is
// about, with all that this rule says of it.
type edge struct {
	rule string
	says string // "LEVEL WORDS" of each finding, with | between them; "" for none; or why the rule is not checked
	name string
	make maker
}

// What is said of an edge of which the rule is not checked.
const (
	notApplies = "not applicable"
	notYet     = "not in effect"
)

// edges are all.
func edges() []edge {
	return slices.Concat(listEdges, certificateEdges, datedEdges, continuityEdges, oddEdges, inheritedEdges, publishedEdges)
}

// on gives the object as its rule looks at it, and which rule that is.
func (e *edge) on(t *testing.T, w *hierarchy, rules []Rule, keys *keyMemory) (*target, int) {
	t.Helper()
	m := e.make(t, w)
	on, err := newTarget(&m.obj, &m.ctx, m.der)
	if err != nil {
		t.Fatalf("%s: %v", e.name, err)
	}
	on.static, on.keys = m.ctx.Specimen, keys
	return on, slices.IndexFunc(rules, func(r Rule) bool { return r.ID == e.rule })
}

// Both sides of each branch of a rule: what it must say, and where it must be silent.
// What other rules say of the object does not count.
func TestEdges(t *testing.T) {
	w, rules, keys := newHierarchy(t), ownRules(), &keyMemory{}
	for _, e := range edges() {
		t.Run(e.rule+"/"+e.name, func(t *testing.T) {
			on, i := e.on(t, w, rules, keys)
			if got := rules[i].tells(on); !saysAs(got, e.says) {
				t.Errorf("says %q, want %q", got, e.says)
			}
		})
	}
}

// tells gives all that a rule says of an object.
func (r *Rule) tells(on *target) []string {
	var out []string
	ps, o := r.run(on)
	switch o {
	case notApplicable:
		return []string{notApplies}
	case notInEffect:
		out = append(out, notYet)
	}
	for _, p := range ps {
		f := r.finding(on, p)
		out = append(out, fmt.Sprintf("%s %s [%s] (%s)", f.Status, f.Text(), f.Field, f.Citation))
	}
	return out
}

// saysAs compares what is said with what is wanted: each level, and a part of each sentence.
func saysAs(got []string, want string) bool {
	if want == "" {
		return len(got) == 0
	}
	return slices.EqualFunc(got, strings.Split(want, "|"), func(g, w string) bool {
		level, words, _ := strings.Cut(strings.TrimSpace(w), " ")
		return strings.HasPrefix(g, level) && strings.Contains(g, words)
	})
}

// but changes an object and what is known of it.
func (mk maker) but(changes ...func(t *testing.T, w *hierarchy, m *made)) maker {
	return func(t *testing.T, w *hierarchy) *made {
		m := *mk(t, w)
		m.ctx.Siblings = slices.Clone(m.ctx.Siblings)
		m.obj.Declared = copyOf(m.obj.Declared)
		for _, c := range changes {
			c(t, w, &m)
		}
		return &m
	}
}

// copyOf copies what is declared, which others use.
func copyOf(o profiles.Object) profiles.Object {
	switch o := o.(type) {
	case *profiles.Certificate:
		c := *o
		return &c
	case *profiles.RevocationList:
		c := *o
		return &c
	case *profiles.Response:
		c := *o
		return &c
	case *profiles.Request:
		c := *o
		return &c
	}
	return nil
}

// bindingOn signs on a day, under some documents.
func bindingOn(day string, packs ...string) func(*testing.T, *hierarchy, *made) {
	return func(_ *testing.T, _ *hierarchy, m *made) {
		if day != "" {
			m.ctx.Signing = date(day + "T12:00:00Z")
		}
		if len(packs) > 0 {
			m.obj.Declared.DeclaredPurpose().Rules = packs
		}
	}
}

// known changes the context alone.
func known(change func(w *hierarchy, c *Context)) func(*testing.T, *hierarchy, *made) {
	return func(_ *testing.T, w *hierarchy, m *made) { change(w, &m.ctx) }
}

// breaking breaks the bytes.
func breaking(b breaker) func(*testing.T, *hierarchy, *made) {
	return func(t *testing.T, _ *hierarchy, m *made) { *m = *b(t, m) }
}

// purpose changes what the object is declared for.
func purpose(change func(p *profiles.Purpose)) func(*testing.T, *hierarchy, *made) {
	return func(_ *testing.T, _ *hierarchy, m *made) { change(m.obj.Declared.DeclaredPurpose()) }
}
