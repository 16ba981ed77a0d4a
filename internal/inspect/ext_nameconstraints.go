// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/hex"
	"fmt"
	"strings"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// The reader of nameConstraints, RFC 5280 4.2.1.10.
var _ = reads(known{
	name: "nameConstraints", oid: OIDNameConstraints,
	text: textNameConstraints,
	said: canonicalNameConstraints,
})

// Subtree is a GeneralSubtree, RFC 5280 4.2.1.10. RFC 5280 wants minimum 0,
// not encoded, and no maximum.
type Subtree struct {
	GeneralName
	Minimum        int
	MinimumEncoded bool
	Maximum        *int
}

// NameConstraints is RFC 5280 4.2.1.10.
type NameConstraints struct {
	Permitted, Excluded []Subtree
}

// NameConstraints reads nameConstraints.
func (x Extensions) NameConstraints() (NameConstraints, bool, error) {
	return read(x, OIDNameConstraints, func(d *decoder) NameConstraints {
		in := d.open(casn1.SEQUENCE, "")
		var out NameConstraints
		if in.at(constructed(0)) {
			out.Permitted = in.subtrees(constructed(0), "permittedSubtrees")
		}
		if in.at(constructed(1)) {
			out.Excluded = in.subtrees(constructed(1), "excludedSubtrees")
		}
		in.end()
		if len(out.Permitted)+len(out.Excluded) == 0 {
			in.fail("neither permitted nor excluded subtrees")
		}
		return out
	})
}

func (d *decoder) subtrees(tag casn1.Tag, name string) []Subtree {
	list := d.open(tag, name)
	var out []Subtree
	for list.more() && list.below(len(out)) {
		in := list.item(casn1.SEQUENCE, len(out)+1)
		s := Subtree{GeneralName: in.generalName("base", true)}
		if in.at(context(0)) {
			s.Minimum, s.MinimumEncoded = in.small(context(0), "minimum"), true
		}
		if in.at(context(1)) {
			n := in.small(context(1), "maximum")
			s.Maximum = &n
		}
		in.end()
		out = append(out, s)
	}
	list.notEmpty(len(out))
	return out
}

func textNameConstraints(p *printer, x Extensions) error {
	v, _, err := x.NameConstraints()
	if err != nil {
		return err
	}
	p.subtrees("permitted", v.Permitted)
	p.subtrees("excluded", v.Excluded)
	return nil
}

func (p *printer) subtrees(label string, list []Subtree) {
	for _, s := range list {
		note := ""
		if s.MinimumEncoded {
			note += fmt.Sprintf(", minimum %d encoded", s.Minimum)
		}
		if s.Maximum != nil {
			note += fmt.Sprintf(", maximum %d", *s.Maximum)
		}
		if s.Directory != nil {
			p.name(label+", directoryName"+note, *s.Directory)
			continue
		}
		p.line(label, "%s%s", nameText(s.GeneralName), note)
	}
}

func canonicalNameConstraints(x Extensions) (string, error) {
	v, _, err := x.NameConstraints()
	return canonicalSubtrees(v.Permitted) + " but " + canonicalSubtrees(v.Excluded), err
}

// subtreeWords are the kinds of names as profiles write them.
var subtreeWords = map[int]string{
	TagDNS: "dns", TagEmail: "email", TagURI: "uri", TagIP: "ip", TagDirectoryName: "directory", TagOtherName: "other",
}

func canonicalSubtrees(list []Subtree) string {
	out := make([]string, len(list))
	for i, s := range list {
		value := s.Value
		switch s.Tag {
		case TagDirectoryName:
			value = canonicalName(s.Directory)
		case TagOtherName:
			value = hex.EncodeToString(s.Bytes)
		}
		out[i] = fmt.Sprintf("%s %q", subtreeWords[s.Tag], value)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// canonicalName writes a name with its string types.
func canonicalName(n *Name) string {
	if n == nil {
		return "unreadable"
	}
	var out []string
	for _, a := range n.Attributes() {
		out = append(out, fmt.Sprintf("%s %d %q", a.OID, a.Tag, a.Value))
	}
	return strings.Join(out, ", ")
}
