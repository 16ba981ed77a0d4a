// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"cmp"
	"slices"
	"sync"

	"rootceremony/internal/source"
	"rootceremony/profiles/ext"
)

// extensions reads the extensions in order.
func (p *parser) extensions() []Extension {
	n := p.field("extensions")
	items := n.List()
	if n.IsList() && len(items) == 0 {
		n.FailHint("remove the field where none are needed", "the list is empty")
	}
	out := make([]Extension, 0, len(items))
	for _, item := range items {
		e, ok := p.extension(item)
		if !ok {
			continue
		}
		if slices.ContainsFunc(out, func(o Extension) bool { return o.OID() == e.OID() }) {
			item.Citing("RFC 5280 4.2").Fail("duplicate extension %s", FieldOf(&e).extension())
			continue
		}
		out = append(out, e)
	}
	if n.IsList() {
		p.missing(n, out)
	}
	return out
}

// specsByName are the extensions in the order of their names.
var specsByName = sync.OnceValue(func() []ext.Spec { //nolint:gochecknoglobals // a table
	specs := ext.Specs()
	slices.SortFunc(specs, func(a, b ext.Spec) int { return cmp.Compare(a.Name, b.Name) })
	return specs
})

// missing reports extensions that the kind must have, in the order of their names.
func (p *parser) missing(n source.Node, have []Extension) {
	for _, s := range specsByName() {
		why := s.Must(p.head.Kind)
		if why != "" && !slices.ContainsFunc(have, func(e Extension) bool { return e.Name == s.Name }) {
			n.Citing(why).Fail("missing extension %s: %s must have it", s.Name, p.head.Kind)
		}
	}
}

// extension reads one extension; ok tells whether it can be kept.
func (p *parser) extension(item source.Node) (e Extension, ok bool) {
	name, content := item.Single()
	spec, ok := ext.Lookup(ext.Name(name))
	if !ok {
		failName(item, "extension", name, ext.Names())
		return e, false
	}
	if why := spec.Refuses(p.head.Kind); why.Why != "" {
		item.Citing(why.Citation).Fail("%s cannot have %s: %s", p.head.Kind, name, why.Why)
		return e, false
	}
	e = spec.Read(item, content, p.head.Kind)
	if r, isRaw := e.Value.(ext.Raw); isRaw && (r.OID == "" || r.Named()) {
		return e, false // reported
	}
	p.markExtension(item, content, &e)
	return e, true
}

// markExtension remembers where an extension and the parts of its value are.
func (p *parser) markExtension(item, content source.Node, e *Extension) {
	path := item.Path()
	if content.Present() {
		path = content.Path()
	}
	field := FieldOf(e)
	p.mark(field, item.Pos(), path)
	if !content.IsMap() {
		return
	}
	for _, k := range content.Map().Keys() {
		field.Key = k.Name
		p.mark(field, k.Pos, k.Value.Path())
	}
}

// checkScope compares what a CRL covers with what its issuing distribution
// point says.
func (p *parser) checkScope(covers Scope, list []Extension) {
	for _, e := range list {
		d, _ := e.Value.(ext.IssuingPoint)
		if d.OnlyCACerts && covers == SubscriberCertificates || d.OnlyUserCerts && covers == CACertificates {
			p.root.Opt("covers").Citing("RFC 5280 5.2.5").Fail("covers %s, but the issuing distribution point excludes them", covers)
		}
	}
}
