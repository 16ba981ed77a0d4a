// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"strings"
	"testing"
)

// TestJSON guards documents that other programs read as JSON too: what is taken
// here and refused there, or means another thing there, would be signed by some
// and not by others.
func TestJSON(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{"n": 7, "s": "7", "b": true}`, ""},
		{"{\r\n\t\"n\" : 7,\r\n\t\"s\":\"\\u00e9\",\"b\":\ttrue}\r\n", ""},
		{`{"n": 7, "s": "é", "b": true} {}`, "f:1:31: not JSON: invalid character '{' after top-level value"},
		{"n: 7\ns: x\nb: true\n", "f:1:2: not JSON: "},
		{`{"n": 7, "s": x, "b": true}`, "f:1:15: not JSON: "},
		{`{"n": 7, "s": "x", "b": true} # why`, "f:1:31: not JSON: "},
		{`{"n": 7, 's': "x", "b": true}`, "f:1:10: not JSON: "},
		{`{"n": 7, "s": "x", "b": true,}`, "f:1:30: not JSON: "},
		{`{"n": 7,`, "f:1:8: not JSON: unexpected end of JSON input"},
		{``, "f:1:1: not JSON: "},
		{`{"n": "7", "s": "x", "b": true}`, "f:1:7: n: expected a number, got text (write it without quotes)"},
		{`{"n": 7.0, "s": "x", "b": true}`, `f:1:7: n: "7.0" is not a whole number`},
		{`{"n": 7, "s": 7, "b": true}`, `f:1:15: s: expected text, got "7" (write it in quotes)`},
		{`{"n": 7, "s": true, "b": true}`, `f:1:15: s: expected text, got "true"`},
		{`{"n": 7, "s": null, "b": true}`, "f:1:15: s: no value"},
		{`{"n": 7, "s": "x", "b": "true"}`, `f:1:25: b: "true" is neither true nor false`},
		{`{"n": 7, "s": "x\ny", "b": true}`, "f:1:15: s: the text contains a line break or tab (write it on one line)"},
		{`{"n": 7, "s": "x", "b": true, "s": "y"}`, `duplicate key "s"`},
		{`{"n": 7, "s": "a\/b", "b": true}`, ""},
		{`{"n": 7, "s": "\ud83d\ude00", "b": true}`, ""},
		{`{"n": 7, "s": "\ud83d", "b": true}`, "f:1:15: s: the value contains character U+FFFD"},
		{`{"n": 7, "s": "\u202e", "b": true}`, "f:1:15: s: the value contains character U+202E"},
		{"{\"n\"\n: 7, \"s\": \"x\", \"b\"\n:\n\"true\"}", "f:4:1: b: "},
		{`{"n": 7, "s": "😀", "b": true}`, ""},
	} {
		d, err := ParseJSON("f", []byte(c.text))
		if err == nil {
			m := d.Root().Map()
			m.Need("n").Int(0, 9)
			m.Need("s").Text()
			m.Need("b").Bool()
			m.Close()
			err = d.Err()
		}
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.text, err, c.want)
		}
	}
}
