// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package rootceremony_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// mapPage is the page that says where the next thing goes.
const mapPage = "docs/architecture.md"

var (
	quoted = regexp.MustCompile("`([^`]+)`")
	// placeholder is a name that the one who adds something chooses.
	placeholder = regexp.MustCompile(`NAME|GROUP`)
)

// TestMap guards a newcomer against a map that rotted: each file in the table of
// what the next thing costs is there, a name that is to be chosen has others like
// it, as many files are named as are counted, and nothing got more expensive.
func TestMap(t *testing.T) {
	page, err := os.ReadFile(mapPage)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int{}
	for _, r := range recipes(t, string(page)) {
		rows[r.what] = r.count
		if len(r.files) != r.count {
			t.Errorf("%s: %q is counted as %d files and names %d", mapPage, r.what, r.count, len(r.files))
		}
		for _, name := range r.files {
			like, err := filepath.Glob(placeholder.ReplaceAllString(name, "*"))
			if err != nil || len(like) == 0 {
				t.Errorf("%s: %q names %s, and there is no such file", mapPage, r.what, name)
			}
		}
	}
	for what, most := range map[string]int{"a rule": 1, "an extension": 4, "a key type": 9, "a kind of step": 7, "an event": 4, "a report table": 4, "a command": 2} {
		if n := rows[what]; n == 0 || n > most {
			t.Errorf("%s: %s costs %d files; it must have a row, of at most %d", mapPage, what, n, most)
		}
	}
}

// recipe is a row of the table.
type recipe struct {
	what  string
	count int
	files []string
}

// recipes reads the table: in its third column, what is quoted is a file.
func recipes(t *testing.T, page string) (all []recipe) {
	t.Helper()
	_, page, _ = strings.Cut(page, "| what | files | which | then |\n")
	table, _, _ := strings.Cut(page, "\n\n")
	for _, line := range strings.Split(table, "\n")[1:] {
		cells := strings.Split(line, "|")
		if len(cells) != 6 {
			t.Fatalf("%s: %q has not four columns", mapPage, line)
		}
		r := recipe{what: strings.TrimSpace(cells[1])}
		var err error
		if r.count, err = strconv.Atoi(strings.TrimSpace(cells[2])); err != nil {
			t.Errorf("%s: %q: %v", mapPage, r.what, err)
		}
		for _, m := range quoted.FindAllStringSubmatch(cells[3], -1) {
			r.files = append(r.files, m[1])
		}
		all = append(all, r)
	}
	return all
}
