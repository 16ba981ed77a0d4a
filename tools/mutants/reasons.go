// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"strings"
)

// reason says why no test can tell a mutant from the rules, or need not.
type reason struct {
	name string // of the mutant; a * at its end matches the rest
	line int
	used bool
}

// readReasons reads the file of reasons: a comment above, then the names it is about.
func readReasons(path string) (out []reason, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the reasons: %w", err)
	}
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
			out = append(out, reason{name: line, line: i + 1})
		}
	}
	return out, nil
}

// covered reports whether a mutant may survive.
func covered(reasons []reason, name string) bool {
	found := false
	for i := range reasons {
		r := &reasons[i]
		start, open := strings.CutSuffix(r.name, "*")
		if r.name == name || open && strings.HasPrefix(name, start) {
			r.used, found = true, true
		}
	}
	return found
}
