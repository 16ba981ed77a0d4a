// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"rootceremony/lint/format"
	"rootceremony/profiles"
)

// FuzzCheck gives any bytes to guessing and linting, by name and in a folder,
// with and without a profile. There may be any finding, but no panic, and no
// file given by name may vanish.
func FuzzCheck(f *testing.F) {
	names, err := filepath.Glob("../../internal/inspect/testdata/*.pem")
	if err != nil || len(names) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range append(names, "../../examples/cross-2026/inputs/partner.csr.pem") {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		objects, _, err := objects(&File{Name: name, Data: data})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(objects[0].der)
	}
	for _, p := range profiles.BuiltIns() {
		f.Add(p.Data)
	}
	f.Add([]byte("tokens:\n  a: {module: /x.so, label: a, login: pin}\n"))
	root, err := builtInProfile[profiles.Profile]("br-root")
	if err != nil {
		f.Fatal(err)
	}
	linters := []*Linter{newLinter(f, Options{}), newLinter(f, Options{Profile: root, Kind: "root-ca", At: today})}
	for _, l := range linters {
		l.issued = l.bulk // the lints of keys are slow, and package lint fuzzes them
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if guessContent("file", data) == contentCeremony {
			t.Skip("a ceremony file may name files, and has a target of its own")
		}
		for _, l := range linters {
			r, err := l.Check(t.Context(), []File{{Name: "file", Data: data, Named: true}, {Name: "other", Data: data}})
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Targets) == 0 || r.Targets[0].File != "file" {
				t.Fatal("the file that was named has no answer")
			}
			for _, target := range r.Targets {
				for _, f := range target.Findings {
					if f.Rule == ruleRead && bytes.Contains([]byte(f.Message), []byte("panicked")) {
						t.Fatal(f.Message)
					}
				}
			}
			for _, name := range format.Names() {
				if err := format.Write(&bytes.Buffer{}, name, r); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
