// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"go/ast"
	"go/parser"
	"go/token"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/plan"
)

// needing are the commands that do nothing without arguments.
var needing = regexp.MustCompile(`ceremony (run|resume|redo|amend|sign|verify|approve|rehearse|plan|attach|token list)\b(?: --module MODULE)?`)

// TestOneBuilder guards that a command with arguments is put together in one
// place: a string of the program that names one is in commands.go, or in a
// help text, where TestExamplesParse reads it. A module's worker knows no path
// of the people at the screen.
func TestOneBuilder(t *testing.T) {
	for _, root := range []string{"../../../ceremony", "../../../cmd", "../../../internal", "../../../transcripts", "../../../lint", "../../../profiles", "../../../templates"} {
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && filepath.Base(name) != "commands.go" {
				namedCommands(t, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func namedCommands(t *testing.T, name string) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	help := func(n ast.Node) bool { // of a cobra.Command
		kv, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return false
		}
		key, ok := kv.Key.(*ast.Ident)
		return ok && (key.Name == "Long" || key.Name == "Example")
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if help(n) {
			return false
		}
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		for _, found := range needing.FindAllString(lit.Value, -1) {
			if !strings.HasSuffix(found, " --module MODULE") && !strings.Contains(lit.Value, "the "+found) {
				t.Errorf("%s: %s: ceremony.Commands writes command lines", files.Position(lit.Pos()), lit.Value)
			}
		}
		return true
	})
}

// typed splits a command line as a shell does that knows the variables of a page.
func typed(t *testing.T, line string) []string {
	t.Helper()
	set := ""
	for _, v := range regexp.MustCompile(`"\$([A-Z_]+|person)"`).FindAllStringSubmatch(line, -1) {
		set += v[1] + "=x; "
	}
	out, err := shell(t, set+`printf '%s\n' `+strings.TrimPrefix(line, "ceremony "))
	if err != nil {
		t.Fatalf("%q is no command of a shell: %v", line, err)
	}
	return strings.Split(strings.TrimSuffix(out, "\n"), "\n")
}

// parses checks a command line against the command tree.
func parses(t *testing.T, line string) {
	t.Helper()
	found, rest, err := newRootCommand(deps{}).Find(typed(t, line))
	if err == nil {
		err = found.ParseFlags(rest)
	}
	if err == nil {
		err = found.ValidateArgs(found.Flags().Args())
	}
	if err != nil {
		t.Errorf("%q: %v", line, err)
	}
}

// TestCommandLines gives every command that people are shown to the command
// tree, with nothing known and with paths that a shell would take apart.
func TestCommandLines(t *testing.T) {
	known := plan.Commands{File: "my file.yaml", Plan: "it's a plan", Site: "$HOME", Policy: "a;b", PolicyDigest: "00", Bundle: "-rf", PINs: "3", Approval: true}
	for _, c := range []plan.Commands{{}, {Approval: true}, known} {
		v := reflect.ValueOf(c)
		for i := range v.NumMethod() {
			call, ok := v.Method(i).Interface().(func() string)
			if ok {
				parses(t, call())
			}
		}
		parses(t, c.Redo("14"))
	}
	if got := typed(t, known.Run()); !slices.Contains(got, "it's a plan") || !slices.Contains(got, "$HOME") || !slices.Contains(got, "./-rf") {
		t.Errorf("%s gives the words %q", known.Run(), got)
	}
	for _, line := range []string{known.Run(), known.Resume(), known.Redo("14"), known.Amend(), known.RehearseAgain(), known.Abandon()} {
		if !strings.Contains(line, " --pin-fd 3") {
			t.Errorf("%s drops a flag that was typed", line)
		}
	}
	parses(t, plan.ListTokens("/usr/lib/a module.so"))
}

// TestCommandsOnPaper reads the commands of a printed script, of the report and
// of README-VERIFY.md, with the flags that they cannot do without.
func TestCommandsOnPaper(t *testing.T) {
	const bundle = "../../../examples/bundles/root-2026/"
	for name, fewest := range map[string]int{"plan/script.html": 7, "report/report.html": 1, "README-VERIFY.md": 1} {
		page, err := os.ReadFile(bundle + name)
		if err != nil {
			t.Fatal(err)
		}
		lines := regexp.MustCompile("(?s)(?:>|`)(ceremony [a-z][^<`]*)").FindAllStringSubmatch(string(page), -1)
		if len(lines) < fewest {
			t.Errorf("%s: %d commands, want %d", name, len(lines), fewest)
		}
		for _, m := range lines {
			line := html.UnescapeString(strings.Join(strings.Fields(m[1]), " "))
			parses(t, line)
			for command, flag := range map[string]string{"verify": "--manifest", "resume": "--site", "run": "--site", "redo": "--site", "amend": "--site", "sign": "--as"} {
				if strings.HasPrefix(line, "ceremony "+command+" ") && !strings.Contains(line, flag) {
					t.Errorf("%s: %q has no %s", name, line, flag)
				}
			}
		}
	}
}
