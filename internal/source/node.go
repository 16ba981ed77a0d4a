// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Node is a place in a document that may hold a value. The zero Node is
// absent. Accessors of an absent node return zero and say nothing, since
// [Map.Need] has already reported what is missing.
type Node struct {
	doc *Document
	v   *value
	// Where an absent value would be.
	parent *value
	name   string
	cites  string // what the problems of the node cite
}

// Present reports whether there is a value.
func (n Node) Present() bool { return n.v != nil }

// Pos returns where the value is; of an absent value, where its parent does.
func (n Node) Pos() Pos {
	switch {
	case n.v != nil:
		return n.v.pos
	case n.parent != nil:
		return n.parent.pos
	case n.doc != nil:
		return Pos{File: n.doc.Name, Line: 1, Column: 1}
	}
	return Pos{}
}

// Path returns the way from the root, as in "steps[3].validity.for".
func (n Node) Path() string {
	if n.v != nil {
		return n.v.path()
	}
	if n.name == "" {
		return n.parent.path()
	}
	return (&value{parent: n.parent, key: n.name}).path()
}

// IsScalar reports whether the value is text.
func (n Node) IsScalar() bool { return n.v != nil && n.v.kind == scalar }

// IsEmpty reports whether the value is text without a character.
func (n Node) IsEmpty() bool { return n.IsScalar() && n.v.text == "" }

// IsList reports whether the value is a list.
func (n Node) IsList() bool { return n.v != nil && n.v.kind == list }

// IsMap reports whether the value is a mapping.
func (n Node) IsMap() bool { return n.v != nil && n.v.kind == mapping }

// Citing gives the node with what its problems cite: a section of a document.
func (n Node) Citing(citation string) Node {
	n.cites = citation
	return n
}

// Fail records a problem at this node.
func (n Node) Fail(format string, args ...any) { n.FailHint("", format, args...) }

// Failed reports whether a problem was recorded at this node or in it. What else is wrong
// with its value follows from that.
func (n Node) Failed() bool {
	if n.doc == nil {
		return false
	}
	path := n.problem("", "").Path
	return slices.ContainsFunc(n.doc.errs, func(e *Error) bool {
		rest, in := strings.CutPrefix(e.Path, path)
		return in && (rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}

// FailHint records a problem at this node and what to change.
func (n Node) FailHint(hint, format string, args ...any) {
	if n.doc == nil {
		panic("internal error: a problem at a node of no document: " + fmt.Sprintf(format, args...))
	}
	n.doc.fail(n.problem(hint, format, args...))
}

// warn records a warning at this node.
func (n Node) warn(hint, format string, args ...any) {
	if n.doc == nil {
		panic("internal error: a warning at a node of no document: " + fmt.Sprintf(format, args...))
	}
	n.doc.warn(n.problem(hint, format, args...))
}

func (n Node) problem(hint, format string, args ...any) *Error {
	return &Error{Pos: n.Pos(), Path: n.Path(), Msg: fmt.Sprintf(format, args...), Citation: n.cites, Hint: hint}
}

// is reports whether the node holds a usable value of kind k, and records the
// problem when it holds something else.
func (n Node) is(k kind) bool {
	if n.v == nil || n.v.refuse {
		return false
	}
	if n.v.kind != k {
		n.Fail("expected %s, got %s", k, n.v.kind)
		return false
	}
	return true
}

// List returns the values of a list.
func (n Node) List() []Node {
	if !n.is(list) {
		return nil
	}
	out := make([]Node, len(n.v.items))
	for i, item := range n.v.items {
		out[i] = Node{doc: n.doc, v: item}
	}
	return out
}

// Single reads a value that is either a mapping with exactly one key, as in
// "key-usage: {...}", or that key alone as text, as in "server-auth". In the
// second case the value is absent.
func (n Node) Single() (name string, value Node) {
	if n.v == nil || n.v.refuse {
		return "", Node{doc: n.doc}
	}
	switch {
	case n.v.kind == scalar:
		return n.Text(), Node{doc: n.doc, parent: n.v}
	case n.v.kind == mapping && len(n.v.keys) == 1:
		return n.v.keys[0].key, Node{doc: n.doc, v: n.v.items[0]}
	case n.v.kind == mapping:
		names := make([]string, len(n.v.keys))
		for i, k := range n.v.keys {
			names[i] = k.key
		}
		n.Fail("expected exactly one key, got %d%s", len(names), listed(": ", names))
	default:
		n.Fail("expected text or a mapping with one key, got %s", n.v.kind)
	}
	return "", Node{doc: n.doc, parent: n.v}
}

// isWord reports whether a key needs no quotes in a path.
func isWord[T string | []byte](key T) bool {
	for i := range len(key) {
		c := key[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-' {
			return false
		}
	}
	return len(key) > 0
}

// path returns the way from the root to v.
func (v *value) path() string {
	var parts []string
	for ; v != nil && v.parent != nil; v = v.parent {
		switch {
		case v.parent.kind == list:
			parts = append(parts, "["+strconv.Itoa(v.index)+"]")
		case v.key == "": // a key that is no text
		case isWord(v.key):
			parts = append(parts, "."+v.key)
		default:
			parts = append(parts, "["+quote(v.key)+"]")
		}
	}
	var b strings.Builder
	for i := len(parts) - 1; i >= 0; i-- {
		b.WriteString(parts[i])
	}
	return strings.TrimPrefix(b.String(), ".")
}

// quote shows a value in a message, shortened when it is long.
func quote(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) > most {
		return strconv.Quote(string([]rune(s)[:most])) + "..."
	}
	return strconv.Quote(s)
}

// listed joins a few names after a prefix; none give nothing.
func listed(prefix string, names []string) string {
	const most = 20
	if len(names) == 0 {
		return ""
	}
	if len(names) > most {
		return prefix + strings.Join(names[:most], ", ") + ", ..."
	}
	return prefix + strings.Join(names, ", ")
}
