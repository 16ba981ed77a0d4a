// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/lint/format"
	"rootceremony/profiles"
)

// today is the day of the tests.
var today = time.Date(2026, 12, 1, 9, 30, 0, 0, time.UTC)

// newLinter builds a linter of that day.
func newLinter(t testing.TB, opts Options) *Linter {
	t.Helper()
	opts.Now, opts.Planner = today, planner{}
	l, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// planner is the one of the command line, as far as these tests need it.
type planner struct{}

func (planner) Plan(context.Context, string, []byte, io.Reader) (*Planned, error) {
	return nil, errors.New("ceremony files are linted by the scripts of the command line")
}

func (planner) Site(name string, data []byte) error {
	_, err := plan.LoadSite(name, data)
	return err
}

// check lints files and shows the report as text.
func check(t testing.TB, l *Linter, files ...File) (*format.Report, string) {
	t.Helper()
	r, err := l.Check(t.Context(), files)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := format.Text(&text, r); err != nil {
		t.Fatal(err)
	}
	return r, text.String()
}

// builtInFiles are the profiles that come with the program.
func builtInFiles() []File {
	var out []File
	for _, p := range profiles.BuiltIns() {
		out = append(out, File{Name: p.Name + ".yaml", Data: p.Data, Named: true})
	}
	return out
}

// The profiles that come with the program raise nothing, and no rule lacks
// context: a specimen has all of it.
func TestBuiltInProfiles(t *testing.T) {
	r, text := check(t, newLinter(t, Options{}), builtInFiles()...)
	if len(r.Targets) != len(profiles.BuiltIns()) || strings.Contains(text, "not checked") {
		t.Error(text)
	}
	for _, target := range r.Targets {
		for _, f := range target.Findings {
			if f.Counts() {
				t.Errorf("%s: %s: %s", target.File, f.Rule, f.Message)
			}
		}
	}
}

// What a reader of YAML cites is a field of the finding, as of any other, and is
// once in its text.
func TestCitationOfYAML(t *testing.T) {
	p, ok := profiles.BuiltInByName("br-root")
	if !ok {
		t.Fatal("no br-root")
	}
	twice := bytes.Replace(p.Data, []byte("subject: ["), []byte("subject: [country, "), 1)
	r, text := check(t, newLinter(t, Options{}), File{Name: "p.yaml", Data: twice, Named: true})
	f := r.Targets[0].Findings[0]
	if f.Citation != "BR 7.1.4.1" || f.Message != "duplicate attribute country" {
		t.Errorf("%q cites %q", f.Message, f.Citation)
	}
	if !strings.Contains(text, ": duplicate attribute country (BR 7.1.4.1)\n") {
		t.Error(text)
	}
}
