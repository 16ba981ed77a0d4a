// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"rootceremony/internal/source"
)

// doStep is a step for people: what to do, who does it, what is written down.
func (l *loader) doStep(st Step, t stepText) []Step {
	st.Title, st.Who, st.Record = t.word.Prose(), l.doers(t.m), fields(t.m)
	for _, f := range t.m.Opt("record").Map().Keys() {
		if f.Value.Text() == FieldKey {
			l.availableKey(f.Node)
		}
	}
	if takes := t.m.Opt("takes"); takes.Present() {
		st.Takes = takes.Span().String()
	}
	if b := t.m.Opt("backs-up"); b.Present() {
		st.BacksUp = l.keyNames(b)
	}
	return []Step{st}
}

// doers reads who does a step.
func (l *loader) doers(m *source.Map) []string {
	var roles []string
	who := m.Need("who")
	if who.IsList() && len(who.List()) == 0 {
		who.Fail("this step names no role")
	}
	for _, w := range who.List() {
		role := w.Name()
		if role != "" && Find(l.Plan.People, func(r *Role) bool { return r.Role == role }) == nil {
			w.FailHint(source.DidYouMean(role, ids(l.Plan.People, func(r Role) string { return r.Role })), "%q is not a role of this ceremony", role)
		}
		roles = append(roles, role)
	}
	return roles
}

// fields reads what is written down in a step.
func fields(m *source.Map) []Field {
	var fields []Field
	if r := m.Opt("record"); r.Present() {
		for _, f := range r.Map().Keys() {
			field := Field{Name: f.Node.Name(), Type: f.Value.Enum("type of field", fieldTypes...)}
			fields = append(fields, field)
		}
	}
	return fields
}
