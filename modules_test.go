// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package rootceremony_test

import (
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"
)

// TestModuleFileIsTidy wants a module that our code imports named in go.mod as
// what it is, and no other: a module that is marked indirect escapes
// whoever reads go.mod for what the project rests on. It reads the imports
// itself, since go mod tidy asks the network.
func TestModuleFileIsTidy(t *testing.T) {
	imported := importedModules(t)
	for _, require := range goMod(t).Require {
		name := require.Mod.Path
		switch imports := slices.Contains(imported, name); {
		case imports && require.Indirect:
			t.Errorf("go.mod: %s is imported by our code and is marked indirect; run go mod tidy", name)
		case !imports && !require.Indirect:
			t.Errorf("go.mod: nothing imports %s; run go mod tidy", name)
		}
	}
}

// TestDependenciesHaveReasons wants one line in docs/dependencies.md for each
// module that our code imports, and no line for one that is gone.
func TestDependenciesHaveReasons(t *testing.T) {
	imported := importedModules(t)
	var explained []string
	row := regexp.MustCompile("(?m)^\\| `([^`]+)` \\|")
	for _, match := range row.FindAllStringSubmatch(read(t, "docs/dependencies.md"), -1) {
		explained = append(explained, match[1])
	}
	for _, name := range imported {
		if !slices.Contains(explained, name) {
			t.Errorf("docs/dependencies.md: no line with the reason for %s", name)
		}
	}
	for _, name := range explained {
		if !slices.Contains(imported, name) {
			t.Errorf("docs/dependencies.md: nothing imports %s", name)
		}
	}
}

// TestToolchainIsPatched keeps releases of Go with known vulnerabilities from
// building what a ceremony runs on: go1.26.10 mends GO-2026-6809.
func TestToolchainIsPatched(t *testing.T) {
	const patched = "v1.26.10"
	toolchain := goMod(t).Toolchain
	if toolchain == nil {
		t.Fatal("go.mod: no toolchain line")
	}
	if version := "v" + strings.TrimPrefix(toolchain.Name, "go"); semver.Compare(version, patched) < 0 {
		t.Errorf("go.mod: toolchain %s is older than %s", version, patched)
	}
}

// importedModules lists the modules of others that a Go file of ours imports,
// tests included.
func importedModules(t *testing.T) []string {
	t.Helper()
	var modules []string
	required := goMod(t).Require
	files := token.NewFileSet()
	walk(t, ".go", func(name string) {
		file, err := parser.ParseFile(files, name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			modules = append(modules, providing(required, imported)...)
		}
	})
	slices.Sort(modules)
	return slices.Compact(modules)
}

// providing finds the module of a package: of those whose path the package's
// begins with, the longest.
func providing(required []*modfile.Require, imported string) []string {
	best := ""
	for _, require := range required {
		if name := require.Mod.Path; under(imported, name) && len(name) > len(best) {
			best = name
		}
	}
	if best == "" {
		return nil
	}
	return []string{best}
}

func goMod(t *testing.T) *modfile.File {
	t.Helper()
	mod, err := modfile.Parse("go.mod", []byte(read(t, "go.mod")), nil)
	if err != nil {
		t.Fatal(err)
	}
	return mod
}
