// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"maps"
	"strings"
	"testing"
)

// TestKindTables guards the two tables of docs/profile-reference.md that say
// what each kind must, may and cannot have: the loader is asked for each cell.
func TestKindTables(t *testing.T) {
	page := string(readFile(t, pages["profile"]))
	everything := valueOf(t, "everything", readFile(t, "../../profiles/testdata/ok/everything.yaml")).(map[string]any)
	for _, c := range []struct {
		heading string
		probe   func(kind, name string) (refused, needed bool)
	}{
		{"<!-- keys by kind -->", func(kind, name string) (bool, bool) {
			bare := messagesOf(t, map[string]any{"kind": kind})
			with := messagesOf(t, map[string]any{"kind": kind, name: everything[name]})
			with = messagesWith(t, with, kind, name)
			return strings.Contains(with, `has no "`+name+`"`), strings.Contains(bare, `missing key "`+name+`"`)
		}},
		{"<!-- extensions by kind -->", func(kind, name string) (bool, bool) {
			list := []any{}
			with := messagesOf(t, map[string]any{"kind": kind, "extensions": append(list, extension(name, everything))})
			bare := messagesOf(t, map[string]any{"kind": kind, "extensions": append(list, "zz-other")})
			return strings.Contains(with, "cannot have "+name+":"), strings.Contains(bare, "missing extension "+name+":")
		}},
	} {
		cells := table(t, page, c.heading)
		for at, cell := range cells {
			name, kind, _ := strings.Cut(at, " ")
			refused, needed := c.probe(kind, name)
			want := "○"
			switch {
			case refused:
				want = "–"
			case needed:
				want = "●"
			}
			if cell != want {
				t.Errorf("%s: %s of %s is %s, the loader says %s", c.heading, name, kind, cell, want)
			}
		}
	}
}

// messagesWith looks a key up by another value where everything.yaml has none.
func messagesWith(t *testing.T, with, kind, name string) string {
	t.Helper()
	return with + messagesOf(t, map[string]any{"kind": kind, name: "zz-other"})
}

// messagesOf gives all that the loader says of a profile.
func messagesOf(t *testing.T, profile map[string]any) string {
	t.Helper()
	profile = maps.Clone(profile)
	maps.DeleteFunc(profile, func(_ string, v any) bool { return v == nil })
	err := loadProfile(encode(t, profile))
	if err == nil {
		return ""
	}
	return strings.Join(messages(err), "\n")
}

// extension gives an extension as everything.yaml has it, or its name alone.
func extension(name string, everything map[string]any) any {
	for _, e := range everything["extensions"].([]any) {
		if m, ok := e.(map[string]any); ok && m[name] != nil {
			return m
		}
	}
	if name == "issuing-distribution-point" {
		return map[string]any{name: map[string]any{"critical": true, "url": "issuer"}}
	}
	return name
}

// table reads a Markdown table: "ROW COLUMN" to cell.
func table(t *testing.T, page, heading string) map[string]string {
	t.Helper()
	_, rest, ok := strings.Cut(page, heading+"\n")
	if !ok {
		t.Fatalf("no table after %s", heading)
	}
	text, _, _ := strings.Cut(rest, "\n\n")
	lines := strings.Split(text, "\n")
	split := func(line string) []string {
		var cells []string
		for cell := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
			cells = append(cells, strings.Trim(cell, " `"))
		}
		return cells
	}
	cells, columns := map[string]string{}, split(lines[0])
	for _, line := range lines[2:] {
		row := split(line)
		for i, cell := range row[1:] {
			cells[row[0]+" "+columns[i+1]] = cell
		}
	}
	if len(cells) == 0 {
		t.Fatalf("an empty table after %s", heading)
	}
	return cells
}
