// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// traps holds one row for each way in which YAML text means something else than
// it shows. Each must be an error at the place given; want is a part of it.
var traps = []struct{ name, text, want string }{
	{"unknown key", "txt: a", `f:1:1: txt: unknown key "txt" (did you mean "text"?)`},
	{"wrong case", "Text: a", `f:1:1: Text: unknown key "Text" (did you mean "text"?)`},
	{"unknown key below", "closed: {validity: {for: 1y}, isuer: a}", `f:1:31: closed.isuer: unknown key "isuer" (did you mean "issuer"?)`},
	{"duplicate key", "text: a\ntext: b", `f:2:1: text: duplicate key "text", first on line 1`},
	{"duplicate key below", "list: [{a: 1, a: 1}]", `f:1:15: list[0].a: duplicate key`},
	{"duplicate key, escaped", "text: a\n\"te\\x78t\": b", `f:2:1: text: duplicate key`},
	{"second document", "text: a\n---\ntext: b", "f:2:1: a second document"},
	{"second empty document", "text: a\n---\n", "f:2:1: a second document"},
	{"garbage after end", "text: a\n...\ngarbage: [", "f:3:1: not YAML"},
	{"document after end", "text: a\n...\nb", "f:3:1: "},
	{"yes", "bool: yes", `f:1:7: bool: "yes" is neither true nor false`},
	{"on", "bool: on", `"on" is neither`},
	{"True", "bool: True", `"True" is neither`},
	{"quoted true", `bool: "true"`, `"true" is neither`},
	{"octal", "int: 010", `f:1:6: int: "010" is not a whole number`},
	{"underscore", "int: 1_0", "is not a whole number"},
	{"hexadecimal", "int: 0x10", "is not a whole number"},
	{"float", "int: 1.0", "is not a whole number"},
	{"plus", "int: +1", "is not a whole number"},
	{"minus", "int: -1", "is not a whole number"},
	{"other digits", "int: ١", "is not a whole number"},
	{"range", "int: 101", `101 is not from 1 to 100`},
	{"another version", "version: 2", `f:1:10: version: 2 is not 1, the only number that is possible here`},
	{"huge", "int: 99999999999999999999", "is not from 1 to 100"},
	{"tilde", "text: ~", "f:1:7: text: no value"},
	{"null", "text: null", "f:1:7: text: no value"},
	{"nothing", "text:", "text: no value"},
	{"nothing in list", "list:\n- a\n-\n", "list[1]: no value"},
	{"nothing in flow", "list: [{a}]", "list[0].a: no value"},
	{"empty text", `text: ""`, "f:1:7: text: the text is empty"},
	{"no such day", "time: 2024-02-30T00:00:00Z", "is not in the calendar"},
	{"leap second", "time: 2016-12-31T23:59:60Z", "is not in the calendar"},
	{"24 hours", "time: 2016-12-31T24:00:00Z", "is not in the calendar"},
	{"date only", "time: 2024-03-13", "is not a time in UTC"},
	{"offset", "time: 2024-03-13T00:00:00+01:00", "is not a time in UTC"},
	{"zero offset", "time: 2024-03-13T00:00:00+00:00", "is not a time in UTC"},
	{"fraction", "time: 2024-03-13T00:00:00.5Z", "is not a time in UTC"},
	{"lower case time", "time: 2024-03-13t00:00:00z", "is not a time in UTC"},
	{"early", "time: 0001-01-01T00:00:00Z", "before 1950"},
	{"anchor", "text: &x a", "f:1:7: text: anchors are not allowed"},
	{"anchor without value", "text: &x", "f:1:7: text: anchors are not allowed"},
	{"anchor on key", "&x text: a", "anchors are not allowed"},
	{"anchor on mapping", "closed: &x\n  validity: {for: 1y}", "f:1:9: closed: anchors are not allowed"},
	{"alias", "text: &x a\nname: *x", "f:2:7: name: aliases are not allowed"},
	{"alias as key", "text: &x a\n*x : b", "f:2:1: aliases are not allowed"},
	{"self-referring alias", "list: &x [*x]", "list[0]: aliases are not allowed"},
	{"unknown alias", "text: *x", "f:1:8: not YAML: unknown anchor 'x' referenced"},
	{"merge", "closed:\n  <<: {a: b}\n  validity: {for: 1y}", `f:2:3: closed["<<"]: merge keys are not allowed`},
	{"binary", "text: !!binary VVM=", "f:1:7: text: tags are not allowed"},
	{"own tag", "text: !foo US", "f:1:7: text: tags are not allowed"},
	{"lone tag", "text: ! US", "f:1:7: text: tags are not allowed"},
	{"lone tag in flow", "list: [ä, ! US]", "f:1:11: list[1]: tags are not allowed"},
	{"tag on key", "!!str text: a", "tags are not allowed"},
	{"tag on list", "list: !!seq [a]", "f:1:7: list: tags are not allowed"},
	{"str tag", "text: !!str 42", "tags are not allowed"},
	{"verbatim tag", "text: !<tag:yaml.org,2002:str> 42", "tags are not allowed"},
	{"TAG directive", "%TAG ! tag:x,2000:\n---\ntext: a", "f:1:1: a line may not begin with %"},
	{"YAML directive", "%YAML 1.1\n---\ntext: a", "f:1:1: a line may not begin with %"},
	{"byte order mark", "\ufefftext: a", "f:1:1: byte order mark"},
	{"byte order mark later", "text: a\ufeff", "f:1:8: character U+FEFF is not allowed"},
	{"UTF-16", "\xff\xfet\x00", "f:1:1: text in UTF-16, as Windows saves it; convert it: iconv -f UTF-16 -t UTF-8 f > NEW"},
	{"no-break space", "text: a\u00a0b", "f:1:8: character U+00A0 is not allowed"},
	{"ideographic space", "text: a\u3000b", "f:1:8: character U+3000 is not allowed"},
	{"zero width space", "text: a\u200bb", "f:1:8: character U+200B is not allowed"},
	{"zero width joiner", "text: a\u200db", "U+200D"},
	{"soft hyphen", "text: a\u00adb", "U+00AD"},
	{"bidi override", "text: a\u202eb", "f:1:8: character U+202E is not allowed: it changes the direction"},
	{"bidi isolate", "# \u2066 comment\ntext: a", "f:1:3: character U+2066 is not allowed"},
	{"arabic letter mark", "text: a\u061cb", "U+061C"},
	{"variation selector", "text: a\ufe0fb", "U+FE0F"},
	{"tag character", "text: a\U000E0041b", "U+E0041"},
	{"private use", "text: a\ue000b", "U+E000"},
	{"replacement character", "text: a\ufffdb", "U+FFFD"},
	{"lone CR", "text: a\rname: b", "f:1:8: carriage return that is not followed"},
	{"CR at the end", "text: a\r", "f:1:8: carriage return"},
	{"next line", "text: a\u0085name: b", "f:1:8: character U+0085 is not allowed: a line break"},
	{"line separator", "text: a\u2028name: b", "f:1:8: character U+2028 is not allowed: a line break"},
	{"paragraph separator", "text: a\u2029name: b", "f:1:8: character U+2029"},
	{"NUL", "text: a\x00b", "f:1:8: character U+0000 is not allowed: a control character"},
	{"DEL", "text: a\x7fb", "f:1:8: character U+007F"},
	{"escape", "ä: a\ntext: ü\x1b[31m", "f:2:8: character U+001B"},
	{"bad UTF-8", "text: a\xc3(", "f:1:8: invalid UTF-8: byte 0xC3"},
	{"overlong UTF-8", "text: a\xc0\xaf", "f:1:8: invalid UTF-8: byte 0xC0"},
	{"surrogate", "text: a\xed\xa0\x80", "f:1:8: invalid UTF-8: byte 0xED"},
	{"escaped bidi", `text: "a\u202e"`, "f:1:7: text: the value contains character U+202E"},
	{"escaped NUL", `text: "a\0"`, "f:1:7: text: the value contains character U+0000"},
	{"escaped CR", `text: "a\rb"`, "the value contains a carriage return"},
	{"escaped next line", `text: "a\Nb"`, "the value contains character U+0085"},
	{"escaped no-break space", `text: "a\_b"`, "the value contains character U+00A0"},
	{"escaped line separator", `text: "a\Lb"`, "the value contains character U+2028"},
	{"escaped key", `open: {"a\u200b": x}`, "the value contains character U+200B"},
	{"escaped line feed", `text: "a\nb"`, "contains a line break"},
	{"number as key", "open: {42: x}", `f:1:8: open.42: key "42" is not text`},
	{"bool as key", "open: {true: x}", `key "true" is not text`},
	{"null as key", "open: {~: x}", `key "~" is not text`},
	{"nothing as key", "open:\n  ?\n  : x", `open: key "" is not text`},
	{"empty key", `open: {"": x}`, `key "" is not text`},
	{"list as key", "open: {[a]: x}", "a key must be text"},
	{"mapping as key", "open:\n  ? {a: b}\n  : x", "f:2:5: open: a key must be text"},
	{"long key", "open: {" + strings.Repeat("k", 129) + ": x}", "key is longer than 128"},
	{"empty file", "", "f:1:1: the file has no YAML document"},
	{"comments only", "# nothing\n", "f:1:1: the file has no YAML document"},
	{"empty document", "---\n", "no value"},
	{"not a mapping", "[a]", "f:1:1: expected a mapping, got a list"},
	{"bare text", "hello", "f:1:1: expected a mapping, got text"},
	{"list for text", "text: [a]", "f:1:7: text: expected text, got a list"},
	{"text for list", "list: a", "f:1:7: list: expected a list, got text"},
	{"two keys in single", "single: [{a: {}, b: {}}]", "f:1:10: single[0]: expected exactly one key, got 2: a, b"},
	{"no key in single", "single: [{}]", "expected exactly one key, got 0"},
	{"list in single", "single: [[a]]", "expected text or a mapping with one key, got a list"},
	{"missing key", "closed: {subject: a}", `f:1:9: closed: missing key "validity"`},
	{"tab indentation", "closed:\n\tvalidity: a", "f:2:1: not YAML"},
	{"colon in text", "text: a: b", "f:1:8: not YAML: mapping values are not allowed"},
	{"unclosed quote", "name: \"b\"\ntext: \"a\nname: b\n", "f:2:7: not YAML: found unexpected end of stream"},
	{"unclosed bracket", "list: [a, b\n", "not YAML"},
	{"at sign", "text: @a", "f:1:7: not YAML: found character that cannot start any token"},
	{"case of enum", "enum: Red", `unknown colour "Red" (did you mean "red"?)`},
	{"underscore in enum", "enum: dark_blue", `(did you mean "dark-blue"?)`},
	{"far from enum", "enum: xyzzy", `unknown colour "xyzzy" (one of: red, green, dark-blue)`},
	{"name", "name: Root-X1", `"Root-X1" is not a name`},
	{"name with newline", "name: |\n  x\n", `"x\n" is not a name`},
	{"name too long", "name: " + strings.Repeat("a", 65), "longer than 64"},
	{"days of a number", "span: 90", `"90" is not a length of time`},
}

func TestTraps(t *testing.T) {
	for _, tt := range traps {
		t.Run(tt.name, func(t *testing.T) {
			errs, _ := problems(tt.text)
			if all := strings.Join(errs, "\n"); !strings.Contains(all, tt.want) {
				t.Errorf("%q\n got %s\nwant %s", tt.text, all, tt.want)
			}
		})
	}
}

// TestReadings holds the texts that we read as written and others do not.
func TestReadings(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"text: NO", "a boolean"},
		{"text: y", "a boolean"},
		{"text: Off", "a boolean"},
		{"text: true", "a boolean"},
		{"text: 1.10", "a number"},
		{"text: 1e3", "a number"},
		{"text: 1.5e+3", "a number"},
		{"text: .inf", "a number"},
		{"name: 1e10", "a number"},
		{"text: 010", "another number"},
		{"text: 0x1F", "another number"},
		{"text: 1_000", "another number"},
		{"text: +5", "another number"},
		{"text: 12:30:45", "a number to base 60"},
		{"text: 2024-03-13", "a timestamp"},
		{"text: 2024-03-13T00:00:00Z", "a timestamp"},
		{"name: 2024-03-13", "a timestamp"},
		{"oid: 1.10", "a number"},
		{"hex: 0012", "a number"},
		{"hex: 1e10", "a number"},
		{"open: {no: x}", "a boolean"},
		{"text: 42", ""},
		{"text: none", ""},
		{"text: Norway", ""},
		{`text: "NO"`, ""},
		{`text: '1.10'`, ""},
		{"oid: 2.23.140.1.2.1", ""},
		{"time: 2024-03-13T00:00:00Z", ""},
		{"hex: deadbeef", ""},
		{"int: 42", ""},
	} {
		t.Run(tt.text, func(t *testing.T) {
			errs, warnings := problems(tt.text)
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			all := strings.Join(warnings, "\n")
			if tt.want == "" && all != "" || !strings.Contains(all, tt.want) {
				t.Errorf("got %q, want %q", all, tt.want)
			}
		})
	}
}

// TestLimits feeds what would cost time or memory in a careless reader.
func TestLimits(t *testing.T) {
	var bomb strings.Builder
	bomb.WriteString("a0: &a0 [x,x]\n")
	for i := 1; i < 20; i++ {
		fmt.Fprintf(&bomb, "a%d: &a%d [*a%d,*a%d]\n", i, i, i-1, i-1)
	}
	deep := func(n int) string { return "list: " + strings.Repeat("[", n) + "x" + strings.Repeat("]", n) }
	for _, tt := range []struct{ name, text, want string }{
		{"alias bomb", bomb.String(), "aliases are not allowed"},
		{"20,000 levels", strings.Repeat("[", 20000), "not YAML: exceeded max depth"},
		{"9,000 levels", deep(9000), "nested deeper than 32 levels"},
		{"33 levels", deep(32), "nested deeper than 32 levels"},
		{"32 levels", deep(31), ""},
		{"too large", "# " + strings.Repeat("x", MaxBytes), "more than the 1048576 that are read"},
		{"unknown keys", manyKeys(50_000), "unknown key"},
		{"one long line", "list: [" + strings.Repeat("ä,", 300_000) + "b]", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			errs, _ := problems(tt.text)
			all := strings.Join(errs, "\n")
			if tt.want == "" && all != "" || !strings.Contains(all, tt.want) {
				t.Errorf("got %.300s, want %s", all, tt.want)
			}
		})
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "key%d: x\n", i)
	}
	return b.String()
}

func TestCRLF(t *testing.T) {
	d, err := Parse("f", []byte("text: a\r\nprose: |\r\n  b\r\n  c\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	m := d.Root().Map()
	if got := m.Need("prose").Prose(); got != "b\nc" {
		t.Errorf("prose %q", got)
	}
	if got := m.Need("text").Text(); got != "a" {
		t.Errorf("text %q", got)
	}
	if d.Line(1) != "text: a" {
		t.Errorf("line %q", d.Line(1))
	}
}

func TestTimeValue(t *testing.T) {
	d, _ := Parse("f", []byte("2026-12-01T08:00:00Z"))
	want := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	if got := d.Root().Time(); !got.Equal(want) || got.Location() != time.UTC {
		t.Errorf("got %v", got)
	}
}
