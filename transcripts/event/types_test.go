// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTypes finds the struct that was written and not listed: a journal with
// such an event could be written, and never be read again.
func TestTypes(t *testing.T) {
	var listed []string
	for _, e := range Types {
		listed = append(listed, reflect.TypeOf(e).Name())
	}
	slices.Sort(listed)
	if diff := cmp.Diff(structsWithType(t), listed); diff != "" {
		t.Errorf("structs with a method Type (-written +listed in Types):\n%s", diff)
	}
	if len(byType) != len(Types) {
		t.Errorf("%d words for %d events", len(byType), len(Types))
	}
}

// TestSentences finds the event that the report would show as an empty row.
func TestSentences(t *testing.T) {
	for _, e := range Types {
		if e.Sentence().Text == "" {
			t.Errorf("%s: the report has no words for it", e.Type())
		}
	}
}

func structsWithType(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), "_test.go") || !strings.HasSuffix(entry.Name(), ".go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil && f.Name.Name == "Type" {
				found = append(found, f.Recv.List[0].Type.(*ast.Ident).Name)
			}
		}
	}
	slices.Sort(found)
	return found
}
