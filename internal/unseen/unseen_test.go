// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package unseen

import (
	"strings"
	"testing"
)

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

// TestShow guards readers against a text that is not what it seems: what is on the
// screen is what was written, or its number.
func TestShow(t *testing.T) {
	for in, want := range map[string]string{
		"plain ä\n\tb":                  "plain ä\n\tb",
		"a\r\nb":                        "a\nb",
		"a\rb":                          "a[U+000D]b",
		"\x1b[2Jx":                      "[U+001B][2Jx",
		"a\u202eb\u200bc":               "a[U+202E]b[U+200B]c",
		"\u009b31m":                     "[U+009B]31m",
		"bad \xff utf":                  "bad [U+FFFD] utf",
		"line\u2028sep\x00":             "line[U+2028]sep[U+0000]",
		"blank \u3164 \u0378":           "blank [U+3164] [U+0378]",
		"Zoë Łukasz Nguyễn O’Brien":     "Zoë Łukasz Nguyễn O’Brien",
		"Zoe\u0308":                     "Zoe[U+0308]",
		"not\u0336\u0336 seen":          "not[U+0336][U+0336] seen",
		"Zo\u0435 and Bob":              "Zo[U+0435] and Bob",
		"\u0430\u043b\u0438\u0441a":     "[U+0430][U+043B][U+0438][U+0441]a",
		"the key of \u0440\u0430\u0443": "the key of \u0440\u0430\u0443[Cyrillic]",
		"Ключ проверил HSM, а также": "Ключ проверил[Cyrillic] HSM, а также[Cyrillic]",
		"Η τελετή, ο Ben":            "Η τελετή, ο[Greek] Ben",
		"株式会社ABC、山田さん":               "株式会社[CJK]ABC、山田さん[CJK]",
		"ประชุม हिन्दी שָׁלוֹם":      "ประชุม[Thai] हिन्दी[Devanagari] שָׁלוֹם[Hebrew]",
		"e\u0e47": "e[U+0E47]",
		// one of many letters that look like Latin ones, in a word and as one
		"r\u10ff\u10fft":                  "r[U+10FF][U+10FF]t", // Georgian
		"r\u101d\u101dt \u101d":           "r[U+101D][U+101D]t \u101d[Myanmar]",
		"r\u0b20t \u0b20":                 "r[U+0B20]t \u0b20[Oriya]",
		"r\U00010404t \U00010404":         "r[U+10404]t \U00010404[Deseret]",
		"r\u05e1t \u05e1":                 "r[U+05E1]t \u05e1[Hebrew]",
		"r\u0627t \u0627":                 "r[U+0627]t \u0627[Arabic]",
		"\u16c1nc \u16c1":                 "[U+16C1]nc \u16c1[Runic]",
		"\u03bf\u043e":                    "[U+03BF][U+043E]",
		"20\u0966\u06f5 \uff21cme \u2160": "20[U+0966][U+06F5] [U+FF21]cme [U+2160]",
		"ก\u0e47\u0e47\u0e47\u0e47\u0e47": "ก\u0e47\u0e47\u0e47\u0e47[U+0E47][Thai]",
		"\U0001d400lice, 3 µs":            "[U+1D400]lice, 3 µs",
		"all good \u2713 — done":          "all good \u2713 — done",
	} {
		if got := Show(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
		if again := Show(want); again != want && !strings.Contains(want, "[U+") { // a page shows texts that a screen showed
			t.Errorf("%q is shown as %q", want, again)
		}
	}
}

// TestLine guards the logs of CI services against a text that is a command there.
func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"a\n::error::b":       "a[U+000A]::error::b",
		"::error::b":          "[U+003A]:error::b",
		" \t::error::b":       " \t[U+003A]:error::b",
		"2001:db8::1 :: ##":   "2001:db8::1 :: ##",
		"a ##[error]b":        "a [U+0023]#[error]b",
		"##vso[a]##teamcity[": "[U+0023]#vso[a][U+0023]#teamcity[",
		"\x1b[31m":            "[U+001B][31m",
	} {
		if got := Line(in); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
	if got, want := Lines("a\n::error::b\n"), "a\n[U+003A]:error::b\n"; got != want {
		t.Errorf("Lines gives %q, want %q", got, want)
	}
}
