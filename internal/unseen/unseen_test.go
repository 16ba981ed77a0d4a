// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package unseen

import "testing"

// TestWhy has one character of each kind; a reader would take the text for
// another one if it were let through.
func TestWhy(t *testing.T) {
	for r, want := range map[rune]string{
		'a': "", '~': "", '\n': "", '\t': "", 'ä': "", '漢': "", '\u0301': "",
		'\u0085':     "a line break that editors do not show",
		'\u2028':     "a line break that editors do not show",
		'\ufeff':     "a byte order mark",
		'\ufffd':     "a sign that the text was converted wrongly",
		'\u202e':     "it changes the direction of the text around it",
		'\x1b':       "a control character",
		'\r':         "a control character",
		'\x7f':       "a control character",
		'\u00a0':     "a space that is not the ordinary space",
		'\u200b':     "it is invisible",
		'\u3164':     "it is invisible",
		'\U000e0041': "it is invisible",
		'\ue000':     "it has no agreed meaning",
		'\ufdd0':     "it has no agreed meaning",
	} {
		if got := Why(r); got != want || Is(r) != (want != "") {
			t.Errorf("%U: %q, want %q", r, got, want)
		}
	}
}

// TestReplace guards that no text paints over the screen that people confirm.
func TestReplace(t *testing.T) {
	for in, want := range map[string]string{
		"plain ä\n\tb":      "plain ä\n\tb",
		"a\r\nb":            "a\nb",
		"a\rb":              "a\ufffdb",
		"\x1b[2Jx":          "\ufffd[2Jx",
		"a\u202eb\u200bc":   "a\ufffdb\ufffdc",
		"\u009b31m":         "\ufffd31m",
		"bad \xff utf":      "bad \ufffd utf",
		"line\u2028sep\x00": "line\ufffdsep\ufffd",
	} {
		if got := Replace(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
