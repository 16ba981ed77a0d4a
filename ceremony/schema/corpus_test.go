// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/run"
	"rootceremony/ceremony/schema"
	"rootceremony/internal/source"
	"rootceremony/transcripts/event"
)

// compile reads one of our schemas, or a part of it, and holds it to the schema
// of schemas.
func compile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	name, part, _ := strings.Cut(name, "#")
	data, err := schema.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name+".schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name + ".schema.json#" + part)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// encode gives JSON, which is YAML too, with every text in quotes.
func encode(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decode(t *testing.T, data []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// valueOf reads a YAML file as an editor does: what has no quotes and looks
// like a number or a boolean of YAML 1.2 is one.
func valueOf(t *testing.T, name string, data []byte) any {
	t.Helper()
	doc, err := source.Parse(name, data)
	if err != nil {
		t.Fatal(err)
	}
	v := nodeValue(doc, doc.Root())
	if err := doc.Err(); err != nil {
		t.Fatal(err)
	}
	return v
}

func nodeValue(doc *source.Document, n source.Node) any {
	switch {
	case n.IsMap():
		m := map[string]any{}
		for _, k := range n.Map().Keys() {
			m[k.Name] = nodeValue(doc, k.Value)
		}
		return m
	case n.IsList():
		list := []any{}
		for _, item := range n.List() {
			list = append(list, nodeValue(doc, item))
		}
		return list
	}
	first := []rune(doc.Line(n.Pos().Line))[n.Pos().Column-1]
	return scalar(n.Prose(), !strings.ContainsRune(`"'|>`, first))
}

// number is an int or a float of the core schema of YAML 1.2 that JSON can
// write unchanged.
var number = regexp.MustCompile(`^(-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?)$`)

func scalar(text string, plain bool) any {
	switch {
	case plain && (text == "true" || text == "false"):
		return text == "true"
	case plain && number.MatchString(text):
		return json.Number(text)
	}
	return text
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// hostClock is a clock of a host that does not move but for its steady part.
type hostClock struct{ mono *time.Duration }

func (c hostClock) Now() time.Time { return time.Unix(1e9, 0) }

func (c hostClock) Mono() time.Duration {
	*c.mono += time.Millisecond
	return *c.mono
}

// examples copies the examples into a folder of the test and rehearses the
// first, whose bundle the others read.
func examples(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range exampleNames {
		folder := filepath.Join(dir, name)
		if err := os.CopyFS(folder, os.DirFS(filepath.Join("..", "..", "examples", name))); err != nil {
			t.Fatal(err)
		}
	}
	bundles := filepath.Join(dir, "bundles")
	if err := os.Mkdir(bundles, 0o755); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(dir, "root-2026")
	p := preview(t, filepath.Join(folder, "ceremony.yaml"), plan.Disk{Folder: folder})
	o := run.Options{
		Mode: event.Rehearsal, Bundle: filepath.Join(bundles, "root-2026"), People: run.Simulated{},
		Clock: hostClock{new(time.Duration)}, Rand: rand.Reader, Tool: event.Tool{Version: "test", Go: "test"},
	}
	if _, err := run.Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	return dir
}

var exampleNames = []string{"root-2026", "issuing-2027", "cross-2026"}

func preview(t *testing.T, name string, files plan.Files) *plan.Preview {
	t.Helper()
	l, err := plan.Load(name, readFile(t, name), files)
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.NewPreview(context.Background(), l, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Problems) > 0 {
		t.Fatalf("the plan of %s has errors:\n%v", name, p.Problems)
	}
	return p
}

// kept remembers what was read, since a bundle is verified at each reading.
type kept struct {
	plan.Files
	read map[string]reading
}

type reading struct {
	data   []byte
	bundle *plan.EarlierBundle
	err    error
}

func newKept(folder string) kept {
	return kept{plan.Disk{Folder: folder}, map[string]reading{}}
}

func (k kept) Read(path string) ([]byte, error) {
	r, ok := k.read[path]
	if !ok {
		r.data, r.err = k.Files.Read(path)
		k.read[path] = r
	}
	return r.data, r.err
}

func (k kept) Bundle(path string) (*plan.EarlierBundle, error) {
	key := "bundle " + path
	r, ok := k.read[key]
	if !ok {
		r.bundle, r.err = k.Files.Bundle(path)
		k.read[key] = r
	}
	return r.bundle, r.err
}
