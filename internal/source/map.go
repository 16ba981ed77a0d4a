// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

// Map is a mapping being read. Every key must be asked for before Close.
type Map struct {
	node  Node
	quiet bool // absent or already reported: say nothing
	asked []string
}

// Key is one entry of a mapping.
type Key struct {
	Name  string
	Pos   Pos
	Node  Node // the key itself as text, to be checked with Node.Name and the like
	Value Node
}

// Map returns the mapping at a node. The result is never nil; when the node is
// absent or no mapping, all that is asked of it is absent and nothing more is
// reported.
func (n Node) Map() *Map {
	return &Map{node: n, quiet: !n.is(mapping)}
}

// Node returns the mapping itself, for its position and path.
func (m *Map) Node() Node { return m.node }

// Need returns the value of a key and reports it when it is missing.
func (m *Map) Need(key string) Node {
	n := m.Opt(key)
	if !n.Present() && !m.quiet {
		m.node.Fail("missing key %q", key)
	}
	return n
}

// Opt returns the value of a key that may be missing.
func (m *Map) Opt(key string) Node {
	m.Known(key)
	if !m.quiet {
		if i, ok := m.node.v.byKey[key]; ok {
			return Node{doc: m.node.doc, v: m.node.v.items[i]}
		}
	}
	return Node{doc: m.node.doc, parent: m.node.v, name: key}
}

// Keys returns all entries in the order of the file and marks them as known.
// It is for mappings whose keys are names that the file chooses.
func (m *Map) Keys() []Key {
	if m.quiet {
		return nil
	}
	v := m.node.v
	out := make([]Key, len(v.keys))
	for i, k := range v.keys {
		m.Known(k.key)
		name := *k
		name.kind, name.text, name.plain = scalar, k.key, false // fillMap has warned
		out[i] = Key{
			Name:  k.key,
			Pos:   k.pos,
			Node:  Node{doc: m.node.doc, v: &name},
			Value: Node{doc: m.node.doc, v: v.items[i]},
		}
	}
	return out
}

// Known marks keys as known without reading them.
func (m *Map) Known(keys ...string) {
	m.asked = append(m.asked, keys...)
}

// Close reports every key that was never asked for.
func (m *Map) Close() {
	if m.quiet {
		return
	}
	known := make(map[string]bool, len(m.asked))
	var unused []string // what is there already is no suggestion for another key
	for _, k := range m.asked {
		known[k] = true
		if _, there := m.node.v.byKey[k]; !there {
			unused = append(unused, k)
		}
	}
	for _, k := range m.node.v.keys {
		if !known[k.key] && len(m.node.doc.errs) <= maxErrors {
			n := Node{doc: m.node.doc, v: k}
			n.FailHint(DidYouMean(k.key, unused), "unknown key %s", quote(k.key))
		}
	}
}
