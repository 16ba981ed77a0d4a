// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// language is a kind of file that people write.
type language struct {
	schema string
	beyond []exception // what a schema cannot say
	strict []exception // what a schema says and the loader does not
}

// exception is a kind of fault on which schema and loader differ. Each one must
// still be needed.
type exception struct {
	pattern string // of the loader's message; for strict ones, of the fault
	why     string
	used    bool
}

// sample is one file that its loader accepts.
type sample struct {
	name  string
	value any
	load  func(data []byte) error
}

func newSample(t *testing.T, name string, data []byte, load func([]byte) error) sample {
	t.Helper()
	if err := load(data); err != nil {
		t.Fatal(err)
	}
	return sample{name, valueOf(t, name, data), load}
}

// accepts checks that the schema accepts the samples.
func (l *language) accepts(t *testing.T, samples ...sample) *jsonschema.Schema {
	t.Helper()
	s := compile(t, l.schema)
	for _, sample := range samples {
		if err := s.Validate(sample.value); err != nil {
			t.Errorf("%s is refused: %v", sample.name, err)
		}
	}
	return s
}

// agree holds a schema to its loader: on the samples, and on every single
// fault of them.
func (l *language) agree(t *testing.T, samples []sample) {
	t.Helper()
	s := l.accepts(t, samples...)
	seen := map[string]map[string]any{}
	for _, sample := range samples {
		collect(seen, sample.value, "")
	}
	accepted, refused := 0, 0
	for _, sample := range samples {
		for _, f := range faults(sample.value, seen) {
			err := sample.load(encode(t, f.value))
			if err == nil {
				accepted++
			} else {
				refused++
			}
			if why := l.differ(f, err, s.Validate(f.value)); why != "" {
				t.Errorf("%s: %s: %s", sample.name, f, why)
			}
		}
	}
	t.Logf("%d samples, %d faults that the loader refuses, %d changes that it accepts", len(samples), refused, accepted)
	for _, e := range append(l.beyond, l.strict...) {
		if !e.used && allFaults() {
			t.Errorf("no fault needs the exception %q (%s) any more", e.pattern, e.why)
		}
	}
}

// differ says how loader and schema disagree on a fault, or gives "".
func (l *language) differ(f fault, loader, schema error) string {
	switch {
	case loader == nil && schema != nil && !match(l.strict, f.String()):
		return fmt.Sprintf("the loader accepts it, the schema says %v", schema)
	case loader != nil && schema == nil:
		for _, msg := range messages(loader) {
			if !match(l.beyond, msg) {
				return "the schema accepts it, the loader says " + msg
			}
		}
	}
	return ""
}

// messages gives what a loader says, without the places.
func messages(err error) []string {
	var problems source.Errors
	if !errors.As(err, &problems) {
		return []string{err.Error()}
	}
	var out []string
	for _, p := range problems {
		out = append(out, p.Msg)
	}
	return out
}

func match(list []exception, text string) bool {
	for i := range list {
		if regexp.MustCompile(list[i].pattern).MatchString(text) {
			list[i].used = true
			return true
		}
	}
	return false
}

func TestProfilesAgree(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{}
	for _, r := range profiles.BuiltIns() {
		files["builtin:"+r.Name] = r.Data
	}
	for _, name := range slices.Concat(glob(t, "../../profiles/testdata/ok/*.yaml"), glob(t, "../../examples/*/profiles/*.yaml")) {
		files[name] = readFile(t, name)
	}
	var all, oneOfEach []sample
	kinds := map[any]bool{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		s := newSample(t, name, files[name], loadProfile)
		all = append(all, s)
		kind := s.value.(map[string]any)["kind"]
		if !kinds[kind] && !strings.Contains(name, "examples") {
			oneOfEach = append(oneOfEach, s)
			kinds[kind] = true
		}
	}
	if len(oneOfEach) != len(profiles.Kinds()) {
		t.Errorf("samples of the kinds %v", kinds)
	}
	l := language{schema: "profile", beyond: beyondProfiles, strict: []exception{warned}}
	l.accepts(t, all...)
	l.agree(t, oneOfEach)
}

func loadProfile(data []byte) error {
	doc, err := source.Parse("profile.yaml", data)
	if err != nil {
		return err
	}
	_, err = profiles.Parse(doc)
	return err
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %v, %v", pattern, names, err)
	}
	return names
}

// TestBadProfiles guards that what the profiles room keeps as faults is a fault
// to the schema too, or beyond it.
func TestBadProfiles(t *testing.T) {
	s := compile(t, "profile")
	l := language{beyond: beyondProfiles}
	for _, name := range glob(t, "../../profiles/testdata/err/*.yaml") {
		doc, err := source.Parse(name, readFile(t, name))
		if err != nil {
			continue // it is no value at all
		}
		_, err = profiles.Parse(doc)
		if why := l.differ(fault{where: name}, err, s.Validate(nodeValue(doc, doc.Root()))); why != "" {
			t.Error(why)
		}
	}
}

func TestSitesAgree(t *testing.T) {
	var samples []sample
	for _, name := range slices.Concat(glob(t, "../../examples/*/site.yaml"), glob(t, "testdata/site*.yaml")) {
		samples = append(samples, newSample(t, name, readFile(t, name), loadSite))
	}
	l := language{schema: "site", strict: strictSites, beyond: beyondSites}
	l.agree(t, samples)
}

func loadSite(data []byte) error {
	_, err := plan.LoadSite("site.yaml", data)
	return err
}

// TestExamples holds the schemas to real ceremonies: their files, their plans
// and the journal of a rehearsal.
func TestExamples(t *testing.T) {
	dir := examples(t)
	everything := filepath.Join(dir, "everything")
	if err := os.CopyFS(everything, os.DirFS(filepath.Join(dir, "cross-2026"))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(everything, "ceremony.yaml"), readFile(t, "testdata/ceremony.yaml"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, agree := range map[string]func(*testing.T, string){
		"ceremony files": ceremoniesAgree, "plans": plansAgree, "journal": journalAgrees,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			agree(t, dir)
		})
	}
}

func ceremoniesAgree(t *testing.T, dir string) {
	l := language{schema: "ceremony", beyond: beyondCeremonies, strict: strictCeremonies}
	var samples []sample
	for _, name := range append(exampleNames, "everything") {
		folder := filepath.Join(dir, name)
		file := filepath.Join(folder, "ceremony.yaml")
		samples = append(samples, newSample(t, name, readFile(t, file), loadCeremony(newKept(folder))))
	}
	l.accepts(t, samples[:len(samples)-1]...)
	l.agree(t, samples[len(samples)-1:])
}

func loadCeremony(files plan.Files) func([]byte) error {
	return func(data []byte) error {
		_, err := plan.Load("ceremony.yaml", data, files)
		return err
	}
}
