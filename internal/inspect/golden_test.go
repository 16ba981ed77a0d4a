// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the text dumps of testdata anew")

// load reads the only object of a file of testdata.
func load(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	blocks, err := Decode(data)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if len(blocks) != 1 {
		t.Fatalf("%s: %d objects", name, len(blocks))
	}
	return blocks[0].DER
}

// objects returns the names of all objects of testdata.
func objects(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.pem")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no objects in testdata (%v)", err)
	}
	for i := range paths {
		paths[i] = filepath.Base(paths[i])
	}
	return paths
}

func TestTextGolden(t *testing.T) {
	for _, name := range objects(t) {
		t.Run(name, func(t *testing.T) {
			got, err := Text(load(t, name))
			if err != nil {
				t.Fatal(err)
			}
			checkText(t, got)
			path := filepath.Join("testdata", strings.TrimSuffix(name, ".pem")+".txt")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("dump differs (-golden +now):\n%s", diff)
			}
		})
	}
}

// checkText holds a dump to its promises: 80 columns, nothing that steers
// a terminal.
func checkText(t testing.TB, text string) {
	t.Helper()
	for i, line := range strings.Split(text, "\n") {
		if n := len([]rune(line)); n > columns {
			t.Errorf("line %d has %d columns: %q", i+1, n, line)
		}
		for _, r := range line {
			if !printable(r) {
				t.Errorf("line %d holds %U", i+1, r)
			}
		}
		if strings.TrimRight(line, " ") != line {
			t.Errorf("line %d ends in a space", i+1)
		}
	}
}
