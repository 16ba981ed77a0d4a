// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/internal/algorithm"
)

// TestAlgorithmLists keeps the lists of key types and signature algorithms in the
// schemas and on the reference pages; -update writes them there.
func TestAlgorithmLists(t *testing.T) {
	keys, signatures := text(algorithm.Keys()), text(algorithm.Signatures())
	for _, c := range []struct {
		file  string
		quote string
		lists [][]string
	}{
		{"ceremony.schema.json", `"`, [][]string{keys}},
		{"profile.schema.json", `"`, [][]string{keys, signatures}},
		{"plan.schema.json", `"`, [][]string{keys, signatures}},
		{pages["ceremony"], "`", [][]string{keys}},
		{pages["profile"], "`", [][]string{keys, signatures}},
	} {
		was := string(readFile(t, c.file))
		is := was
		for _, words := range c.lists {
			word := c.quote + "[a-z0-9-]+" + c.quote
			list := regexp.MustCompile(c.quote + words[0] + c.quote + "(, " + word + ")+")
			if found := list.FindAllString(is, -1); len(found) != 1 {
				t.Errorf("%s has %d lists that begin with %s", c.file, len(found), words[0])
			}
			is = list.ReplaceAllLiteralString(is, c.quote+strings.Join(words, c.quote+", "+c.quote)+c.quote)
		}
		if *update {
			if err := os.WriteFile(c.file, []byte(is), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if diff := cmp.Diff(is, was); diff != "" {
			t.Errorf("%s does not list what package algorithm has; go test -update writes it (-algorithm +file):\n%s", c.file, diff)
		}
	}
}
