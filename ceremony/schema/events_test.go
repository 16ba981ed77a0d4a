// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/transcripts/event"
)

// TestEventSchemas keeps the events of journal.schema.json those of package
// event; -update writes them there.
func TestEventSchemas(t *testing.T) {
	const file = "journal.schema.json"
	have := string(readFile(t, file))
	var words, branches, defs []string
	for _, e := range event.Types {
		words = append(words, fmt.Sprintf(`        %q`, e.Type()))
		branches = append(branches, fmt.Sprintf(
			`    {"if": {"properties": {"type": {"const": %[1]q}}}, "then": {"properties": {"data": {"$ref": "#/$defs/%[1]s"}}}}`, e.Type()))
		defs = append(defs, fmt.Sprintf("    %q: %s", e.Type(), strings.ReplaceAll(e.Schema(), "\n", "\n    ")))
	}
	want := between(t, have, "The type of event.\",\n      \"enum\": [\n", "\n      ]", words)
	want = between(t, want, "\n  \"allOf\": [\n", "\n  ],\n  \"$defs\"", branches)
	first := eventDef.FindStringIndex(want)
	if first == nil {
		t.Fatalf("%s defines no event", file)
	}
	want = want[:first[0]] + strings.Join(defs, ",\n") + "\n  }\n}\n"
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("%s is not what package event says; go test -update writes it (-event +file):\n%s", file, diff)
	}
}

// eventDef begins the definition of the first event; those that several events
// share are before it.
var eventDef = regexp.MustCompile(`(?m)^    "[a-z]+\.[a-z]+": \{$`)

// between puts items in the place of what is between two texts.
func between(t *testing.T, page, before, after string, items []string) string {
	t.Helper()
	head, rest, ok := strings.Cut(page, before)
	at := strings.Index(rest, after)
	if !ok || at < 0 {
		t.Fatalf("no place between %q and %q", before, after)
	}
	return head + before + strings.Join(items, ",\n") + rest[at:]
}
