// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package rootceremony_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// mostKindSwitches is how many places may tell the kinds of objects apart. What
// differs by kind is a method of the object, or a row of the one table that a
// room has for it: a new kind is then found by the compiler, or by that table.
const mostKindSwitches = 8

// kindWords are the constants and texts that name the kind of an object.
var kindWords = []string{
	"RootCA", "SubordinateCA", "CrossCertifiedCA", "OCSPResponder", "CRL", "OCSPResponse", "CertRequest",
	"KindCertificate", "KindCRL", "KindRequest", "KindResponse",
	`"certificate"`, `"crl"`, `"certificate-request"`, `"ocsp-response"`, `"issue"`, `"request"`, `"ocsp"`,
}

// kindTypes are the types that objects of different kinds have.
var kindTypes = []string{
	"Certificate", "RevocationList", "Response", "Request",
	"CertificateProfile", "RevocationListProfile", "ResponseProfile", "RequestProfile",
}

// kindParts are the names under which something holds an object of one kind, and
// the kind.
var kindParts = map[string]string{
	"cert": "certificate", "certificate": "certificate", "crl": "crl", "revocationlist": "crl",
	"resp": "response", "response": "response", "req": "request", "request": "request", "certrequest": "request",
}

// TestKindSwitches counts the places where the kinds of objects are told apart:
// a switch, or a chain of ifs, two branches of which name two kinds. It goes by
// names, so that a pair of fields or calls compared with nil counts like
// constants and types do.
func TestKindSwitches(t *testing.T) {
	files := token.NewFileSet()
	var found []string
	walk(t, ".go", func(name string) {
		if strings.HasSuffix(name, "_test.go") {
			return
		}
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Error(err)
			return
		}
		for _, n := range kindSwitches(file) {
			found = append(found, fmt.Sprint(files.Position(n.Pos())))
		}
	})
	t.Logf("%d places tell the kinds of objects apart:\n%s", len(found), strings.Join(found, "\n"))
	if len(found) > mostKindSwitches {
		t.Errorf("%d places tell the kinds of objects apart, and at most %d may; make a method or a row of a table of what differs", len(found), mostKindSwitches)
	}
}

// TestKindSwitchesCounted keeps the counter honest: it must see what it is for.
func TestKindSwitchesCounted(t *testing.T) {
	for _, c := range []struct {
		body string
		want int
	}{
		{"switch k { case profiles.CRL: a(); case profiles.RootCA: b() }", 1},
		{"switch k { case profiles.CRL: a(); default: b() }", 0},
		{"switch k { case profiles.CRL, profiles.OCSPResponse: a() }", 0},
		{"switch x := x.(type) { case *profiles.Request: a(); case *profiles.Response: b(x) }", 1},
		{"switch x.(type) { case *rsa.PublicKey: a(); case *ecdsa.PublicKey: b() }", 0},
		{"switch { case o.Certificate != nil: a(); case o.Response != nil: b() }", 1},
		{"switch { case o.cert() != nil: a(); case o.crl() != nil: b() }", 1},
		{"switch { case k == profiles.CRL: a(); case o.Kind() == profiles.RootCA: b() }", 1},
		{"if o.CRL != nil { a() } else if o.Response != nil { b() }", 1},
		{"if o.CRL != nil { a(); return }; if o.Response != nil { b(); return }", 1},
		{"if _, ok := o.(*profiles.Request); ok { a(); return }; if _, ok := o.(*profiles.Response); ok { b() }", 1},
		{"if c := o.cert(); c != nil { a() } else if l := o.crl(); l != nil { b() }", 1},
		{"if o.CRL != nil { a() }; c(); if err != nil { b() }", 0},
		{`switch kind { case "crl": a(); case "certificate": b() }`, 1},
		{"if o.cert() != nil { a() }; if o.Certificate != nil { b() }", 0},
		{`switch { case e.Present(): a(); case o.Certificate != nil: b() }`, 0},
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\nfunc f() { "+c.body+" }", 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(kindSwitches(file)); got != c.want {
			t.Errorf("%s: %d, want %d", c.body, got, c.want)
		}
	}
}

// kindSwitches finds the places of a file.
func kindSwitches(file *ast.File) []ast.Node {
	var found []ast.Node
	chained := map[*ast.IfStmt]bool{}
	add := func(n ast.Node, branches ...[]string) {
		kinds := []string{}
		for _, b := range branches {
			if len(b) > 0 && !slices.Contains(kinds, b[0]) {
				kinds = append(kinds, b[0])
			}
		}
		if len(kinds) > 1 {
			found = append(found, n)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SwitchStmt:
			add(n, branches(n.Body, caseKinds)...)
		case *ast.TypeSwitchStmt:
			add(n, branches(n.Body, typeKinds)...)
		case *ast.BlockStmt:
			ifChains(n.List, chained, add)
		case *ast.CaseClause:
			ifChains(n.Body, chained, add)
		case *ast.IfStmt:
			if !chained[n] {
				add(n, chain(n, chained)...)
			}
		}
		return true
	})
	return found
}

// branches gives the kinds that each branch of a switch names.
func branches(body *ast.BlockStmt, kinds func(ast.Expr) []string) (out [][]string) {
	for _, s := range body.List {
		var of []string
		for _, e := range s.(*ast.CaseClause).List {
			of = append(of, kinds(e)...)
		}
		out = append(out, of)
	}
	return out
}

// ifChains finds ifs that follow one another.
func ifChains(list []ast.Stmt, chained map[*ast.IfStmt]bool, add func(ast.Node, ...[]string)) {
	var first *ast.IfStmt
	var of [][]string
	end := func() {
		if first != nil {
			add(first, of...)
		}
		first, of = nil, nil
	}
	for _, s := range list {
		n, isIf := s.(*ast.IfStmt)
		if !isIf {
			end()
			continue
		}
		if first == nil {
			first = n
		}
		of = append(of, chain(n, chained)...)
	}
	end()
}

// chain gives the kinds that an if and its elses name.
func chain(n *ast.IfStmt, chained map[*ast.IfStmt]bool) (out [][]string) {
	for n != nil {
		chained[n] = true
		kinds := caseKinds(n.Cond)
		if init, ok := n.Init.(*ast.AssignStmt); ok && len(init.Rhs) == 1 {
			if of, ok := init.Rhs[0].(*ast.TypeAssertExpr); ok && of.Type != nil {
				kinds = append(kinds, typeKinds(of.Type)...)
			}
			if kind := kindParts[strings.ToLower(last(init.Rhs[0]))]; kind != "" {
				kinds = append(kinds, kind)
			}
		}
		out = append(out, kinds)
		n, _ = n.Else.(*ast.IfStmt)
	}
	return out
}

// typeKinds names the type of an object.
func typeKinds(e ast.Expr) []string {
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	if name := last(e); slices.Contains(kindTypes, name) {
		return []string{strings.TrimSuffix(name, "Profile")}
	}
	return nil
}

// caseKinds names the kinds that a condition or a value of a switch asks for.
func caseKinds(e ast.Expr) []string {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return caseKinds(e.X)
	case *ast.BinaryExpr:
		switch {
		case e.Op == token.LAND || e.Op == token.LOR:
			return append(caseKinds(e.X), caseKinds(e.Y)...)
		case e.Op == token.NEQ && last(e.Y) == "nil":
			if kind := kindParts[strings.ToLower(last(e.X))]; kind != "" {
				return []string{kind}
			}
		case e.Op == token.EQL:
			return append(caseKinds(e.X), caseKinds(e.Y)...)
		}
	default:
		if name := last(e); slices.Contains(kindWords, name) {
			return []string{name}
		}
	}
	return nil
}

// last is the last name of an expression, or its text.
func last(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.CallExpr:
		return last(e.Fun)
	case *ast.BasicLit:
		return e.Value
	}
	return ""
}
