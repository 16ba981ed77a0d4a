// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// switches is the file that each package gets: which table is empty, the environment
// says. It lists tables where it is asked to.
const switches = `package %s

import (
	"os"
	"reflect"
)

func tableOrNone[T any](name string, table T) T {
	switch reflect.TypeFor[T]().Kind() {
	case reflect.Map, reflect.Slice, reflect.Array:
	default:
		return table
	}
	if out := os.Getenv("CEREMONY_TABLES_OUT"); out != "" {
		f, err := os.OpenFile(out, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			panic(err)
		}
		defer f.Close()
		if _, err := f.WriteString(name + "\n"); err != nil {
			panic(err)
		}
	}
	if os.Getenv("CEREMONY_TABLE") == name {
		var none T
		return none
	}
	return table
}
`

// overlay writes the files with switches to a folder, and gives the file that tells the
// compiler what they replace.
func overlay(packages []string, dir string) (string, error) {
	replace := map[string]string{}
	put := func(name string, data []byte) error {
		path, err := filepath.Abs(name)
		if err != nil {
			return err
		}
		replace[path] = filepath.Join(dir, strings.ReplaceAll(filepath.ToSlash(name), "/", "+"))
		return os.WriteFile(replace[path], data, 0o600)
	}
	for _, pkg := range packages {
		names, err := filepath.Glob(filepath.Join(pkg, "*.go"))
		if err != nil || len(names) == 0 {
			return "", fmt.Errorf("no package is in %s: call this from the top of the tree", pkg)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			data, err := switched(pkg, name)
			if err != nil {
				return "", err
			}
			if err := put(name, data); err != nil {
				return "", err
			}
		}
		if err := put(filepath.Join(pkg, "tables_on.go"), fmt.Appendf(nil, switches, filepath.Base(pkg))); err != nil {
			return "", err
		}
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	where := filepath.Join(dir, "overlay.json")
	return where, os.WriteFile(where, data, 0o600)
}

// switched gives a file in which each package variable with a value has a switch.
func switched(pkg, name string) ([]byte, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, data, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	type insert struct {
		at   int
		text string
	}
	var inserts []insert
	for _, value := range values(file) {
		inserts = append(inserts,
			insert{fset.Position(value.Pos()).Offset, fmt.Sprintf("tableOrNone(%q, ", filepath.ToSlash(pkg)+"."+value.name)},
			insert{fset.Position(value.End()).Offset, ")"})
	}
	slices.SortFunc(inserts, func(a, b insert) int { return cmp.Compare(b.at, a.at) }) // from the end, so that offsets hold
	for _, in := range inserts {
		data = slices.Insert(data, in.at, []byte(in.text)...)
	}
	return data, nil
}

// value is what a package variable begins with.
type value struct {
	ast.Expr
	name string
}

func values(file *ast.File) []value {
	var all []value
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, spec := range g.Specs {
			v, ok := spec.(*ast.ValueSpec)
			if !ok || len(v.Names) != len(v.Values) {
				continue // it has no value, or one call gives several
			}
			for i, name := range v.Names {
				if name.Name != "_" {
					all = append(all, value{v.Values[i], name.Name})
				}
			}
		}
	}
	return all
}
