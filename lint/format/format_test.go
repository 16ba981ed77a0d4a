// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package format

import (
	"bytes"
	"encoding/xml"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "write the expected outputs again")

// sample has one of everything, and texts that want to break out of their form.
func sample() *Report {
	r := &Report{
		Tool:    Tool{Name: "ceremony", Version: "v1.0.0", Engines: map[string]string{"zlint": "v3.7.3", "ceremony": "2026-11-22"}},
		At:      "2027-03-15",
		Skipped: 2,
		Notes:   []string{"out is a bundle; ceremony verify verifies it"},
		Rules: []Rule{
			{"e_excessively backdated", "zlint", "BRs: 7.1.2.7", "notBefore is not too far back"},
			{"cert.ku", "ceremony", "BR 7.1.2.10.7", "keyUsage is critical"},
			{"chain.issuer-dn", "ceremony", "BR 7.1.4.1, RFC 5280 4.1.2.4", "the issuer is the subject of the issuing CA"},
			{"house.rule", "ceremony", "house", "it is ours"},
		},
		Targets: []Target{
			{
				File: "profiles/root, new.yaml", Object: "profile root", Kind: "root-ca", Packs: []string{"cabf-tls", "mozilla"}, AsOf: "2027-03-15 (--at)",
				Evaluated: map[string]int{"zlint": 90, "ceremony": 40},
				Findings: []Finding{
					{Rule: "cert.ku", Engine: "ceremony", Level: Error, Message: "keyUsage asserts 100% of ]]> <b>&\"\n::error::x", Citation: "BR 7.1.2.10.7",
						Requirement: "keyUsage is critical", Field: "extension:key-usage", Hint: "take a bit away",
						Place: Place{File: "profiles/root, new.yaml", Line: 14, Column: 5, Path: "extensions[1].key-usage", Caret: "  - key-usage: {bits: []}\n    ^"}},
					{Rule: "house.rule", Engine: "ceremony", Level: Notice, Message: "twice", Place: Place{File: "profiles/root, new.yaml", Line: 2, Column: 1}},
					{Rule: "house.rule", Engine: "ceremony", Level: Notice, Message: "twice", Place: Place{File: "profiles/root, new.yaml", Line: 2, Column: 1}},
				},
				NotChecked: []NotChecked{},
			},
			{
				File: "chain.pem", Object: "certificate 2 of 2", Kind: "tls-ca", Guessed: "it has the purpose serverAuth", Packs: []string{"cabf-tls"},
				AsOf: "2026-12-01 (its notBefore)", Line: 20, SHA256: strings.Repeat("ab", 32),
				Findings: []Finding{
					{Rule: "e_excessively backdated", Engine: "zlint", Level: Warning, Message: "a day", Citation: "BRs: 7.1.2.7", Place: Place{File: "chain.pem", Line: 20},
						Suppressed: "false positive: of the tool"},
					{Rule: "chain.issuer-dn", Engine: "ceremony", Level: Fatal, Message: "another", Citation: "BR 7.1.4.1", Place: Place{File: "chain.pem", Line: 20},
						Related: &Place{File: "profiles/tls.yaml", Line: 3, Column: 1, Path: "subject"}},
					{Rule: "cert.ku", Engine: "ceremony", Level: Error, Message: "decided", Artifact: "e1-cert", Place: Place{File: "chain.pem", Line: 20},
						Waived: &Waiver{"agreed", "BR 1", "erin", "2027-12-01"}},
					{Rule: "house.rule", Engine: "ceremony", Level: Notice, Message: "soon", Place: Place{File: "chain.pem", Line: 20},
						TakesEffect: "2029-03-15"},
				},
				NotChecked: []NotChecked{{"chain.paths", "ceremony", []string{"issuer certificate"}}, {"chain.aki", "ceremony", []string{"issuer certificate"}}},
				Notes:      []string{"issuer: root.pem"},
			},
			{File: "/abs/root crl.der", Object: "crl", Kind: "ca-crl", Findings: []Finding{}, NotChecked: []NotChecked{}},
		},
	}
	r.Sort()
	return r
}

// written writes the sample in a format, twice.
func written(t *testing.T, name string) []byte {
	t.Helper()
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := Write(w, name, sample()); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("%s is not written the same way twice", name)
	}
	return a.Bytes()
}

func TestFormats(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			got, golden := written(t, name), filepath.Join("testdata", "sample."+name)
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", golden, diff)
			}
		})
	}
	if err := Write(&bytes.Buffer{}, "xlsx", sample()); err == nil {
		t.Error("an unknown format is written")
	}
}

func TestSARIFSchema(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile("testdata/sarif-2.1.0.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, log := range map[string][]byte{"sample": written(t, formatSARIF), "empty": empty(t)} {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(log))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The schema is closed: what it does not know it refuses.
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(`{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "result": []}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if schema.Validate(v) == nil {
		t.Error("a misspelt property passes")
	}
}

func empty(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := writeSARIF(&b, &Report{Tool: Tool{Name: "ceremony"}}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestJUnitIsXML(t *testing.T) {
	var out junitSuites
	if err := xml.Unmarshal(written(t, formatJUnit), &out); err != nil {
		t.Fatal(err)
	}
	if out.Tests != 6 || out.Failures != 2 || out.Skipped != 2 || len(out.Suites) != 3 {
		t.Errorf("%d tests, %d failures, %d skipped in %d suites", out.Tests, out.Failures, out.Skipped, len(out.Suites))
	}
}

// One annotation is one line, whatever a file put into a message.
func TestGitHubLines(t *testing.T) {
	commands := 0
	for line := range strings.Lines(string(written(t, formatGitHub))) {
		if strings.HasPrefix(line, "::") {
			commands++
		}
	}
	if commands != 3 {
		t.Errorf("%d commands, and 3 findings count", commands)
	}
}

func TestHelpURI(t *testing.T) {
	for citation, want := range map[string]string{
		"RFC 5280 4.1.2.5, BR 6.3.2": "https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5",
		"BR 7.1.2.1.1, RFC 5280 4.1": "https://cabforum.org/working-groups/server/baseline-requirements/documents/",
		"SBR 7.1.2.2":                "https://cabforum.org/working-groups/smime/documents/",
		"RFC 5280: 4.2.1.12":         "https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12",
		"RFC 6962":                   "https://www.rfc-editor.org/rfc/rfc6962",
		"house":                      "",
	} {
		if got := HelpURI(citation); got != want {
			t.Errorf("HelpURI(%q) = %q, want %q", citation, got, want)
		}
	}
}

// A note that is the same for three objects or more is told once, with how many; a
// verbose report has it at each.
func TestNotesAreToldOnce(t *testing.T) {
	r := &Report{}
	for i, n := range []string{"a", "a", "a", "b", "b"} {
		r.Targets = append(r.Targets, Target{File: fmt.Sprint(i), Object: "crl", Notes: []string{n}})
	}
	for _, c := range []struct {
		verbose bool
		want    map[string]int
	}{
		{false, map[string]int{"  note: a\n": 0, "note about 3 objects: a\n": 1, "  note: b\n": 2}},
		{true, map[string]int{"  note: a\n": 3, "note about": 0, "  note: b\n": 2}},
	} {
		var b strings.Builder
		r.Verbose = c.verbose
		if err := Text(&b, r); err != nil {
			t.Fatal(err)
		}
		for line, n := range c.want {
			if strings.Count(b.String(), line) != n {
				t.Errorf("verbose %t: %q is not there %d times:\n%s", c.verbose, line, n, b.String())
			}
		}
	}
}
