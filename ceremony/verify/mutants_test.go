// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rootceremony/internal/source"
)

// mutant is a ceremony file with one change.
type mutant struct {
	what string // was done to it
	text string
}

// mutants are a ceremony file without each step, with each two neighbours
// swapped, and with each reference to each other id.
func mutants(t *testing.T, text string) []mutant {
	t.Helper()
	doc, err := source.Parse("ceremony.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat(reordered(doc, text), referring(doc, text))
}

// reordered removes each step and swaps each two neighbours.
func reordered(doc *source.Document, text string) (out []mutant) {
	lines := strings.SplitAfter(text, "\n")
	var starts []int // of steps, in lines
	for _, step := range doc.Root().Map().Opt("steps").List() {
		starts = append(starts, step.Pos().Line-1)
	}
	end := starts[len(starts)-1] + 1
	for end < len(lines) && (strings.HasPrefix(lines[end], " ") || lines[end] == "\n") {
		end++
	}
	starts = append(starts, end)
	part := func(from, to int) string { return strings.Join(lines[from:to], "") }
	for i := range len(starts) - 1 {
		before, this, after := part(0, starts[i]), part(starts[i], starts[i+1]), part(starts[i+1], len(lines))
		out = append(out, mutant{fmt.Sprintf("without step %d", i+1), before + after})
		if i+2 < len(starts) {
			next := part(starts[i+1], starts[i+2])
			out = append(out, mutant{fmt.Sprintf("steps %d and %d swapped", i+1, i+2), before + next + this + part(starts[i+2], len(lines))})
		}
	}
	return out
}

// referring has each reference name each other thing of the file.
func referring(doc *source.Document, text string) (out []mutant) {
	ids := identifiers(doc)
	lines := strings.SplitAfter(text, "\n")
	each(doc.Root(), func(n source.Node) {
		id, pos := n.Text(), n.Pos()
		line := lines[pos.Line-1]
		if !slices.Contains(ids, id) || !strings.HasPrefix(line[pos.Column-1:], id) {
			return
		}
		for _, other := range ids {
			if other == id {
				continue
			}
			changed := slices.Clone(lines)
			changed[pos.Line-1] = line[:pos.Column-1] + other + line[pos.Column-1+len(id):]
			out = append(out, mutant{fmt.Sprintf("%s: %s is %s", n.Path(), id, other), strings.Join(changed, "")})
		}
	})
	return out
}

// identifiers are the names of inputs, keys, authorities and artifacts.
func identifiers(doc *source.Document) []string {
	var ids []string
	root := doc.Root().Map()
	for _, section := range []string{"inputs", "keys", "authorities"} {
		if !root.Opt(section).Present() {
			continue
		}
		for _, k := range root.Opt(section).Map().Keys() {
			ids = append(ids, k.Node.Text())
		}
	}
	for _, step := range root.Opt("steps").List() {
		for _, word := range []string{"issue", "crl", "ocsp", "request"} {
			if n := step.Map().Opt(word); n.IsScalar() {
				ids = append(ids, n.Text())
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// each visits every scalar below a node.
func each(n source.Node, visit func(source.Node)) {
	switch {
	case n.IsMap():
		for _, k := range n.Map().Keys() {
			each(k.Value, visit)
		}
	case n.IsList():
		for _, item := range n.List() {
			each(item, visit)
		}
	case n.IsScalar():
		visit(n)
	}
}
