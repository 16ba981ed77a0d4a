// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/token"
)

var update = flag.Bool("update", false, "write the expected files anew")

// TestScriptGolden keeps the script of the first example, so that a change of
// what people will hold in their hands is seen in review.
func TestScriptGolden(t *testing.T) {
	const golden = "testdata/script-root-2026.html"
	page := ceremonytest.Script(t, filepath.Join("..", "..", "examples", "root-2026"), nil)
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
	if diff := cmp.Diff(ceremonytest.Script(t, folder, nil), ceremonytest.Script(t, folder, nil)); diff != "" {
		t.Errorf("two scripts of one plan differ:\n%s", diff)
	}
	site, err := plan.LoadSite("site.yaml", []byte(`
version: 1
tokens:
  root:    {module: /usr/lib/hsm.so, label: L1, serial: SERIAL-ROOT, model: Luna K7, login: pad, spares: [{serial: SERIAL-SPARE}]}
  issuing: {module: /usr/lib/hsm.so, label: L2, serial: SERIAL-ISSUING, model: Luna K7, login: pad}
`))
	if err != nil {
		t.Fatal(err)
	}
	page := ceremonytest.Script(t, folder, site)
	for _, want := range []string{"<td>hsm-a", "SERIAL-ROOT", "SERIAL-ISSUING", "Luna K7", "<td class=\"name\">spare of root</td><td>L1</td><td>SERIAL-SPARE</td>"} {
		if n := strings.Count(page, want); n == 0 {
			t.Errorf("the script has no %s", want)
		}
	}
	if strings.Contains(page, "SOFTWARE TOKENS") {
		t.Error("hardware is called software")
	}
	const logins = "<td class=\"name\">issuing</td><td>1</td><td>1</td><td><b>2</b></td>"
	if !strings.Contains(page, logins) {
		t.Error("the script does not say how many logins a token has")
	}
	site.Tokens[1].Login = token.LoginNone
	if page = ceremonytest.Script(t, folder, site); strings.Contains(page, logins) {
		t.Error("a token without a login has logins in the script")
	}
	site.SoftwareToken = true
	if page = ceremonytest.Script(t, folder, site); strings.Count(page, "SOFTWARE TOKENS") < 2 {
		t.Error("not every page says that tokens are software")
	}
}

// TestScriptTables knows which objects are confirmed together.
func TestScriptTables(t *testing.T) {
	s, err := plan.ScriptView(ceremonytest.Preview(t, filepath.Join("..", "..", "examples", "root-2026")), nil)
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
	if diff := cmp.Diff(map[string]string{"r1-status-1": "r1-status-1 e1-status-1", "e1-status-1": "14"}, tables); diff != "" {
		t.Error(diff)
	}
}
