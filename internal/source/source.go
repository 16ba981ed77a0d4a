// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package source reads one YAML document strictly and remembers where each
// value was. It is the only importer of yaml.v3.
//
// # Strict
//
// YAML has many ways to write one thing and many readers that disagree. Files
// that decide what a CA signs must not depend on the reader, so [Parse] refuses
// all that is not plain: anchors, aliases, merge keys, tags, directives, null,
// second documents, duplicate keys, and characters that an editor does not
// show. Values are taken from the text as it is written, never from the type
// that YAML would give it: 010 is not eight and 1.10 keeps its zero.
//
// # Asking
//
// The caller asks a [Node] for what it needs. A wrong answer is recorded in the
// [Document] with its place, and the caller continues with a zero value, so that
// all mistakes of a file are reported at once:
//
//	doc, err := source.Parse(name, data)
//	if err != nil {
//		return err
//	}
//	m := doc.Root().Map()
//	title := m.Need("title").Text()
//	bits := m.Opt("bits").List()
//	m.Close() // keys that were not asked for are unknown keys
//	return doc.Err()
package source

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Pos is a place in a file. Line and Column start at 1 and a column is a
// character, not a byte.
type Pos struct {
	File         string
	Line, Column int
}

// String returns "file:line:column".
func (p Pos) String() string {
	if p.File == "" {
		return fmt.Sprintf("%d:%d", p.Line, p.Column)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Error is one problem at one place.
type Error struct {
	Pos  Pos
	Path string // the way from the root, as in "steps[3].validity.for"; may be empty
	Msg  string
	// Citation is the section of a document that asks for it; may be empty.
	Citation string
	Hint     string // what to change; may be empty
}

// Error returns "file:line:column: path: msg (citation) (hint)" on one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Pos.String())
	b.WriteString(": ")
	if e.Path != "" {
		b.WriteString(e.Path)
		b.WriteString(": ")
	}
	b.WriteString(oneLine(e.Msg))
	for _, s := range []string{e.Citation, e.Hint} {
		if s != "" {
			b.WriteString(" (" + oneLine(s) + ")")
		}
	}
	return b.String()
}

// oneLine keeps an error on its line regardless of the values in it.
func oneLine(s string) string {
	return strings.NewReplacer("\n", " ", "\t", " ").Replace(s)
}

// Errors are the problems of one or more files. A nil or empty Errors is still
// a non-nil error value; return it only when there is one.
type Errors []*Error

// Error returns one problem a line.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find each problem.
func (es Errors) Unwrap() []error {
	out := make([]error, len(es))
	for i, e := range es {
		out[i] = e
	}
	return out
}

// Sort orders by file, line and column, and keeps the order of problems at one
// place.
func (es Errors) Sort() {
	slices.SortStableFunc(es, func(a, b *Error) int {
		return cmp.Or(
			strings.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
		)
	})
}

// unique returns the sorted errors without repetitions.
func (es Errors) unique() Errors {
	out := slices.Clone(es)
	out.Sort()
	seen := make(map[Error]bool, len(out))
	return slices.DeleteFunc(out, func(e *Error) bool {
		again := seen[*e]
		seen[*e] = true
		return again
	})
}
