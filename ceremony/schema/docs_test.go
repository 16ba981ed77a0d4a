// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/plan"
)

var update = flag.Bool("update", false, "write what the schemas and pages take from the code again")

// pages are the reference pages, by the schema that they describe.
var pages = map[string]string{
	"ceremony": "../../docs/ceremony-file.md", "profile": "../../docs/profile-reference.md", "site": "../../docs/site-file.md",
}

// TestPageExamples runs the complete examples of the reference pages through
// the loaders; a ceremony must also be valid when its objects are built.
func TestPageExamples(t *testing.T) {
	block := regexp.MustCompile("(?s)```yaml complete ([a-z]+)\n(.*?)```")
	loaders := map[string]func([]byte) error{"profile": loadProfile, "site": loadSite, "ceremony": planCeremony}
	for kind, page := range pages {
		found := block.FindAllStringSubmatch(string(readFile(t, page)), -1)
		if len(found) == 0 {
			t.Errorf("%s has no complete example", page)
		}
		for i, m := range found {
			if m[1] != kind {
				t.Errorf("%s: example %d is a %s", page, i, m[1])
				continue
			}
			if err := loaders[kind]([]byte(m[2])); err != nil {
				t.Errorf("%s: example %d: %v", page, i, err)
			}
			if err := compile(t, kind).Validate(valueOf(t, page, []byte(m[2]))); err != nil {
				t.Errorf("%s: example %d: %v", page, i, err)
			}
		}
	}
}

// planCeremony plans a ceremony that names no file beside it.
func planCeremony(data []byte) error {
	l, err := plan.Load("ceremony.yaml", data, plan.Disk{Folder: "testdata"})
	if err != nil {
		return err
	}
	p, err := plan.NewPreview(context.Background(), l, rand.Reader)
	if err != nil {
		return err
	}
	if len(p.Problems) > 0 {
		return p.Problems
	}
	return nil
}

// TestPagesNameEverything guards that no key and no word of a language is
// missing on its page.
func TestPagesNameEverything(t *testing.T) {
	for kind, page := range pages {
		text := string(readFile(t, page))
		keys, words := vocabulary(schemaValue(t, kind))
		for _, word := range slices.Concat(keys, words) {
			named := regexp.MustCompile(`(^|[^A-Za-z0-9.-])` + regexp.QuoteMeta(word) + `($|[^A-Za-z0-9-])`)
			if !named.MatchString(text) {
				t.Errorf("%s does not name %q", page, word)
			}
		}
	}
}

// TestLoaderKeys guards that a key which a loader asks for by name is in its
// schema, so that a new key is not forgotten here.
func TestLoaderKeys(t *testing.T) {
	asks := regexp.MustCompile(`\.(?:Need|Opt)\("([a-z-]+)"\)|p\.field\("([a-z-]+)"\)`)
	for pattern, kind := range map[string]string{
		"../../profiles/parse*.go": "profile", "../../profiles/ext/*.go": "profile", "../../ceremony/plan/*.go": "ceremony",
	} {
		known, _ := vocabulary(schemaValue(t, kind))
		site, _ := vocabulary(schemaValue(t, "site"))
		for _, name := range glob(t, pattern) {
			if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "step_template_read.go") { // it reads our own files
				continue
			}
			for _, m := range asks.FindAllStringSubmatch(string(readFile(t, name)), -1) {
				if key := m[1] + m[2]; !slices.Contains(known, key) && !slices.Contains(site, key) {
					t.Errorf("%s asks for %q, which %s.schema.json does not have", name, key, kind)
				}
			}
		}
	}
}

// vocabulary gives all keys and all words of a schema.
func vocabulary(v any) (keys, words []string) {
	seenKeys, seenWords := map[string]bool{}, map[string]bool{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			properties, _ := v["properties"].(map[string]any)
			for key := range properties {
				seenKeys[key] = true
			}
			enum, _ := v["enum"].([]any)
			for _, w := range append(enum, v["const"]) {
				if word, ok := w.(string); ok && len(word) > 1 && !strings.Contains(word, ".") {
					seenWords[word] = true
				}
			}
			for _, child := range v {
				walk(child)
			}
		case []any:
			for _, child := range v {
				walk(child)
			}
		}
	}
	walk(v)
	return sorted(seenKeys), sorted(seenWords)
}

const bundlePage = "../../docs/bundle.md"

// TestEventTable keeps the table of events in docs/bundle.md that of the schema.
func TestEventTable(t *testing.T) {
	page := string(readFile(t, bundlePage))
	before, rest, ok := strings.Cut(page, "<!-- events -->\n")
	_, after, end := strings.Cut(rest, "<!-- end of events -->")
	if !ok || !end {
		t.Fatalf("%s has no place for the table of events", bundlePage)
	}
	want := before + "<!-- events -->\n" + eventTable(t) + "<!-- end of events -->" + after
	if *update {
		if err := os.WriteFile(bundlePage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if page != want {
		t.Errorf("the table of events in %s is old; run with -update", bundlePage)
	}
}

func eventTable(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("| event | what it says | known | keys of `data` |\n| --- | --- | --- | --- |\n")
	defs := definitions(t, "journal")
	properties := schemaValue(t, "journal")["properties"].(map[string]any)
	for _, name := range properties["type"].(map[string]any)["enum"].([]any) {
		def := defs[name.(string)].(map[string]any)
		required := words(def["required"])
		var keys []string
		fields, _ := def["properties"].(map[string]any)
		for _, key := range sorted(fields) {
			if !slices.Contains(required, key) {
				key = "(" + key + ")"
			}
			keys = append(keys, key)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", name, def["description"], def["$comment"], strings.Join(keys, ", "))
	}
	return b.String()
}
