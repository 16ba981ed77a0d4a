// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/ceremony/plan"
)

// script renders the script of an example.
func script(t *testing.T, folder string, site *plan.Site) string {
	t.Helper()
	page, err := preview(t, folder).Script(site)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// TestScriptGolden keeps the script of the first example, so that a change of
// what people will hold in their hands is seen in review.
func TestScriptGolden(t *testing.T) {
	const golden = "testdata/script-root-2026.html"
	page := script(t, filepath.Join("..", "..", "examples", "root-2026"), nil)
	if *update {
		if err := os.WriteFile(golden, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), page); diff != "" {
		t.Errorf("the script changed; if it should, run with -update (-golden +now):\n%s", diff)
	}
}

// TestScriptDependsOnPlanAndSite plans twice, with other specimen keys: the
// script is the same. A site puts devices in the place of blanks, and nothing
// else may follow from it.
func TestScriptDependsOnPlanAndSite(t *testing.T) {
	folder := filepath.Join("..", "..", "examples", "root-2026")
	if diff := cmp.Diff(script(t, folder, nil), script(t, folder, nil)); diff != "" {
		t.Errorf("two scripts of one plan differ:\n%s", diff)
	}
	site, err := plan.LoadSite("site.yaml", []byte(`
version: 1
tokens:
  root:    {module: /usr/lib/hsm.so, label: L1, serial: SERIAL-ROOT, model: Luna K7, login: pad}
  issuing: {module: /usr/lib/hsm.so, label: L2, serial: SERIAL-ISSUING, model: Luna K7, login: pad}
`))
	if err != nil {
		t.Fatal(err)
	}
	page := script(t, folder, site)
	for _, want := range []string{"<td>hsm-a", "SERIAL-ROOT", "SERIAL-ISSUING", "Luna K7"} {
		if n := strings.Count(page, want); n == 0 {
			t.Errorf("the script has no %s", want)
		}
	}
	if strings.Contains(page, "SOFTWARE TOKENS") {
		t.Error("hardware is called software")
	}
	site.SoftwareToken = true
	if page = script(t, folder, site); strings.Count(page, "SOFTWARE TOKENS") < 2 {
		t.Error("software tokens do not stand on every page")
	}
}

// TestScriptTables knows which objects are confirmed together.
func TestScriptTables(t *testing.T) {
	s, err := preview(t, filepath.Join("..", "..", "examples", "root-2026")).ScriptView(nil)
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]string{}
	for _, section := range s.Sections {
		for _, step := range section.Steps {
			if step.Table != nil || step.TableAt != "" {
				tables[step.Card.Artifact] = strings.Join(step.Table, " ") + step.TableAt
			}
		}
	}
	if diff := cmp.Diff(map[string]string{"r1-status-1": "r1-status-1 e1-status-1", "e1-status-1": "19"}, tables); diff != "" {
		t.Error(diff)
	}
}

// TestScriptOfOtherPlans renders plans with keys that exist, requests and
// cross-certificates.
func TestScriptOfOtherPlans(t *testing.T) {
	dir := examples(t)
	rehearse(t, filepath.Join(dir, "root-2026"))
	for name, wants := range map[string][]string{
		"issuing-2027": {"to be compared:", "on the token, input", "certificate request"},
		"cross-2026":   {"cross-certificate for an existing CA", "to be compared:"},
	} {
		page := script(t, filepath.Join(dir, name), nil)
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("the script of %s has no %q", name, want)
			}
		}
	}
}
