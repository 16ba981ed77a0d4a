// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// scalarNode returns the root of a document that is one quoted scalar.
func scalarNode(t *testing.T, text string) Node {
	t.Helper()
	d, err := Parse("f", []byte(strconv.Quote(text)))
	if err != nil {
		t.Fatal(err)
	}
	return d.Root()
}

func TestOID(t *testing.T) {
	for _, ok := range []string{"0.0", "1.39", "2.999", "2.23.140.1.2.1", "1.3.6.1.4.1.2147483647", "2.2147483567.1"} {
		n := scalarNode(t, ok)
		if got := n.OID(); got.String() != ok || n.doc.Err() != nil {
			t.Errorf("%s gives %v, %v", ok, got, n.doc.Err())
		}
	}
	for _, bad := range []string{
		"1", "3.1", "0.40", "1.40", "2.2147483568", "1.02", "1..2", ".1.2", "1.2.", "1.2 ", "1.-2", "1.2147483648",
		"2.25.329800735698586629295641978511506172918", "١.٢", "1.2" + strings.Repeat(".1", 200), "2.5.4.3\n",
	} {
		n := scalarNode(t, bad)
		if got := n.OID(); got != nil || n.doc.Err() == nil {
			t.Errorf("%q gives %v", bad, got)
		}
	}
}

func TestURL(t *testing.T) {
	for _, ok := range []string{
		"http://x1.crl.example.com/", "https://example.com/cps/v1.2#", "http://a/b?c=d&e=%20",
		"http://example.com:8080/x.crl", "http://127.0.0.1/", "http://EXAMPLE.com/A~b_c-d",
	} {
		n := scalarNode(t, strings.TrimSuffix(ok, "#"))
		if got := n.URL(); got != strings.TrimSuffix(ok, "#") || n.doc.Err() != nil {
			t.Errorf("%s gives %q, %v", ok, got, n.doc.Err())
		}
	}
	for _, bad := range []string{
		"http://example.com", "example.com/", "/x", "ftp://example.com/", "HTTP://example.com/", "http:///x", "http:x",
		"http://u@example.com/", "http://u:p@example.com/", "http://example.com/#", "http://example.com/#f",
		"http://example.com:/", "http://exa mple.com/", "http://exämple.com/", "http://example.com/ü", "http://example.com/%zz",
		"http://example.com/a b", "http://-a.com/", "http://a..b/", "http://a_b.com/", "http://[::1]/", "http://a.com./",
		"http://example.com/<x>", "http://example.com/\"", "http://example.com/a\\b", "http://example.com?x=/", "ldap://example.com/x",
		"http://" + strings.Repeat("a", 64) + ".com/", "http://%41.com/", " http://example.com/",
	} {
		n := scalarNode(t, bad)
		if got := n.URL(); got != "" || n.doc.Err() == nil {
			t.Errorf("%q gives %q", bad, got)
		}
	}
}

func TestNumbers(t *testing.T) {
	n := scalarNode(t, "170141183460469231731687303715884105727")
	want := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 127), big.NewInt(1))
	if got := n.BigInt(); got.Cmp(want) != 0 {
		t.Errorf("got %v", got)
	}
	n = scalarNode(t, strings.Repeat("9", maxDigits+1))
	if n.BigInt() != nil || n.doc.Err() == nil {
		t.Error("no limit on digits")
	}
	n = scalarNode(t, "0")
	if n.Int(0, 0) != 0 || n.doc.Err() != nil {
		t.Error("0 is refused")
	}
}

func TestSingle(t *testing.T) {
	d, err := Parse("f", []byte("- server-auth\n- key-usage: {critical: true}\n"))
	if err != nil {
		t.Fatal(err)
	}
	items := d.Root().List()
	name, value := items[0].Single()
	if name != "server-auth" || value.Present() {
		t.Errorf("got %q, %v", name, value.Present())
	}
	value.Map().Need("bits") // absent, so silent
	name, value = items[1].Single()
	if name != "key-usage" || !value.Map().Need("critical").Bool() {
		t.Errorf("got %q", name)
	}
	if value.Path() != "[1].key-usage" || d.Err() != nil {
		t.Errorf("path %q, %v", value.Path(), d.Err())
	}
}

func TestKeys(t *testing.T) {
	d, err := Parse("f", []byte("b: x\na: y\n\"c d\": z\n"))
	if err != nil {
		t.Fatal(err)
	}
	m := d.Root().Map()
	var got []string
	for _, k := range m.Keys() {
		got = append(got, k.Name+" "+k.Pos.String()+" "+k.Value.Text())
	}
	m.Close()
	want := []string{"b f:1:1 x", "a f:2:1 y", "c d f:3:1 z"}
	if diff := cmp.Diff(want, got); diff != "" || d.Err() != nil {
		t.Error(diff, d.Err())
	}
}

func TestCaret(t *testing.T) {
	long := strings.Repeat("x", 300)
	d, _ := Parse("f", []byte("text: ä\u202eb\n\tä: c\n"+long+"\n"))
	for _, tt := range []struct {
		line, col int
		want      string
	}{
		{1, 8, "text: ä\ufffdb\n       ^"},
		{2, 3, "\tä: c\n\t ^"},
		{2, 99, "\tä: c\n\t    ^"},
		{3, 200, strings.Repeat("x", 100) + "\n" + strings.Repeat(" ", 49) + "^"},
		{9, 1, ""},
		{0, 0, ""},
	} {
		if got := d.Caret(&Error{Pos: Pos{"f", tt.line, tt.col}}); got != tt.want {
			t.Errorf("%d:%d\n%q\n%q", tt.line, tt.col, got, tt.want)
		}
	}
	if d.Caret(&Error{Pos: Pos{"g", 1, 1}}) != "" {
		t.Error("a caret for another file")
	}
	if d.Line(0) != "" || d.Line(99) != "" {
		t.Error("a line that is not there")
	}
}

func TestDidYouMean(t *testing.T) {
	words := []string{"validity", "not-before", "key", "for"}
	for written, want := range map[string]string{
		"valdity": `did you mean "validity"?`, "vaildity": `did you mean "validity"?`,
		"Not_Before": `did you mean "not-before"?`, "kye": `did you mean "key"?`, "four": `did you mean "for"?`,
		"abc": "", "": "", strings.Repeat("k", 1000): "",
	} {
		if got := DidYouMean(written, words); got != want {
			t.Errorf("%.20q: got %q, want %q", written, got, want)
		}
		if want != "" {
			want = " (" + want + ")"
		}
		if got := Among(written, words); got != "validity, not-before, key, for"+want {
			t.Errorf("%.20q among all: %q", written, got)
		}
	}
}

// What decides without a regular expression that text has no other reading misses none,
// long s included, which the fold of an s has too.
func TestHasReading(t *testing.T) {
	for _, s := range []string{"yes", "YES", "ye\u017f", "fal\u017fe", "FAL\u017fE", "false", "N", ".5", "+5.e3", "-1_0.", "-.INF", ".nan", "+12", "0_7", "0o17", "-0b1", "0x_", "1:59", "2026-1-2T"} {
		if otherReading(s) == "" || !slices.ContainsFunc(readings, func(r reading) bool { return r.re.MatchString(s) }) {
			t.Errorf("%q has no other reading", s)
		}
	}
	for _, key := range []string{"a-B_9", "", "a.b", "a b", "\u00e4"} {
		if isWord(key) != (key == "a-B_9") || isWord([]byte(key)) != isWord(key) {
			t.Errorf("%q", key)
		}
	}
}
