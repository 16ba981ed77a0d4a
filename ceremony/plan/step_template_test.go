// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

// TestStepTemplates guards what every ceremony does by hand: the steps are in the
// plan as if they were written there, and docs/ceremony-file.md names them all.
func TestStepTemplates(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.WithStepTemplates(t))
	var all strings.Builder
	for _, st := range p.Plan.Steps {
		all.WriteString(st.Title + "\n")
	}
	for i, st := range p.Plan.Numbered() { // sections take no number
		if want := strconv.Itoa(i + 1); st.ID != want {
			t.Errorf("step %s is the step %s", st.ID, want)
		}
	}
	if strings.ContainsAny(all.String(), "{}") || !strings.Contains(all.String(), "Copy keys root and ca of token root to HSM B") {
		t.Errorf("parameters are not put in:\n%s", all.String())
	}
	if len(p.Warnings()) != 0 {
		t.Errorf("a root key that is backed up: %q", p.Warnings())
	}
	if w := ceremonytest.Preview(t, ceremonytest.FastFolder(t)).Warnings(); len(w) != 1 || !strings.Contains(w[0].Text, `root key "root"`) {
		t.Errorf("a root key that nothing backs up: %q", w)
	}
	page, err := os.ReadFile("../../docs/ceremony-file.md")
	if err != nil {
		t.Fatal(err)
	}
	templates, err := plan.StepTemplates()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range templates {
		if !strings.Contains(string(page), "| `"+r.Name+"` |") || r.Says == "" || len(r.Steps) == 0 {
			t.Errorf("docs/ceremony-file.md does not name %s", r.Name)
		}
		for name := range r.With {
			if !strings.Contains(string(page), "`"+name+"`") {
				t.Errorf("docs/ceremony-file.md does not name the parameter %s of %s", name, r.Name)
			}
		}
	}
}

// TestKeptAsItWas guards bundles against later programs: step templates and built-in
// profiles that the program ships otherwise by then are read from the bundle.
func TestKeptAsItWas(t *testing.T) {
	p := ceremonytest.Amended(t, "profile: profiles/root.yaml", "profile: builtin:br-root", "  - section: Signatures\n", "  - step-template: cameras\n    who: [administrator]\n  - section: Signatures\n")
	other := plan.Bundled{Folder: plan.Folder, Plan: p.Plan, ReadAs: func(path string, _ int64) ([]byte, error) {
		f := plan.Find(p.Plan.Files, func(f *plan.File) bool { return f.In(plan.Folder) == path })
		data := string(p.Raw(*f))
		return []byte(strings.NewReplacer("Start all cameras.", "Start the old cameras.", "the section of your", "the page of your").Replace(data)), nil
	}}
	l, err := plan.Load("ceremony.yaml", p.Doc.Data, other)
	if err != nil {
		t.Fatal(err)
	}
	if title := plan.Find(l.Plan.Steps, func(s *plan.Step) bool { return strings.Contains(s.Title, "cameras") }).Title; !strings.Contains(title, "the old cameras") {
		t.Errorf("the current step template: %s", title)
	}
	for _, f := range l.Plan.Files {
		before := plan.Find(p.Plan.Files, func(g *plan.File) bool { return g.Path == f.Path })
		if changed := f.SHA256 != before.SHA256; changed != (f.Path == "step-templates:cameras" || f.Path == "builtin:br-root") {
			t.Errorf("%s: changed %v", f.Path, changed)
		}
	}
}
