// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package rootceremony_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// sayings are the names of what is said to people: of findings, problems, errors,
// and events of the journal. Text is made where it is shown. What the program has
// to know again is a field of its own beside it.
var sayings = []string{
	"details", "detail", "message", "msg", "hint", "requirement", "citation", "suppressed",
	"expected", "happened", "decision", "reason", "why", "title", "purpose", "withheld", "error",
}

// readers look into a text.
var readers = []string{
	"Contains", "ContainsAny", "ContainsFunc", "ContainsRune", "Count", "Cut", "CutPrefix", "CutSuffix", "EqualFold", "Fields", "FieldsFunc",
	"HasPrefix", "HasSuffix", "Index", "IndexAny", "IndexByte", "IndexFunc", "IndexRune", "LastIndex", "LastIndexAny", "LastIndexByte",
	"Split", "SplitAfter", "SplitN", "SplitSeq", "FieldsSeq", "TrimPrefix", "TrimSuffix",
	"Sscan", "Sscanf", "Sscanln",
	"FindString", "FindStringIndex", "FindStringSubmatch", "FindStringSubmatchIndex", "FindAllString", "MatchString", "FindSubmatch",
}

// readSayings are the functions that may look into what is said, with the reason.
var readSayings = map[string]string{
	"ceremony/plan/show.go step":             "the lines of a title are laid out",
	"internal/source/parse.go syntaxHint":    "the YAML library says what is wrong in words alone; they choose a hint and decide nothing",
	"internal/source/stop.go stop":           "the same words of that library find the place at which it gave up",
	"internal/token/worker_errors.go codeOf": "the PKCS#11 library names a return value in its words alone",
	"lint/format/cite.go HelpURI":            "the citation of a lint of zlint is the words of others; they choose a link and decide nothing",
}

// TestSayings guards findings against becoming text that is searched again: no
// function looks into what was made for people, or compares it with words.
func TestSayings(t *testing.T) {
	files := token.NewFileSet()
	used := map[string]bool{}
	walk(t, ".go", func(name string) {
		if strings.HasSuffix(name, "_test.go") {
			return
		}
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Error(err)
			return
		}
		for _, found := range saidAndRead(file) {
			key := name + " " + found.where
			if readSayings[key] != "" {
				used[key] = true
				continue
			}
			t.Errorf("%s: %s looks into %q, which is said to people; give what it looks for a field of its own", files.Position(found.pos), found.where, found.what)
		}
	})
	for key := range readSayings {
		if !used[key] {
			t.Errorf("%s looks into nothing any more; take it off the list", key)
		}
	}
}

// TestSayingsSeen keeps the search honest: it must see what it is for.
func TestSayingsSeen(t *testing.T) {
	for body, want := range map[string]int{
		`strings.HasPrefix(f.Suppressed, "takes effect on ")`:                1,
		`strings.TrimPrefix(f.Details, notCheckedWithout)`:                   1,
		`strings.CutPrefix(in.Purpose, plan.ProofPurpose)`:                   1,
		`strings.Contains(err.Error(), "CKR_")`:                              1,
		`pattern.MatchString(f.Text())`:                                      1,
		`slices.IndexFunc(all, func(e E) bool { return e.Msg == msg })`:      1,
		`if in.Purpose == "stand-in of "+k.Input { a() }`:                    1,
		`switch e.Expected { case "a": b() }`:                                1,
		`if e.Expected == expected(number) { a() }`:                          1,
		`if f.Details == "" { a() }`:                                         0,
		`switch e.Purpose { case PurposeProof: a(); case "": b() }`:          0,
		`strings.HasPrefix(f.Path, "evidence/")`:                             0,
		`if a.Title != b.Title { c() }`:                                      0,
		`fmt.Sprintf("%s: %s", f.Rule, f.Details)`:                           0,
		`slices.Contains(steps, st.Title)`:                                   0,
		`strings.Join(strings.Split(join(f.Rule, f.Details), " "), "\n")`:    1,
		`if e.Purpose == transcripts.PurposeProof && e.For == k.ID { a() }`:  0,
		`if e.Error != "" && g.unclosed[e.Token] != e.Error { a() }`:         0,
		`for part := range strings.SplitSeq(e.Reason, ";") { a(part) }`:      1,
		`text := f.Details; rest, ok := strings.CutPrefix(text, "because ")`: 1,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\nfunc f() { "+body+" }", 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(saidAndRead(file)); got != want {
			t.Errorf("%s: %d, want %d", body, got, want)
		}
	}
}

// reading is a place that looks into what is said.
type reading struct {
	pos         token.Pos
	where, what string
}

// saidAndRead finds the places of a file.
func saidAndRead(file *ast.File) (found []reading) {
	for _, d := range file.Decls {
		where := "a declaration"
		if f, ok := d.(*ast.FuncDecl); ok {
			where = f.Name.Name
		}
		g := givenIn(d)
		ast.Inspect(d, func(n ast.Node) bool {
			if what := g.readSaying(n); what != "" {
				found = append(found, reading{n.Pos(), where, what})
			}
			return true
		})
	}
	return found
}

// readSaying names what a node looks into, or nothing.
func (g given) readSaying(n ast.Node) string {
	switch n := n.(type) {
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.SelectorExpr); ok && slices.Contains(readers, f.Sel.Name) && last(f.X) != "slices" {
			return g.sayingIn(n.Args...)
		}
	case *ast.BinaryExpr:
		if n.Op != token.EQL && n.Op != token.NEQ {
			return ""
		}
		for _, pair := range [][2]ast.Expr{{n.X, n.Y}, {n.Y, n.X}} {
			if said := g.saying(pair[0]); said != "" && g.words(pair[1]) {
				return said
			}
		}
	case *ast.SwitchStmt:
		said := g.saying(n.Tag)
		for _, s := range n.Body.List {
			if said != "" && slices.ContainsFunc(s.(*ast.CaseClause).List, g.words) {
				return said
			}
		}
	}
	return ""
}

// saying gives the name of an expression that is said to people: of a field, a
// variable or a call, of the text of a finding, or of a variable that was given one.
func (g given) saying(e ast.Expr) string {
	if e == nil {
		return ""
	}
	if call, ok := e.(*ast.CallExpr); ok {
		if f, ok := call.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Text" && slices.Contains([]string{"f", "found", "finding"}, last(f.X)) {
			return "text"
		}
	}
	name := strings.ToLower(last(e))
	if id, ok := e.(*ast.Ident); ok && g[id.Name] != "" {
		return g[id.Name]
	}
	if slices.Contains(sayings, name) {
		return name
	}
	return ""
}

// given are the variables of a function that hold what is said, by their names.
type given map[string]string

// givenIn finds them.
func givenIn(d ast.Decl) given {
	g := given{}
	ast.Inspect(d, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) == len(a.Rhs) {
			for i, e := range a.Rhs {
				if id, ok := a.Lhs[i].(*ast.Ident); ok {
					if said := g.saying(e); said != "" {
						g[id.Name] = said
					}
				}
			}
		}
		return true
	})
	return g
}

// sayingIn looks for such an expression within others.
func (g given) sayingIn(list ...ast.Expr) (said string) {
	for _, e := range list {
		ast.Inspect(e, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok && said == "" {
				said = g.saying(e)
			}
			return said == ""
		})
	}
	return said
}

// words reports whether an expression is words that are made or written out, and
// neither empty, a constant, nor what another place says.
func (g given) words(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Kind == token.STRING && e.Value != `""`
	case *ast.BinaryExpr:
		return g.words(e.X) || g.words(e.Y)
	case *ast.CallExpr:
		return len(e.Args) > 0 // made of something
	case *ast.Ident:
		return g.saying(e) != "" // a text that was made before
	}
	return false
}
