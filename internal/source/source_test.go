// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// read asks a document of the language below for everything it may hold, so
// that each accessor can be tested from a file.
func read(d *Document) error {
	m := d.Root().Map()
	m.Opt("text").Text()
	m.Opt("prose").Prose()
	m.Opt("name").Name()
	m.Opt("bool").Bool()
	m.Opt("int").Int(1, 100)
	m.Opt("version").Int(1, 1)
	m.Opt("bigint").BigInt()
	m.Opt("time").Time()
	m.Opt("span").Span()
	m.Opt("oid").OID()
	m.Opt("hex").Hex()
	m.Opt("url").URL()
	m.Opt("enum").Enum("colour", "red", "green", "dark-blue")
	for _, n := range m.Opt("single").List() {
		if _, v := n.Single(); v.Present() {
			v.Map().Keys()
		}
	}
	for _, n := range m.Opt("list").List() {
		readAny(n)
	}
	for _, k := range m.Opt("open").Map().Keys() {
		k.Node.Name()
		k.Value.Text()
	}
	if part := m.Opt("closed"); part.Present() {
		c := part.Map()
		c.Need("validity").Map().Need("for").Span()
		c.Opt("subject").Text()
		c.Opt("issuer").Text()
		c.Close()
	}
	m.Close()
	return d.Err()
}

// readAny reads every scalar at any depth as text.
func readAny(n Node) {
	switch {
	case n.IsList():
		for _, c := range n.List() {
			readAny(c)
		}
	case n.IsMap():
		for _, k := range n.Map().Keys() {
			readAny(k.Value)
		}
	default:
		n.Text()
	}
}

// TestGolden reads each testdata/err/*.yaml and compares all errors and
// warnings with the .out beside it, and requires that testdata/ok has none.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			got := report(t, file)
			if filepath.Base(filepath.Dir(file)) == "ok" {
				if got != "" {
					t.Errorf("unexpected problems:\n%s", got)
				}
				return
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".out", got)
		})
	}
}

// report returns the problems and warnings of a file as it would be printed.
func report(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d, _ := Parse(filepath.Base(file), data)
	var b strings.Builder
	if err := read(d); err != nil {
		b.WriteString(err.Error() + "\n")
	}
	for _, w := range d.Warnings() {
		b.WriteString("warning: " + w.Error() + "\n")
	}
	return b.String()
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
	if got == "" {
		t.Error("a file in err must have a problem or a warning")
	}
}

// problems parses and reads a text and returns its errors and warnings.
func problems(text string) (errs, warnings []string) {
	d, _ := Parse("f", []byte(text))
	_ = read(d)
	for _, e := range d.errs.unique() {
		errs = append(errs, e.Error())
	}
	for _, e := range d.Warnings() {
		warnings = append(warnings, e.Error())
	}
	return errs, warnings
}

func TestErrorsSortAndRepeat(t *testing.T) {
	d, err := Parse("f", []byte("b: [x]\na: [x]\n"))
	if err != nil {
		t.Fatal(err)
	}
	m := d.Root().Map()
	m.Need("a").Fail("second")
	m.Need("b").Fail("first")
	m.Need("b").Fail("first")
	want := "f:1:4: b: first\nf:2:4: a: second"
	if got := d.Err().Error(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	es := d.Err().(Errors)
	if len(es.Unwrap()) != 2 {
		t.Errorf("Unwrap has %d errors", len(es.Unwrap()))
	}
	if d.Warnings() != nil && len(d.Warnings()) != 0 {
		t.Error("unexpected warnings")
	}
}

func TestTooManyErrors(t *testing.T) {
	d, err := Parse("f", []byte(strings.Repeat("\x01", 5000)))
	es, ok := err.(Errors)
	if !ok || len(es) != maxErrors+1 {
		t.Fatalf("got %d errors, want %d", len(es), maxErrors+1)
	}
	if !slices.ContainsFunc(es, func(e *Error) bool { return strings.Contains(e.Msg, "more than 1000") }) {
		t.Error("nothing says that errors are left out")
	}
	if d == nil || d.Root().Present() {
		t.Error("a document is expected, without a root")
	}
}

func TestShapeProblemsDoNotHideValues(t *testing.T) {
	errs, _ := problems("text: &a x\nint: 010\nname: ~\n")
	want := []string{
		`f:1:7: text: anchors are not allowed (write the value out where it is needed, or quote text that begins with &)`,
		`f:2:6: int: "010" is not a whole number (decimal digits without sign, leading zeros or underscores)`,
		`f:3:7: name: no value (remove the key, or write the value; quote the word if it is meant as text)`,
	}
	if diff := cmp.Diff(want, errs); diff != "" {
		t.Error(diff)
	}
}

func TestAbsent(t *testing.T) {
	var n Node
	if n.Present() || n.Text() != "" || n.List() != nil || n.Map().Keys() != nil || n.Bool() || n.BigInt() != nil {
		t.Error("the zero Node is not absent")
	}
	n.Map().Need("x").Map().Close()
	d, err := Parse("f", []byte("a: {}\n"))
	if err != nil {
		t.Fatal(err)
	}
	a := d.Root().Map().Opt("a").Map()
	missing := a.Opt("b")
	missing.Fail("is needed for a reason")
	a.Need("c").Map().Need("d")
	want := "f:1:4: a.b: is needed for a reason\nf:1:4: a: missing key \"c\""
	if got := d.Err(); got == nil || got.Error() != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestPath(t *testing.T) {
	d, err := Parse("f", []byte("steps:\n- {validity: {for: 1y}}\n- {\"1.2 x\": [a]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	list := d.Root().Map().Need("steps").List()
	n := list[0].Map().Need("validity").Map().Need("for")
	if got := n.Path(); got != "steps[0].validity.for" {
		t.Errorf("path %q", got)
	}
	if got := n.Pos().String(); got != "f:2:20" {
		t.Errorf("pos %q", got)
	}
	if got := list[1].Map().Need("1.2 x").List()[0].Path(); got != `steps[1]["1.2 x"][0]` {
		t.Errorf("path %q", got)
	}
	if d.Root().Path() != "" {
		t.Error("the root has a path")
	}
}
