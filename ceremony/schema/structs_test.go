// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"encoding"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/schema"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/token"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
	"rootceremony/profiles/value"
	"rootceremony/transcripts/event"
)

func allSchemas() []schema.Schema { return schema.All() }

// TestStructs guards that every field that Go writes has its property, and that
// those it always writes are required.
func TestStructs(t *testing.T) {
	c := comparer{t: t, root: schemaValue(t, "plan")}
	c.same("plan", reflect.TypeFor[plan.Plan](), c.root)
	c = comparer{t: t, root: schemaValue(t, "journal")}
	for _, e := range event.Types {
		def, ok := definitions(t, "journal")[e.Type()].(map[string]any)
		if !ok {
			t.Errorf("journal.schema.json has no definition of %s", e.Type())
			continue
		}
		c.same(e.Type(), reflect.TypeOf(e), def)
	}
}

// comparer compares Go types with parts of a schema.
type comparer struct {
	t    *testing.T
	root map[string]any
}

func (c *comparer) same(where string, typ reflect.Type, node map[string]any) {
	node = c.follow(node)
	switch typ.Kind() {
	case reflect.Pointer:
		c.same(where, typ.Elem(), node)
	case reflect.Slice:
		if items, ok := node["items"].(map[string]any); ok {
			c.same(where+"[]", typ.Elem(), items)
		}
	case reflect.Struct:
		if typ.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
			return
		}
		if typ == reflect.TypeFor[plan.Artifact]() {
			typ = reflect.TypeFor[plan.ArtifactJSON]() // what it marshals as
		}
		c.fields(where, typ, node)
	}
}

func (c *comparer) fields(where string, typ reflect.Type, node map[string]any) {
	properties, _ := node["properties"].(map[string]any)
	want := map[string]bool{} // required
	for _, f := range reflect.VisibleFields(typ) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		want[name] = options == ""
		if p, ok := properties[name].(map[string]any); ok {
			c.same(where+"."+name, f.Type, p)
		}
	}
	if typ == reflect.TypeFor[profiles.Extension]() { // writes its value under a key of its own
		for _, s := range ext.Specs() {
			if s.Key == "" {
				continue
			}
			want[s.Key] = false
			if p, ok := properties[s.Key].(map[string]any); ok {
				c.same(where+"."+s.Key, reflect.TypeOf(s.Zero), p)
			}
		}
	}
	if diff := cmp.Diff(sorted(want), sorted(properties)); diff != "" {
		c.t.Errorf("%s: keys (-Go +schema):\n%s", where, diff)
	}
	var required []string
	for _, name := range sorted(want) {
		if want[name] {
			required = append(required, name)
		}
	}
	if diff := cmp.Diff(required, words(node["required"])); diff != "" {
		c.t.Errorf("%s: required keys (-Go +schema):\n%s", where, diff)
	}
}

// follow goes to what a node refers to.
func (c *comparer) follow(node map[string]any) map[string]any {
	for {
		ref, ok := node["$ref"].(string)
		if !ok {
			return node
		}
		node = c.root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	}
}

// words gives a sorted list of text.
func words(v any) []string {
	list, _ := v.([]any)
	var out []string
	for _, w := range list {
		out = append(out, w.(string))
	}
	slices.Sort(out)
	return out
}

// TestWords guards the words of the language: those of the schemas are those of
// the rooms.
func TestWords(t *testing.T) {
	for _, c := range []struct {
		schema, path string
		want         []string
	}{
		{"profile", "properties/kind", text(profiles.Kinds())},
		{"profile", "$defs/intent", text(profiles.Intents())},
		{"profile", "properties/key/items", text(algorithm.Keys())},
		{"profile", "properties/signature/items", text(algorithm.Signatures())},
		{"profile", "properties/rules/items", profiles.RulePacks()},
		{"plan", "$defs/purpose/properties/rules/items", profiles.RulePacks()},
		{"plan", "$defs/intent", text(profiles.Intents())},
		{"plan", "$defs/algorithm", text(algorithm.Keys())},
		{"plan", "$defs/signature", text(algorithm.Signatures())},
		{"plan", "$defs/attribute/properties/type", value.AttributeTypes()},
		{"plan", "$defs/extension/properties/extension", ext.Names()},
		{"ceremony", "$defs/algorithm", text(algorithm.Keys())},
		{"ceremony", "$defs/authority/properties/subject/propertyNames", value.AttributeTypes()},
		{"site", "$defs/built-in-template", token.Templates()},
	} {
		node := schemaValue(t, c.schema)
		for part := range strings.SplitSeq(c.path, "/") {
			node = node[part].(map[string]any)
		}
		slices.Sort(c.want)
		if diff := cmp.Diff(c.want, words(node["enum"])); diff != "" {
			t.Errorf("%s.schema.json: %s (-room +schema):\n%s", c.schema, c.path, diff)
		}
	}
}

func text[T ~string](list []T) []string {
	var out []string
	for _, w := range list {
		out = append(out, string(w))
	}
	return out
}
