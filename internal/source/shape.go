// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"rootceremony/internal/unseen"
)

// Limits of shape. The deepest language of ours needs about ten levels.
const (
	maxDepth = 32
	maxKey   = 128
)

type kind int

const (
	scalar kind = iota + 1
	list
	mapping
)

// value is one node of the document. It keeps its parent instead of its path,
// so that deep documents cost no memory.
type value struct {
	kind   kind
	pos    Pos
	parent *value
	key    string // name in a parent mapping
	index  int    // position in a parent list
	text   string // of a scalar, unescaped
	plain  bool   // a scalar without quotes
	refuse bool   // already reported; accessors stay silent
	items  []*value
	keys   []*value // of a mapping, parallel to items
	byKey  map[string]int
}

// fill turns a node of the library into v, which knows its place, and reports
// all that is not plain YAML.
func (d *Document) fill(v *value, n *yaml.Node, depth int) *value {
	if depth > maxDepth {
		v.kind = scalar
		return d.reject(v, "", "nested deeper than %d levels", maxDepth)
	}
	d.checkPlain(v, n)
	switch n.Kind {
	case yaml.ScalarNode:
		d.fillScalar(v, n)
	case yaml.SequenceNode:
		v.kind = list
		for i, c := range n.Content {
			item := d.place(c, v)
			item.index = i
			v.items = append(v.items, d.fill(item, c, depth+1))
		}
	case yaml.MappingNode:
		v.kind = mapping
		d.fillMap(v, n, depth)
	case yaml.AliasNode:
		v.kind = scalar
		d.reject(v, "write the value out", "aliases are not allowed")
	default:
		v.kind = scalar
		d.reject(v, "", "not plain YAML")
	}
	return v
}

// place makes a value that knows where it is. An empty value at the end of the
// file has its place behind the last line.
func (d *Document) place(n *yaml.Node, parent *value) *value {
	pos := Pos{File: d.Name, Line: n.Line, Column: n.Column}
	if n.Line > len(d.lines) {
		pos = d.at(len(bytes.TrimRight(d.Data, "\r\n")))
	}
	return &value{pos: pos, parent: parent}
}

// checkPlain refuses anchors and tags. A tag that is a lone "!" leaves no trace
// in the tree, so the text at the node's place is looked at as well.
func (d *Document) checkPlain(v *value, n *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		return
	}
	sign := d.byteAt(n.Line, n.Column)
	if n.Anchor != "" || sign == '&' {
		d.reject(v, "write the value out where it is needed, or quote text that begins with &", "anchors are not allowed")
	}
	if n.Style&yaml.TaggedStyle != 0 || sign == '!' {
		d.reject(v, "quote text that begins with !", "tags are not allowed")
	}
}

// fillScalar checks text after unescaping, where "\u202e" has become a dirty
// value although the file is clean.
func (d *Document) fillScalar(v *value, n *yaml.Node) {
	v.kind, v.text = scalar, n.Value
	v.plain = n.Style&^yaml.TaggedStyle == 0
	if v.plain && n.Tag == "!!null" && !v.refuse {
		d.reject(v, "remove the key, or write the value; quote the word if it is meant as text", "no value")
	}
	for _, r := range n.Value {
		if r == '\r' {
			d.reject(v, "", "the value contains a carriage return")
			return
		}
		if why := unseen.Why(r); why != "" {
			d.reject(v, "", "the value contains character %U: %s", r, why)
			return
		}
	}
}

// fillMap checks the keys of a mapping and adds its values.
func (d *Document) fillMap(v *value, n *yaml.Node, depth int) {
	v.byKey = make(map[string]int, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		kn, vn := n.Content[i], n.Content[i+1]
		key := d.place(kn, v)
		if kn.Kind == yaml.ScalarNode {
			key.key = kn.Value
		}
		d.checkKey(key, kn)
		item := d.place(vn, v)
		item.key = key.key
		d.fill(item, vn, depth+1)
		if key.refuse {
			continue
		}
		if i, ok := v.byKey[key.key]; ok {
			d.reject(key, "", "duplicate key %s, first on line %d", quote(key.key), v.keys[i].pos.Line)
			continue
		}
		v.byKey[key.key] = len(v.items)
		v.keys = append(v.keys, key)
		v.items = append(v.items, item)
	}
}

// checkKey refuses keys that are not text for every reader of YAML.
func (d *Document) checkKey(key *value, n *yaml.Node) {
	d.checkPlain(key, n)
	switch {
	case n.Kind == yaml.AliasNode:
		d.reject(key, "write the key out", "aliases are not allowed")
		return
	case n.Kind != yaml.ScalarNode:
		d.reject(key, "", "a key must be text")
		return
	case n.Tag == "!!merge":
		d.reject(key, "write the keys out", "merge keys are not allowed")
		return
	case key.refuse:
		return
	case utf8.RuneCountInString(n.Value) > maxKey:
		key.key = string([]rune(n.Value)[:16]) + "..."
		d.reject(key, "", "key is longer than %d characters", maxKey)
		return
	}
	plain := n.Style == 0
	if n.Value == "" || plain && n.Tag != "!!str" {
		d.reject(key, "quote it", "key %s is not text", quote(n.Value))
		return
	}
	d.fillScalar(key, n)
	if other := otherReading(n.Value); plain && other != "" {
		d.warn(&Error{Pos: key.pos, Path: key.path(), Msg: fmt.Sprintf("other YAML tools read key %s as %s", n.Value, other), Hint: "quote it"})
	}
}

// reject records a problem of a value, after which accessors stay silent.
func (d *Document) reject(v *value, hint, format string, args ...any) *value {
	v.refuse = true
	d.fail(&Error{Pos: v.pos, Path: v.path(), Msg: fmt.Sprintf(format, args...), Hint: hint})
	return v
}

// byteAt returns the byte at a line and column, or 0. Nodes come in the order
// of the text, so the search continues from the last place.
func (d *Document) byteAt(line, column int) byte {
	c := &d.cursor
	if line < 1 || line > len(d.lines) {
		return 0
	}
	if c.line != line || c.column > column {
		*c = cursor{line: line, column: 1, offset: d.lines[line-1]}
	}
	for ; c.column < column; c.column++ {
		_, size := utf8.DecodeRune(d.Data[c.offset:])
		c.offset += size
	}
	if c.offset >= len(d.Data) {
		return 0
	}
	return d.Data[c.offset]
}

// cursor is a place in the text and its byte offset.
type cursor struct{ line, column, offset int }
