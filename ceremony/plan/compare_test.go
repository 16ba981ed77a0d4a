// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

// comparison is one kind of change to an example: old and new text of its files in
// turn.
type comparison struct {
	name    string
	example string
	edits   [][3]string // file, old text, new text
}

// bags is a step of the first example, and export another.
const (
	bags = `  - do: Show the tamper-evident bags of both HSMs to the camera, then open them.
    who: [administrator, internal-witness]
    record: {bag-a: text, bag-b: text}
    takes: 5min
`
	generateRoot = "  - generate: [root-x1]\n"
	status       = `  - ocsp: e1-status-1
    profile: profiles/ocsp-response.yaml
    issuer: root-x1
    responder: ocsp-x1-cert
    certificate: e1-cert
    status: good
    this-update: signing-time
    next-update: 11mo
`
)

// comparisons are all kinds of changes that people are told of.
func comparisons() []comparison {
	file := func(name, old, new string) [3]string { return [3]string{name, old, new} }
	ceremony := func(old, new string) [][3]string { return [][3]string{file("ceremony.yaml", old, new)} }
	return []comparison{
		{"nothing", "root-2026", nil},
		{"comments only", "root-2026", [][3]string{
			file("ceremony.yaml", "# a trial; without this line", "# only a trial; without this line"), file("profiles/root.yaml", "version: 1\n", "version: 1 # of the form\n")}},
		{"a step taken out", "root-2026", ceremony(status, "")},
		{"a step for people taken out", "root-2026", ceremony(bags, "")},
		{"a step added", "root-2026", ceremony("  - section: Make the keys\n", "  - do: Look at the clock.\n    who: [administrator]\n\n  - section: Make the keys\n")},
		{"a step moved", "root-2026", [][3]string{file("ceremony.yaml", bags, ""), file("ceremony.yaml", generateRoot, generateRoot+bags)}},
		{"an artifact renamed", "root-2026", [][3]string{
			file("ceremony.yaml", "issue: ocsp-x1-cert", "issue: ocsp-cert"), file("ceremony.yaml", "responder: ocsp-x1-cert", "responder: ocsp-cert"),
			file("ceremony.yaml", "responder: ocsp-x1-cert", "responder: ocsp-cert")}},
		{"a key renamed", "root-2026", [][3]string{
			file("ceremony.yaml", "  r1:      {token: issuing", "  r9:      {token: issuing"), file("ceremony.yaml", "- generate: [r1, e1, ocsp-x1]", "- generate: [r9, e1, ocsp-x1]"),
			file("ceremony.yaml", "key: r1\n", "key: r9\n")}},
		{"an input renamed", "cross-2026", [][3]string{
			file("ceremony.yaml", "  partner-request: {file", "  from-partner: {file"), file("ceremony.yaml", "{request: partner-request}", "{request: from-partner}")}},
		{"a step with another text", "root-2026", ceremony("bags of both HSMs to the camera", "bags of all HSMs to the camera")},
		{"a step with other people and fields", "root-2026", ceremony("    record: {bag-a: text, bag-b: text}\n    takes: 5min", "    record: {bag-a: text, seal: digest}\n    takes: 10min")},
		{"another reference", "root-2026", ceremony("    certificate: e1-cert", "    certificate: r1-cert")},
		{"another validity", "root-2026", ceremony("for: 9y6mo", "for: 9y")},
		{"an end instead of a length", "root-2026", ceremony("not-before: signing-day, for: 9y6mo", "not-before: signing-day, not-after: 2036-01-01T00:00:00Z")},
		{"values of a profile", "root-2026", [][3]string{
			file("profiles/tls-issuing.yaml", "path-length: 0", "path-length: 1"), file("profiles/tls-issuing.yaml", "digital-signature, ", "")}},
		{"the window", "root-2026", ceremony("to: 2026-12-02T04:00:00Z", "to: 2026-12-02T06:00:00Z, extend: 2h")},
		{"people", "root-2026", ceremony("internal-witness: {of: [bob, carol], need: 2}", "internal-witness: {of: [bob, carol, frank], need: 1}\n  observer: {of: [gina], need: 1}")},
		{"another token and algorithm", "root-2026", ceremony("r1:      {token: issuing, algorithm: rsa-3072", "r1:      {token: root, algorithm: ecdsa-p384")},
		{"the name and place of an authority", "root-2026", [][3]string{
			file("ceremony.yaml", "common-name: E1", "common-name: E7"), file("ceremony.yaml", "crl-url: http://x1.c.example.com/root-x1.crl", "crl-url: http://x2.c.example.com/root-x1.crl")}},
		{"materials, title and approval", "root-2026", [][3]string{
			file("ceremony.yaml", "what: new USB stick for the bundle", "what: old USB stick"), file("ceremony.yaml", "title: Root X1 and", "title: Root X2 and"), file("ceremony.yaml", "  approval: none ", "  approval: policy ")}},
		{"an input", "cross-2026", ceremony("{bundle: ../bundles/root-2026, artifact: root-x1-cert}", "{file: ../bundles/root-2026/artifacts/root-x1-cert.pem, kind: certificate}")},
		{"the site", "root-2026", [][3]string{file("site.yaml", "label: ", "label: new-")}},
	}
}

// side loads an example with the files of its site.
func side(t *testing.T, folder string) *plan.Side {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, "site.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	site, err := plan.LoadSite("site.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ceremonytest.Load(t, folder).Side(site)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestCompareStrangers guards the terminal and the program against a plan.json of
// somebody else.
func TestCompareStrangers(t *testing.T) {
	empty := &plan.Side{Plan: &plan.Plan{Ceremony: plan.Identity{Title: "A \x1b[31mred\nsecond \u202e title"}}}
	folder := filepath.Join(ceremonytest.Examples(t), "root-2026")
	for _, sides := range [][2]*plan.Side{{empty, side(t, folder)}, {side(t, folder), empty}} {
		c, err := plan.Compare(sides[0], sides[1])
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := c.Write(&b); err != nil || strings.ContainsAny(b.String(), "\x1b\u202e") || strings.Contains(b.String(), "\nsecond") {
			t.Errorf("%v: %q", err, b.String())
		}
	}
}

// TestCompare guards the people who agree to another plan: they read first, in words,
// what changes, and that it is all that changes.
func TestCompare(t *testing.T) {
	var b strings.Builder
	for _, c := range comparisons() {
		examples := ceremonytest.Examples(t)
		folder := filepath.Join(examples, c.example)
		if err := os.CopyFS(filepath.Join(examples, "bundles", "root-2026"), os.DirFS(ceremonytest.GoldenBundle)); err != nil {
			t.Fatal(err)
		}
		before := side(t, folder)
		for _, e := range c.edits {
			ceremonytest.Replace(t, filepath.Join(folder, e[0]), e[1], e[2])
		}
		got, err := plan.Compare(before, side(t, folder))
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString("# " + c.name + "\n" + strings.Join(got.Lines(), "\n") + "\n\n")
		told := slices.ContainsFunc(got.Changes, func(c plan.Change) bool { return c.About != "site" })
		if values := slices.ContainsFunc(got.Values, func(v string) bool { return !strings.Contains(v, "sha256") }); values != told {
			t.Errorf("%s: differing values %v, told %v", c.name, got.Values, got.Changes)
		}
	}
	name := filepath.Join("testdata", "compare.golden")
	if *update {
		if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), b.String()); d != "" {
		t.Error(d)
	}
}
