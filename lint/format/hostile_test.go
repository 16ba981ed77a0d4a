// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package format

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"unicode"
)

// hostile are names that a stranger can give files and texts that objects can have: each
// would be a command of a CI service, a colour of a terminal, or another text.
var hostile = []string{
	"x\n::error file=README.md,line=1::pwned\x1b[31m.der", "::error ::pwned.der", "  ::warning::pwned", "a##[error]pwned.der", "##vso[task.complete]pwned",
	"a\r::error::pwned", "b\u009b31m.der", "c\u202ered.der", "d\u2028::error::pwned", "e\x7f", "f\xff",
}

// What others wrote is data in each format: it makes no line, no command and no colour.
func TestNamesOfOthersAreData(t *testing.T) {
	for _, name := range hostile {
		place := Place{File: name, Line: 1, Path: name, Caret: "x: " + name}
		r := &Report{
			Verbose: true, Notes: []string{name}, PassedBy: []Skipped{{name, name}},
			Targets: []Target{{
				File: name, Object: "crl", Guessed: name, Notes: []string{"issuer: " + name}, NotChecked: []NotChecked{{name, name, []string{name}}},
				Findings: []Finding{{Rule: "house.rule", Level: Error, Message: name, Artifact: name, Hint: name, Place: place, Related: &place}},
			}},
		}
		for _, format := range Names() {
			var b bytes.Buffer
			if err := Write(&b, format, r); err != nil {
				t.Fatal(err)
			}
			harmless(t, format, name, b.String())
			switch format {
			case formatJSON, formatSARIF:
				if !json.Valid(b.Bytes()) {
					t.Errorf("%s of %q is no JSON", format, name)
				}
			case formatJUnit:
				if err := xml.Unmarshal(b.Bytes(), new(junitSuites)); err != nil {
					t.Errorf("%s of %q: %v", format, name, err)
				}
			}
		}
	}
}

// harmless looks at an output as a terminal and the log of a CI service do.
func harmless(t *testing.T, format, name, out string) {
	t.Helper()
	for line := range strings.Lines(out) {
		line = strings.TrimSuffix(line, "\n")
		command := strings.HasPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::")
		if format == formatGitHub && strings.HasPrefix(line, "::error file=") && !strings.HasPrefix(line, "::error file=README.md") {
			command = false // the annotation
		}
		if command || !strings.HasPrefix(line, "::") && (strings.Contains(line, "##[") || strings.Contains(line, "##vso[")) {
			t.Errorf("%s of %q has the command %q", format, name, line)
		}
		for _, r := range line {
			if r != '\t' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)) {
				t.Errorf("%s of %q has %U in %q", format, name, r, line)
			}
		}
	}
}
