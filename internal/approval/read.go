// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"errors"
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with a document.
type Problem struct {
	Offset       int // bytes before it
	Line, Column int // from 1; 0 where there is no place
	Path         string
	Msg          string
}

// Error returns "line:column: path: message".
func (p *Problem) Error() string {
	var b strings.Builder
	if p.Line > 0 {
		fmt.Fprintf(&b, "%d:%d: ", p.Line, p.Column)
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	return b.String() + p.Msg
}

// Problems is all that is wrong with a document.
type Problems []*Problem

// Error returns one problem a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.Error()
	}
	return strings.Join(lines, "\n")
}

// maxProblems is more than a person would read.
const maxProblems = 100

// reader turns a document into typed values and collects what is wrong.
type reader struct {
	data     []byte
	problems Problems
}

// object is a JSON object that is read field by field; unknown fields are
// problems.
type object struct {
	r    *reader
	path string
	v    *value
	read map[string]bool
}

// readDocument calls f with the object that the document is, whose "type" must
// be kind, and returns all problems.
func readDocument(data []byte, kind string, f func(*object)) error {
	r := &reader{data: data}
	root, err := parseJSON(data)
	var problem *Problem
	switch {
	case errors.As(err, &problem):
		return Problems{problem}
	case err != nil:
		return Problems{{Msg: err.Error()}}
	}
	o := field{r, "", root}.object()
	if got := o.need("type").text(); got != kind && len(r.problems) == 0 {
		o.fail("type", "it is %q, not %q", got, kind)
	}
	if len(r.problems) == 0 {
		f(o)
		o.close()
	}
	if len(r.problems) > 0 {
		return r.problems
	}
	return nil
}

func (r *reader) fail(v *value, path, format string, args ...any) {
	if len(r.problems) >= maxProblems {
		return
	}
	p := &Problem{Path: path, Msg: fmt.Sprintf(format, args...)}
	if v != nil {
		p.Offset, p.Line, p.Column = v.offset, lineOf(r.data, v.offset), columnOf(r.data, v.offset)
	}
	r.problems = append(r.problems, p)
}

// fail names a field of the object.
func (o *object) fail(name, format string, args ...any) {
	at := o.v
	if o.v != nil && o.v.fields[name] != nil {
		at = o.v.fields[name]
	}
	o.r.fail(at, join(o.path, name), format, args...)
}

// need gives a field that must be there.
func (o *object) need(name string) field {
	f := o.opt(name)
	if o.v != nil && f.v == nil {
		o.r.fail(o.v, join(o.path, name), "it is missing")
	}
	return f
}

// opt gives a field that may be missing.
func (o *object) opt(name string) field {
	o.read[name] = true
	f := field{r: o.r, path: join(o.path, name)}
	if o.v != nil {
		f.v = o.v.fields[name]
	}
	return f
}

// close refuses unknown fields.
func (o *object) close() {
	if o.v == nil {
		return
	}
	for _, key := range o.v.keys {
		if !o.read[key] {
			o.r.fail(o.v.fields[key], join(o.path, key), "there is no such key here")
		}
	}
}

// entries gives all fields of an object whose keys are names.
func (o *object) entries() []field {
	var out []field
	if o.v == nil {
		return nil
	}
	for _, key := range o.v.keys {
		f := o.opt(key)
		if !IsName(key) {
			f.fail("%q is not a name: lower-case letters, digits and hyphens, at most %d", key, maxName)
			continue
		}
		out = append(out, f)
	}
	return out
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
