// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rootceremony/internal/source"
	"rootceremony/internal/token"
)

// namedOwn is a key template of the site's own.
type namedOwn struct {
	name string
	own  *token.Own
}

// ownTemplates reads the key templates that the site adds to those of the program.
func ownTemplates(n source.Node) []namedOwn {
	if !n.Present() {
		return nil
	}
	var all []namedOwn
	for _, k := range n.Map().Keys() {
		name := k.Node.Name()
		if slices.Contains(token.Templates(), name) {
			k.Node.FailHint("choose another name", "%q is a template of this program", name)
		}
		all = append(all, namedOwn{name, ownTemplate(k.Value)})
	}
	return all
}

func ownTemplate(n source.Node) *token.Own {
	m := n.Map()
	defer m.Close()
	o := &token.Own{Like: m.Need("like").Enum("template", token.Templates()...)}
	if p := m.Opt("private"); p.Present() {
		o.Private = statedAttributes(p, token.HalfPrivate)
	}
	if p := m.Opt("public"); p.Present() {
		o.Public = statedAttributes(p, token.HalfPublic)
	}
	if l := m.Opt("allowed-mechanisms"); l.Present() {
		o.Mechanisms = allowedMechanisms(l)
	}
	return o
}

// statedAttributes reads attributes, sorted by their names: order means nothing to a token.
func statedAttributes(n source.Node, half string) []token.Stated {
	var all []token.Stated
	for _, k := range n.Map().Keys() {
		s := token.Stated{Name: k.Node.Text()}
		if strings.HasPrefix(s.Name, "0x") {
			s.Value = hex.EncodeToString(k.Value.Hex())
		} else {
			s.Value = k.Value.Enum("value of an attribute", "true", "false", token.Unset)
		}
		if k.Node.Failed() || k.Value.Failed() {
			continue
		}
		if err := s.Check(half); err != nil {
			k.Value.Fail("%v", err)
			continue
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b token.Stated) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// mechanismNumber is how a mechanism without a name is written.
var mechanismNumber = regexp.MustCompile(`^0x[0-9a-fA-F]{1,8}$`)

// allowedMechanisms reads mechanisms by their names or numbers.
func allowedMechanisms(n source.Node) []uint64 {
	var all []uint64
	for _, item := range n.List() {
		text := item.Text()
		kind, known := token.MechanismNamed(text)
		if !known && mechanismNumber.MatchString(text) {
			parsed, err := strconv.ParseUint(text, 0, 32)
			kind, known = parsed, err == nil
		}
		switch {
		case item.Failed():
		case !known:
			item.FailHint("the number is in the header of PKCS#11, or in the documents of the vendor",
				"%q is not a mechanism that this program knows by its name: want a number, such as 0x1041", text)
		case slices.Contains(all, kind):
			item.Fail("%q is a duplicate", text)
		default:
			all = append(all, kind)
		}
	}
	return all
}

// chosenTemplate reads which template a token has.
func chosenTemplate(n source.Node, own []namedOwn) (string, *token.Own) {
	names := token.Templates()
	for _, o := range own {
		names = append(names, o.name)
	}
	name := n.Enum("template", names...)
	if o := Find(own, func(o *namedOwn) bool { return o.name == name }); o != nil {
		return name, o.own
	}
	return name, nil
}

// TemplateNotes says in which ways the templates of tokens let keys leave them or make keys
// weaker, and what in them this program does not know. A rehearsal in memory has no site.
func (s *Site) TemplateNotes() []string {
	if s == nil {
		return nil
	}
	var notes []string
	for _, c := range s.Tokens {
		for _, what := range c.Chosen().Lets() {
			notes = append(notes, fmt.Sprintf("token %s, template %q: %s", c.Name, c.Chosen().Name, what))
		}
	}
	return notes
}
