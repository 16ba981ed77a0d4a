// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"maps"
	"slices"
	"testing"
)

// TestJournalLegible guards an auditor who reads the journal with the schema and no program of
// ours: it refuses the texts and the names of values that a reader cannot see as they are.
func TestJournalLegible(t *testing.T) {
	s := compile(t, "journal")
	tried := 0
	for _, line := range everyEvent(t) {
		for _, f := range illegible(line.value, "", func(v any) any { return v }) {
			tried++
			if line.load(encode(t, f.value)) != nil && s.Validate(f.value) == nil {
				t.Errorf("%s: %s: the schema accepts it, and no journal has it", line.name, f)
			}
		}
	}
	t.Logf("%d texts and names", tried)
}

// illegible puts into each text, and into each name of a value, what a reader does not see.
func illegible(v any, where string, put func(any) any) (all []fault) {
	switch v := v.(type) {
	case string:
		for _, bad := range []string{"\u202e", "\x1b"} {
			all = append(all, fault{where, "with " + bad, put(v + bad)})
		}
	case []any:
		for i, item := range v {
			all = append(all, illegible(item, where+"[]", func(is any) any {
				c := slices.Clone(v)
				c[i] = is
				return put(c)
			})...)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			with := func(name string, is any) any {
				c := maps.Clone(v)
				delete(c, key)
				c[name] = is
				return put(c)
			}
			for _, bad := range []string{"\n", "\t", "\u202e", "\x1b"} {
				all = append(all, fault{join(where, key), "named with " + bad, with(key+bad, v[key])})
			}
			all = append(all, illegible(v[key], join(where, key), func(is any) any { return with(key, is) })...)
		}
	}
	return all
}
