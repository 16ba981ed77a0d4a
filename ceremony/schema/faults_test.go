// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// fault is a copy of a document with one thing changed.
type fault struct {
	where string // the way from the root
	what  string // what was done there
	value any
}

func (f fault) String() string { return f.where + ": " + f.what }

// faults makes every document that differs from root in one place: a key that
// is unknown, missing or belongs to an alternative, and a value of another
// type, of another word, empty, absent or repeated. seen holds values of the
// other documents by the form of their place. Of several mappings that have one
// form and one shape, one is enough. Without CEREMONY_SWEEPS it takes a third.
func faults(root any, seen map[string]map[string]any) []fault {
	g := &generator{seen: seen, done: map[string]bool{}}
	g.node(root, "", func(any) any { panic("internal error: nothing holds the root") })
	if allFaults() {
		return g.faults
	}
	var some []fault
	for i := 0; i < len(g.faults); i += 3 {
		some = append(some, g.faults[i])
	}
	return some
}

func allFaults() bool { return os.Getenv("CEREMONY_SWEEPS") == "all" }

type generator struct {
	seen   map[string]map[string]any
	done   map[string]bool // mappings by form and shape
	faults []fault
}

// node makes the faults at and below one value. put gives the whole document
// with another value in its place.
func (g *generator) node(v any, where string, put func(any) any) {
	if m, ok := v.(map[string]any); ok {
		at := form(where) + " " + shape(m)
		if g.done[at] {
			return
		}
		g.done[at] = true
	}
	if where != "" {
		g.values(v, where, put)
	} else {
		put = func(other any) any { return other }
	}
	switch v := v.(type) {
	case map[string]any:
		g.mapping(v, where, put)
	case []any:
		g.list(v, where, put)
	}
}

// values replaces a value by others.
func (g *generator) values(v any, where string, put func(any) any) {
	others := map[string]any{
		"null": nil, "a list": []any{"zz-other"}, "a mapping": map[string]any{"zz-other": "x"}, "empty text": "",
		"another word": "zz-other", "text with spaces": " two  words ", "a number": json.Number("77"), "true": true,
		"an empty list": []any{}, "an empty mapping": map[string]any{},
	}
	for _, what := range slices.Sorted(maps.Keys(others)) {
		g.add(where, what, put(others[what]))
	}
	if b, ok := v.(bool); ok {
		g.add(where, "a boolean in quotes", put(strconv.FormatBool(b)))
	}
}

func (g *generator) mapping(m map[string]any, where string, put func(any) any) {
	with := func(key string, v any) any {
		c := maps.Clone(m)
		c[key] = v
		return put(c)
	}
	g.add(where, "an unknown key", with("zz-unknown", "x"))
	alternatives := g.seen[form(where)]
	for _, key := range slices.Sorted(maps.Keys(alternatives)) {
		if _, there := m[key]; !there {
			g.add(where, "also "+key, with(key, alternatives[key]))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		c := maps.Clone(m)
		delete(c, key)
		g.add(where, "without "+key, put(c))
		misspelled := maps.Clone(c)
		misspelled[key+"s"] = m[key]
		g.add(where, key+" misspelled", put(misspelled))
		g.node(m[key], join(where, key), func(v any) any { return with(key, v) })
	}
}

func (g *generator) list(list []any, where string, put func(any) any) {
	for i, item := range list {
		g.add(where, fmt.Sprintf("item %d twice", i), put(slices.Insert(slices.Clone(list), i, item)))
		g.add(where, fmt.Sprintf("without item %d", i), put(slices.Delete(slices.Clone(list), i, i+1)))
		g.node(item, fmt.Sprintf("%s[%d]", where, i), func(v any) any {
			c := slices.Clone(list)
			c[i] = v
			return put(c)
		})
	}
}

func (g *generator) add(where, what string, value any) {
	g.faults = append(g.faults, fault{where, what, value})
}

func join(where, key string) string {
	if where == "" {
		return key
	}
	return where + "." + key
}

// Names that a file chooses, and numbers of items, are no part of a form.
var (
	chosen = regexp.MustCompile(`^(people|inputs|keys|authorities|tokens)\.[^.]+`)
	item   = regexp.MustCompile(`\[[0-9]+\]`)
)

// form is the way to a value without what differs from file to file.
func form(where string) string {
	return chosen.ReplaceAllString(item.ReplaceAllString(where, "[]"), "$1.*")
}

// shape says which keys and types a value has.
func shape(v any) string {
	switch v := v.(type) {
	case map[string]any:
		var parts []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, key+shape(v[key]))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case []any:
		var parts []string
		for _, item := range v {
			parts = append(parts, shape(item))
		}
		slices.Sort(parts)
		return "[" + strings.Join(slices.Compact(parts), ",") + "]"
	}
	return fmt.Sprintf(":%T", v)
}

// collect adds the values of all mappings of a document by their form.
func collect(seen map[string]map[string]any, v any, where string) {
	switch v := v.(type) {
	case map[string]any:
		at := seen[form(where)]
		if at == nil {
			at = map[string]any{}
			seen[form(where)] = at
		}
		for key, value := range v {
			if _, there := at[key]; !there {
				at[key] = value
			}
			collect(seen, value, join(where, key))
		}
	case []any:
		for i, item := range v {
			collect(seen, item, fmt.Sprintf("%s[%d]", where, i))
		}
	}
}
