// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package format

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// The elements of JUnit XML that CI services read. There is no time in them.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
	Out      string      `xml:"system-out,omitempty"`
}

type junitCase struct {
	Name      string        `xml:"name,attr"`
	ClassName string        `xml:"classname,attr"`
	File      string        `xml:"file,attr,omitempty"`
	Line      int           `xml:"line,attr,omitempty"`
	Failure   *junitMessage `xml:"failure"`
	Skip      *junitMessage `xml:"skipped"`
	Out       string        `xml:"system-out,omitempty"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes a suite for each object. A finding that fails the run is a failed
// test, a lighter one a test that passed and says something, a rule that could not be
// checked a skipped one, and an object without findings one that passed.
func writeJUnit(w io.Writer, r *Report) error {
	out := junitSuites{Name: r.Tool.Name}
	for i := range r.Targets {
		s := r.suite(&r.Targets[i])
		out.Tests += s.Tests
		out.Failures += s.Failures
		out.Skipped += s.Skipped
		out.Suites = append(out.Suites, s)
	}
	var b bytes.Buffer
	e := xml.NewEncoder(&b)
	e.Indent("", "  ")
	if err := e.Encode(out); err != nil {
		return err
	}
	return escaped(w, xml.Header+b.String()+"\n", func(r rune) string { return fmt.Sprintf("&#x%X;", r) })
}

func (r *Report) suite(t *Target) junitSuite {
	s := junitSuite{Name: t.name(), Out: t.summary()}
	class := strings.TrimSpace(t.Object + " " + t.Kind)
	for i := range t.Findings {
		f := &t.Findings[i]
		if !f.Counts() {
			continue
		}
		if !r.fails(f) { // servers call a build failed for every failure
			s.Cases = append(s.Cases, junitCase{Name: f.Rule, ClassName: class, File: f.Place.File, Line: f.Place.Line, Out: failureText(t, f)})
			continue
		}
		s.Failures++
		s.Cases = append(s.Cases, junitCase{
			Name: f.Rule, ClassName: class, File: f.Place.File, Line: f.Place.Line,
			Failure: &junitMessage{Message: f.text(), Type: f.Level, Text: failureText(t, f)},
		})
	}
	if len(s.Cases) == 0 {
		s.Cases = append(s.Cases, junitCase{Name: "no findings", ClassName: class, File: t.File, Line: t.Line})
	}
	for _, n := range t.NotChecked {
		s.Skipped++
		s.Cases = append(s.Cases, junitCase{
			Name: n.Rule, ClassName: class, File: t.File, Line: t.Line,
			Skip: &junitMessage{Message: "not checked without " + n.without()},
		})
	}
	s.Tests = len(s.Cases)
	return s
}

func failureText(t *Target, f *Finding) string {
	s := fmt.Sprintf("%s: %s: %s", t.at(f), f.Level, f.text())
	if f.Requirement != "" && f.Requirement != f.message() {
		s += "\n" + oneLine(f.Requirement)
	}
	if f.Hint != "" {
		s += "\n" + oneLine(f.Hint)
	}
	return s
}
