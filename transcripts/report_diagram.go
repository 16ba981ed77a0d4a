// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// diagram is the hierarchy, drawn as an indented tree, which is as readable
// with thirty certificates as with three, and on a telephone.
type diagram struct {
	Width, Height int
	Nodes         []diagramNode
	Lines         []diagramLine
}

// diagramNode is one object of the hierarchy.
type diagramNode struct {
	X, Y, Width, Height int
	Kind                string // root, ca, leaf, status, request, external
	Name, Detail        string
	Withheld            bool
}

// diagramLine leads from an issuer down and across to what it issued.
type diagramLine struct{ X, Y, DX, DY int }

// The measures of the drawing, in its own units.
const (
	diagramWidth  = 560
	nodeHeight    = 46
	nodeGap       = 12
	nodeIndent    = 28
	nodeMaxIndent = 6
)

// leaf is an object with what it issued.
type leaf struct {
	facts    *history.Artifact
	name     string // of an issuer that is no artifact
	children []*leaf
	drawn    bool
}

// newDiagram draws what was issued; nil if there is nothing to draw.
func newDiagram(artifacts []*history.Artifact) *diagram {
	roots := forest(artifacts)
	if len(roots) == 0 {
		return nil
	}
	d := &diagram{Width: diagramWidth}
	for _, r := range roots {
		d.draw(r, 0)
	}
	d.Height += 3 - nodeGap
	return d
}

// draw places an object and, below it, what it issued.
func (d *diagram) draw(l *leaf, depth int) {
	l.drawn = true
	x := nodeIndent * min(depth, nodeMaxIndent)
	top := d.Height
	d.Nodes = append(d.Nodes, l.node(x+1, top+1))
	d.Height += nodeHeight + nodeGap
	for _, child := range l.children {
		if child.drawn {
			continue
		}
		if depth < nodeMaxIndent {
			fromY := top + nodeHeight + 1
			d.Lines = append(d.Lines, diagramLine{X: x + nodeIndent/2, Y: fromY, DX: nodeIndent/2 + 1, DY: d.Height + nodeHeight/2 - fromY})
		}
		d.draw(child, depth+1)
	}
}

func (l *leaf) node(x, y int) diagramNode {
	n := diagramNode{X: x, Y: y, Width: diagramWidth - x - 1, Height: nodeHeight, Kind: "external"}
	if l.facts == nil {
		n.Name, n.Detail = short(l.name, 52), "not part of this ceremony's artifacts"
		return n
	}
	s := l.facts.Summary()
	n.Withheld = l.facts.Withheld() != ""
	n.Name = short(cmp.Or(s.Name(), l.facts.ID), 52)
	switch l.facts.Kind() {
	case event.KindCertificate:
		n.Kind = "leaf"
		if s.CA {
			n.Kind = "ca"
		}
		if s.CA && s.SelfIssued() {
			n.Kind = "root"
		}
		n.Detail = join(l.facts.ID, s.KeyAlgorithm, "until "+day(s.NotAfter))
	case event.KindCSR:
		n.Kind, n.Detail = "request", join(l.facts.ID, "request", s.KeyAlgorithm)
	default:
		n.Kind, n.Name = "status", l.facts.ID
		n.Detail = join(strings.ToUpper(strings.ReplaceAll(l.facts.Kind(), "-", " ")), "next update "+day(s.NextUpdate))
	}
	n.Detail = short(n.Detail, 66)
	return n
}

// issuers finds who issued something: by the authority key id, else by name,
// else by the key that signed.
type issuers struct {
	byKeyID, byName, bySPKI, outside map[string]*leaf
}

func (i issuers) of(l *leaf) *leaf {
	s := l.facts.Summary()
	switch {
	case l.facts.Kind() == event.KindOCSP && i.bySPKI[l.facts.SignedBy()] != nil:
		return i.bySPKI[l.facts.SignedBy()] // a responder is no CA
	case s.AuthorityKeyID != "":
		return i.byKeyID[s.AuthorityKeyID]
	case s.Issuer != "":
		return i.byName[s.Issuer]
	}
	return i.bySPKI[l.facts.SignedBy()]
}

// forest finds the issuer of everything. An issuer that is no artifact of the
// ceremony becomes a root of its own.
func forest(artifacts []*history.Artifact) []*leaf {
	var all, roots []*leaf
	known := issuers{map[string]*leaf{}, map[string]*leaf{}, map[string]*leaf{}, map[string]*leaf{}}
	for _, f := range artifacts {
		if len(f.Files) == 0 {
			continue
		}
		l := &leaf{facts: f}
		all = append(all, l)
		if f.Kind() == event.KindCertificate {
			known.add(l, f.Summary())
		}
	}
	for _, l := range all {
		s := l.facts.Summary()
		issuer := known.of(l)
		if l.facts.Kind() == event.KindCSR || s.SelfIssued() || issuer == l || s.Issuer == "" && issuer == nil {
			roots = append(roots, l)
			continue
		}
		if issuer == nil {
			issuer = known.outside[s.Issuer]
		}
		if issuer == nil {
			issuer = &leaf{name: s.IssuerName()}
			known.outside[s.Issuer] = issuer
			roots = append(roots, issuer)
		}
		issuer.children = append(issuer.children, l)
	}
	return append(roots, circular(all, roots)...)
}

func (i issuers) add(l *leaf, s event.Summary) {
	keep(i.bySPKI, s.SPKISHA256, l)
	if s.CA {
		keep(i.byKeyID, s.SubjectKeyID, l)
		keep(i.byName, s.Subject, l)
	}
}

// circular returns what no root leads to, as roots: certificates that issued
// each other.
func circular(all, roots []*leaf) []*leaf {
	reached := map[*leaf]bool{}
	var visit func(l *leaf)
	visit = func(l *leaf) {
		if reached[l] {
			return
		}
		reached[l] = true
		for _, child := range l.children {
			visit(child)
		}
	}
	for _, r := range roots {
		visit(r)
	}
	var more []*leaf
	for _, l := range all {
		if !reached[l] {
			more = append(more, l)
			visit(l)
		}
	}
	return more
}

// keep remembers the first object of a name.
func keep(m map[string]*leaf, name string, l *leaf) {
	if _, ok := m[name]; !ok && name != "" {
		m[name] = l
	}
}

func join(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" && p != "until " && p != "next update " {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " · ")
}

// day returns the date of an RFC 3339 time.
func day(t string) string {
	d, _, _ := strings.Cut(t, "T")
	return d
}

func short(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}
