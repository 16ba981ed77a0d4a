// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"crypto/sha256"
	"fmt"
)

// maxErrors bounds what a hostile file can make us print.
const maxErrors = 1000

// Document is one parsed file and the problems found in it so far.
type Document struct {
	Name   string
	Data   []byte // the bytes as read
	SHA256 [32]byte

	json     bool // by ParseJSON
	root     *value
	lines    []int // byte offset of each line
	cursor   cursor
	errs     Errors
	warnings Errors
}

// Parse checks the bytes and the shape of one YAML document. The error is an
// [Errors] with all problems found. The Document is never nil: with an error
// it still serves [Document.Line] and [Document.Caret], and when the problems
// are only of shape its values can still be read, so that the problems of the
// values are reported too.
func Parse(name string, data []byte) (*Document, error) {
	return parse(name, data, false)
}

// ParseJSON is [Parse] for a document that must be JSON (RFC 8259), in which text is
// in quotes and numbers are not. Its values follow the same rules.
func ParseJSON(name string, data []byte) (*Document, error) {
	return parse(name, data, true)
}

func parse(name string, data []byte, isJSON bool) (*Document, error) {
	d := &Document{Name: name, Data: data, SHA256: sha256.Sum256(data), json: isJSON, lines: lineStarts(data)}
	d.checkBytes()
	if len(d.errs) == 0 && isJSON {
		d.checkJSON()
	}
	if len(d.errs) == 0 {
		if isJSON {
			d.buildJSON()
		} else {
			d.build()
		}
	}
	return d, d.Err()
}

// Root returns the outermost value. It is absent when the text could not be
// parsed at all.
func (d *Document) Root() Node {
	return Node{doc: d, v: d.root}
}

// Err returns the problems recorded so far as an [Errors], sorted and without
// repetitions, or nil.
func (d *Document) Err() error {
	if len(d.errs) == 0 {
		return nil
	}
	return d.errs.unique()
}

// Warnings returns what is right for us but would be read differently by other
// tools.
func (d *Document) Warnings() []*Error {
	return d.warnings.unique()
}

// fail records a problem.
func (d *Document) fail(e *Error) {
	switch {
	case len(d.errs) < maxErrors:
		d.errs = append(d.errs, e)
	case len(d.errs) == maxErrors:
		d.errs = append(d.errs, &Error{
			Pos: Pos{File: d.Name, Line: max(len(d.lines), 1), Column: 1},
			Msg: fmt.Sprintf("more than %d problems; the others are not shown", maxErrors),
		})
	}
}

// warn records a warning.
func (d *Document) warn(e *Error) {
	if len(d.warnings) < maxErrors {
		d.warnings = append(d.warnings, e)
	}
}
