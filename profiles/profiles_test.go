// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/internal/source"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

var update = flag.Bool("update", false, "write the expected output instead of comparing it")

// parse reads a profile that has no problem.
func parse(t *testing.T, name string, data []byte) profiles.Profile {
	t.Helper()
	doc, err := source.Parse(name, data)
	if err != nil {
		t.Fatal(err)
	}
	p, err := profiles.Parse(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range doc.Warnings() {
		t.Errorf("warning: %v", w)
	}
	return p
}

func readFile(t *testing.T, path string) []byte { return readSeed(t, path) }

func readSeed(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// glob finds at least one file.
func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no file %s: %v", pattern, err)
	}
	return files
}

// Every wrong profile gives exactly the messages that are next to it.
func TestParseErrors(t *testing.T) {
	for _, file := range glob(t, "testdata/err/*.yaml") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			doc, err := source.Parse(filepath.Base(file), readFile(t, file))
			if err != nil {
				t.Log("the problems include some of the text itself")
			}
			_, err = profiles.Parse(doc)
			if err == nil {
				t.Fatal("no problem found")
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".out", err.Error()+"\n")
		})
	}
}

// golden compares with a file, or writes it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(string(readFile(t, path)), got); d != "" {
		t.Errorf("differs from %s (-want +got):\n%s", path, d)
	}
}

func TestParseOK(t *testing.T) {
	for _, file := range append(glob(t, "testdata/ok/*.yaml"), glob(t, "../examples/*/profiles/*.yaml")...) {
		t.Run(file, func(t *testing.T) { parse(t, file, readFile(t, file)) })
	}
}

func TestBuiltIns(t *testing.T) {
	for _, r := range profiles.BuiltIns() {
		p := parse(t, r.Name, r.Data)
		if p.Head().Name != r.Name {
			t.Errorf("%s calls itself %s", r.Name, p.Head().Name)
		}
		if r.Summary == "" || strings.HasPrefix(r.Summary, "#") {
			t.Errorf("%s has no summary: %q", r.Name, r.Summary)
		}
		if again, ok := profiles.BuiltInByName(r.Name); !ok || string(again.Data) != string(r.Data) {
			t.Errorf("%s is not found by its name", r.Name)
		}
	}
	if _, ok := profiles.BuiltInByName("none"); ok {
		t.Error("a profile that does not exist is found")
	}
}

// A finding can point at the line responsible, or at what is around it, and
// has the same words for it in every format.
func TestPos(t *testing.T) {
	file := "testdata/ok/everything.yaml"
	h := parse(t, file, readFile(t, file)).Head()
	for field, want := range map[profiles.Field]struct {
		words string
		line  int
		path  string
	}{
		{Member: "key"}:                                      {"key", 9, "key"},
		{Member: "signature"}:                                {"signature", 10, "signature"},
		{Member: "serial"}:                                   {"serial", 11, "serial"},
		{Member: "subject"}:                                  {"subject", 12, "subject"},
		{Attribute: "organization"}:                          {"subject.organization", 21, "subject[8]"},
		{Attribute: "domain-component"}:                      {"subject.domain-component", 13, "subject[0]"},
		{Attribute: "title"}:                                 {"subject.title", 12, "subject"},
		{Member: "validity"}:                                 {"validity", 29, "validity"},
		{Member: "next-update"}:                              {"next-update", 29, "validity"},
		{Member: "extensions"}:                               {"extensions", 30, "extensions"},
		{Extension: "key-usage"}:                             {"extension:key-usage", 37, "extensions[6].key-usage"},
		{Extension: "key-usage", Key: "bits"}:                {"extension:key-usage.bits", 37, "extensions[6].key-usage.bits"},
		{Extension: "certificate-policies"}:                  {"extension:certificate-policies", 39, "extensions[8].certificate-policies"},
		{Extension: "ocsp-no-check"}:                         {"extension:ocsp-no-check", 30, "extensions"},
		{Extension: ext.NameRaw, OID: "1.3.6.1.4.1.99999.1"}: {"extension:raw:1.3.6.1.4.1.99999.1", 31, "extensions[0].raw"},
		{Extension: ext.NameRaw, OID: "1.3.6.1.4.1.99999.9"}: {"extension:raw:1.3.6.1.4.1.99999.9", 30, "extensions"},
		{Member: "intent"}:                                   {"intent", 5, "intent"},
		{Member: "nothing"}:                                  {"nothing", 2, ""},
		{}:                                                   {"", 2, ""},
		{Entry: 1}:                                           {"revoke[0]", 2, ""},
	} {
		pos, path := h.Pos(field)
		if pos.Line != want.line || path != want.path {
			t.Errorf("%q: got line %d, %q; want line %d, %q", field, pos.Line, path, want.line, want.path)
		}
		if field.String() != want.words {
			t.Errorf("%q: want %q", field, want.words)
		}
	}
}
