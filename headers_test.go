// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package rootceremony_test holds what must be true of the whole tree: who may
// import whom, how every file begins, and what no file may say.
package rootceremony_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// root is the checkout.
var root = os.DirFS(".")

const header = "// Copyright 2026 The ceremony authors\n// SPDX-License-Identifier: Apache-2.0\n"

// maxLines is where a file has more than one idea.
const maxLines = 500

func TestHeaders(t *testing.T) {
	walk(t, ".go", func(name string) {
		if !strings.HasPrefix(read(t, name), header) {
			t.Errorf("%s: must begin with the two lines\n%s", name, header)
		}
	})
}

func TestFileLengths(t *testing.T) {
	walk(t, ".go", func(name string) {
		if strings.HasSuffix(name, "_test.go") {
			return
		}
		if n := strings.Count(read(t, name), "\n"); n > maxLines {
			t.Errorf("%s: %d lines; split it before it passes %d", name, n, maxLines)
		}
	})
}

func TestPackageComments(t *testing.T) {
	comments := make(map[string]int)
	walk(t, ".go", func(name string) {
		if strings.HasSuffix(name, "_test.go") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Error(err)
			return
		}
		comments[path.Dir(name)] += countDoc(file)
	})
	for dir, n := range comments {
		if n != 1 {
			t.Errorf("%s: %d package comments, want exactly one, which is the room's sentence", dir, n)
		}
	}
}

func countDoc(file *ast.File) int {
	if file.Doc == nil {
		return 0
	}
	text := file.Doc.Text()
	if strings.HasPrefix(text, "Package "+file.Name.Name+" ") || strings.HasPrefix(text, "Command ") {
		return 1
	}
	return 0
}

// TestWords looks for what belongs to one machine, or to nobody.
func TestWords(t *testing.T) {
	link := regexp.MustCompile(`https?://|\b[A-Z]+-[0-9]+\b|#[0-9]+`)
	words := []struct {
		pattern *regexp.Regexp
		why     string
		unless  *regexp.Regexp
	}{
		{regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`), "needs a link to where it is discussed", link},
		{regexp.MustCompile(`(^|[\s"'=(:])/wo` + `rk(/|\b)`), "is a path of one machine", nil},
		{regexp.MustCompile(`(proxy|sum)\.golang` + `\.org|registry\.npmjs` + `\.org|(deb|security)\.debian` + `\.org`), "is the host of a registry", nil},
	}
	walk(t, "", func(name string) {
		if path.Base(name) == "go.sum" || name == ".git" { // a work tree has a file of that name
			return
		}
		text := read(t, name)
		if !utf8.ValidString(text) {
			return
		}
		for i, line := range strings.Split(text, "\n") {
			for _, w := range words {
				found := w.pattern.FindString(line)
				if found != "" && (w.unless == nil || !w.unless.MatchString(line)) {
					t.Errorf("%s:%d: %q %s", name, i+1, strings.TrimSpace(found), w.why)
				}
			}
		}
	})
}

// TestLinksInDocs follows the relative links of every Markdown file.
func TestLinksInDocs(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:\s]+)(#[^)]*)?\)`)
	walk(t, ".md", func(name string) {
		for _, match := range link.FindAllStringSubmatch(read(t, name), -1) {
			target := path.Join(path.Dir(name), match[1])
			if _, err := fs.Stat(root, target); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", name, match[1])
			}
		}
	})
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := fs.ReadFile(root, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
