// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package rootceremony_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rootceremony/transcripts/event"
)

// eventReaders are the functions that may look at which event a line holds outside
// the rooms that are for it, by file, with the reason. None of them keeps what it
// saw: what a journal adds up to is counted once, in transcripts/history. What is the
// same for every reader is a method of the event; what must follow what is for the
// grammar, which shares nothing with either on purpose. The list gets shorter, not
// longer: every reader here is one more place that a new event must be thought of.
var eventReaders = map[string]map[string]string{
	"ceremony/verify/opened.go":    {"line": "checks how each session begins, by the history before it"},
	"ceremony/verify/keys.go":      {"line": "checks each signature by the history before its line"},
	"ceremony/verify/window.go":    {"inWindow": "checks the time of each line, by the history before it"},
	"ceremony/verify/steps.go":     {"line": "checks each line against the plan, by the history before it"},
	"transcripts/annex_collect.go": {"logins": "makes a row of each line about a token", "files": "makes a row of each line about a file"},
}

// eventRooms may tell events apart: the events themselves, what a journal adds up
// to, and the grammar.
var eventRooms = []string{"transcripts/event", "transcripts/history"}

// TestEventReaders names the functions that tell events apart and are not on the
// list, and those on the list that do so no more.
func TestEventReaders(t *testing.T) {
	files := token.NewFileSet()
	found := map[string][]string{}
	walk(t, ".go", func(name string) {
		if strings.HasSuffix(name, "_test.go") || slices.Contains(eventRooms, path.Dir(name)) || isGrammar(name) {
			return
		}
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Error(err)
			return
		}
		if readers := readersOfEvents(file); len(readers) > 0 {
			found[name] = readers
		}
	})
	for _, name := range slices.Sorted(maps.Keys(found)) {
		for _, f := range found[name] {
			if eventReaders[name][f] == "" {
				t.Errorf("%s: %s tells events apart; make a method of the event of what differs, or ask transcripts/history", name, f)
			}
		}
	}
	for name, readers := range eventReaders {
		for f := range readers {
			if !slices.Contains(found[name], f) {
				t.Errorf("%s: %s tells no events apart; take it off the list", name, f)
			}
		}
	}
}

func isGrammar(name string) bool {
	return path.Dir(name) == "transcripts" && strings.HasPrefix(path.Base(name), "grammar")
}

// readersOfEvents gives the functions of a file that name an event in the cases of a
// switch or in an assertion, or compare its word.
func readersOfEvents(file *ast.File) []string {
	var readers []string
	knows := slices.ContainsFunc(file.Imports, func(s *ast.ImportSpec) bool {
		return strings.HasSuffix(s.Path.Value, `/transcripts/event"`)
	})
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		told := map[string]bool{}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CaseClause:
				for _, e := range n.List {
					told[eventOf(e)] = true
				}
			case *ast.TypeAssertExpr:
				told[eventOf(n.Type)] = true
			case *ast.BinaryExpr:
				told[word(n)] = knows
			}
			return true
		})
		delete(told, "")
		maps.DeleteFunc(told, func(_ string, tells bool) bool { return !tells })
		if len(told) > 0 {
			readers = append(readers, f.Name.Name)
		}
	}
	return readers
}

// word names what a comparison asks of the word of an event; nothing where it asks
// something else.
func word(n *ast.BinaryExpr) string {
	for _, side := range []ast.Expr{n.X, n.Y} {
		call, ok := side.(*ast.CallExpr)
		if !ok || len(call.Args) > 0 || n.Op != token.EQL && n.Op != token.NEQ {
			continue
		}
		if s, ok := call.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Type" {
			return "its word"
		}
	}
	return ""
}

// eventOf names the event that an expression represents: its struct or its word.
func eventOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok && x.Name == "event" {
			return eventStructs[e.Sel.Name]
		}
	case *ast.StarExpr:
		return eventOf(e.X)
	case *ast.BasicLit:
		if word, err := strconv.Unquote(e.Value); err == nil && slices.Contains(slices.Collect(maps.Values(eventStructs)), word) {
			return word
		}
	}
	return ""
}

// eventStructs has the word of each event, by the name of its struct.
var eventStructs = func() map[string]string {
	words := map[string]string{}
	for _, e := range event.Types {
		words[reflect.TypeOf(e).Name()] = e.Type()
	}
	return words
}()

// TestEventReadersSeen keeps the finder honest: it must see what it is for.
func TestEventReadersSeen(t *testing.T) {
	for _, c := range []struct {
		body string
		want bool
	}{
		{"switch e := r.Event.(type) { case event.TokenOpened: a(e); case event.TokenClosed: b(e) }", true},
		{"switch e.(type) { case event.TokenOpened, event.TokenClosed: a() }", true},
		{"switch e.(type) { case event.TokenOpened: a(); default: b() }", true},
		{`switch e.Type() { case "token.opened": a(); case "token.closed": b() }`, true},
		{"if _, ok := e.(event.TokenOpened); ok { a() }; if _, ok := e.(event.TokenClosed); ok { b() }", true},
		{"if e, ok := e.(event.TokenOpened); ok { a(e) }; if e, ok := e.(event.TokenOpened); ok { b(e) }", true},
		{"if e.Type() == (event.TokenOpened{}).Type() { a() }", true},
		{"a(event.TokenOpened{Token: b}.Type())", false},
		{"for _, d := range history.Of(r).Deviations { a(d.Event) }", false},
		{"switch k { case event.KindCRL: a(); case event.KindCSR: b() }", false},
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "", fmt.Sprintf("package p\nimport \"rootceremony/transcripts/event\"\nfunc f() { %s }", c.body), 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(readersOfEvents(file)) > 0; got != c.want {
			t.Errorf("%s: %t, want %t", c.body, got, c.want)
		}
	}
}
