// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package reasons reads why no test fails without something, for the commands that take
// parts of the product away.
package reasons

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// Reasons are those of one file.
type Reasons struct {
	path string
	all  []reason
}

// reason says why no test can tell that something is gone, or need not.
type reason struct {
	name string // of what is gone; a * at its end matches the rest
	line int
	used bool
}

// Read reads a file of reasons: a comment above, then the names it is about.
func Read(path string) (*Reasons, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the reasons: %w", err)
	}
	out := &Reasons{path: path}
	reasoned := false
	for i, line := range strings.Split(string(data), "\n") {
		switch {
		case strings.TrimSpace(line) == "":
			reasoned = false
		case strings.HasPrefix(line, "#"):
			reasoned = true
		case !reasoned:
			return nil, fmt.Errorf("%s:%d: %q has no reason: put it below a line that begins with # and says why", path, i+1, line)
		default:
			out.all = append(out.all, reason{name: line, line: i + 1})
		}
	}
	return out, nil
}

// Covers reports whether there is a reason why nothing notices that something is gone.
func (rs *Reasons) Covers(name string) bool {
	found := false
	for i := range rs.all {
		r := &rs.all[i]
		start, open := strings.CutSuffix(r.name, "*")
		if r.name == name || open && strings.HasPrefix(name, start) {
			r.used, found = true, true
		}
	}
	return found
}

// Stale lists reasons that nothing needed, and counts them.
func (rs *Reasons) Stale(out io.Writer) (n int) {
	for _, r := range rs.all {
		if !r.used {
			n++
			fmt.Fprintf(out, "%s:%d: nothing survives that is called %s\n", rs.path, r.line, r.name)
		}
	}
	return n
}
