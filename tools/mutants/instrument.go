// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
)

// mutant is one change of a source file, which a switch turns on.
type mutant struct {
	id   int
	name string // file, function, expression, change: it outlives a change of lines
	at   string // file:line
}

// insertion is text that goes into a source file.
type insertion struct {
	offset int
	text   string
}

// instrumented is a package whose branches have switches.
type instrumented struct {
	mutants []mutant
	files   map[string][]byte // by path
	names   map[string]int    // how often a name was given
}

// source is the file that is being instrumented.
type source struct {
	out  *instrumented
	fset *token.FileSet
	path string
	data []byte
	in   []insertion
	fn   string
}

// instrument gives each branch of a file a switch.
func (p *instrumented) instrument(path string, data []byte) error {
	s := &source{out: p, fset: token.NewFileSet(), path: path, data: data}
	file, err := parser.ParseFile(s.fset, path, data, 0)
	if err != nil {
		return fmt.Errorf("reading the rules: %w", err)
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			s.fn = d.Name.Name
			s.function(d.Type, d.Body)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok {
					s.fn = v.Names[0].Name
					s.walk(v)
				}
			}
		}
	}
	p.files[path] = s.text()
	return nil
}

// function instruments a body; what it returns has a switch where that is yes or no.
func (s *source) function(t *ast.FuncType, body *ast.BlockStmt) {
	if t.Results != nil && len(t.Results.List) == 1 && len(t.Results.List[0].Names) == 0 {
		if id, ok := t.Results.List[0].Type.(*ast.Ident); ok && id.Name == "bool" {
			s.verdicts(body)
		}
	}
	s.walk(body)
}

// verdicts gives what a function returns a switch.
func (s *source) verdicts(body *ast.BlockStmt) {
	ast.Inspect(body, func(n ast.Node) bool {
		if _, inner := n.(*ast.FuncLit); inner {
			return false
		}
		if r, ok := n.(*ast.ReturnStmt); ok && !constant(r.Results[0]) {
			s.condition(r.Results[0], "returns")
		}
		return true
	})
}

// constant reports whether an expression is true or false as it is written.
func constant(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && (id.Name == "true" || id.Name == "false")
}

// walk gives conditions and findings their switches.
func (s *source) walk(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			s.function(n.Type, n.Body)
			return false
		case *ast.IfStmt:
			s.condition(n.Cond, "if")
		case *ast.SwitchStmt:
			if n.Tag == nil {
				s.cases(n.Body)
			}
		case *ast.CallExpr:
			s.call(n)
		case *ast.RangeStmt:
			if id, ok := n.X.(*ast.Ident); ok && id.Name == "corrections" {
				s.wrap(n.X, "mutatedCorrections(")
			}
		case *ast.ReturnStmt:
			if s.fn == "ownRules" {
				s.wrap(n.Results[0], "mutatedRules(")
			}
		}
		return true
	})
}

// cases gives the conditions of a switch their own.
func (s *source) cases(body *ast.BlockStmt) {
	for _, c := range body.List {
		if c, ok := c.(*ast.CaseClause); ok {
			for _, e := range c.List {
				s.condition(e, "case")
			}
		}
	}
}

// condition can be forced to either side.
func (s *source) condition(e ast.Expr, what string) {
	never := s.add(e, what, "never")
	s.add(e, what, "always")
	s.wrap(e, fmt.Sprintf("mutCond(%d, ", never))
}

// call lets a finding be lost, and a date.
func (s *source) call(c *ast.CallExpr) {
	id, ok := c.Fun.(*ast.Ident)
	if !ok {
		return
	}
	switch id.Name {
	case "fault", "lacksContext":
		s.wrap(c, fmt.Sprintf("mutFault(%d, ", s.add(c, "", "lost")))
	case "since":
		if len(c.Args) == 2 {
			s.wrap(c.Args[0], fmt.Sprintf("mutDate(%d, ", s.add(c, "", "undated")))
		}
	}
}

// wrap makes an expression the last argument of a call.
func (s *source) wrap(e ast.Expr, call string) {
	s.in = append(s.in, insertion{s.offset(e.Pos()), call}, insertion{s.offset(e.End()), ")"})
}

func (s *source) offset(p token.Pos) int { return s.fset.Position(p).Offset }

// add names a mutant and gives its number.
func (s *source) add(e ast.Expr, what, change string) int {
	expr := strings.Join(strings.Fields(string(s.data[s.offset(e.Pos()):s.offset(e.End())])), " ")
	if i := strings.Index(expr, "func("); i > 0 {
		expr = expr[:i]
	}
	if c, ok := e.(*ast.CallExpr); ok && change != "never" && change != "always" {
		expr = s.brief(c)
	}
	name := strings.Join(slices.DeleteFunc([]string{filepath.Base(s.path), s.fn, what, expr, "->", change}, func(w string) bool { return w == "" }), " ")
	s.out.names[name]++
	if n := s.out.names[name]; n > 1 {
		name = fmt.Sprintf("%s (%d)", name, n)
	}
	id := len(s.out.mutants)
	pos := s.fset.Position(e.Pos())
	s.out.mutants = append(s.out.mutants, mutant{id, name, fmt.Sprintf("%s:%d", filepath.Base(s.path), pos.Line)})
	return id
}

// brief tells a finding by its sentence.
func (s *source) brief(c *ast.CallExpr) string {
	text := ""
	ast.Inspect(c, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING && text == "" {
			text = l.Value
		}
		return text == ""
	})
	name, _ := c.Fun.(*ast.Ident) // its caller saw that it is one
	return strings.TrimSpace(name.Name + " " + text)
}

// text is the file with all insertions; of two at one place, the closing one and
// the one that was made first comes first.
func (s *source) text() []byte {
	slices.SortStableFunc(s.in, func(a, b insertion) int {
		closing := func(i insertion) int {
			if i.text == ")" {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.offset, b.offset), cmp.Compare(closing(a), closing(b)))
	})
	var out []byte
	last := 0
	for _, i := range s.in {
		out = append(append(out, s.data[last:i.offset]...), i.text...)
		last = i.offset
	}
	return append(out, s.data[last:]...)
}
