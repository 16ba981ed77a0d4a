// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package unseen says which characters people do not see when they read a text.
//
// A character is unseen when it does not show as itself: it is invisible, looks
// like a plain space or a line break without being one, moves the text around it,
// or has no agreed meaning. Files that hold one are refused. Screens and pages show its
// number, and that of other characters that are not what they seem: see [Show].
package unseen

import (
	"unicode"
	"unicode/utf8"
)

// invisible are characters that take no room or look like a space, but are not
// of a Unicode category that says so.
var invisible = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x034F, Hi: 0x034F, Stride: 1}, // combining grapheme joiner
		{Lo: 0x115F, Hi: 0x1160, Stride: 1}, // Hangul fillers
		{Lo: 0x17B4, Hi: 0x17B5, Stride: 1}, // Khmer inherent vowels
		{Lo: 0x180B, Hi: 0x180F, Stride: 1}, // Mongolian selectors
		{Lo: 0x2800, Hi: 0x2800, Stride: 1}, // blank Braille pattern
		{Lo: 0x3164, Hi: 0x3164, Stride: 1}, // Hangul filler
		{Lo: 0xFE00, Hi: 0xFE0F, Stride: 1}, // variation selectors
		{Lo: 0xFFA0, Hi: 0xFFA0, Stride: 1}, // half-width Hangul filler
	},
	R32: []unicode.Range32{{Lo: 0xE0000, Hi: 0xE0FFF, Stride: 1}}, // tags, selectors
}

// Why says why a character is unseen, or returns "". The line feed and the tab
// are not; where they are allowed is for the caller to say.
func Why(r rune) string {
	switch {
	case r == '\n' || r == '\t' || r >= ' ' && r <= '~':
		return ""
	case r == 0x85 || r == 0x2028 || r == 0x2029:
		return "a line break that editors do not show"
	case r == 0xFEFF:
		return "a byte order mark"
	case r == utf8.RuneError:
		return "a sign that the text was converted wrongly"
	case unicode.Is(unicode.Bidi_Control, r):
		return "it changes the direction of the text around it"
	case unicode.Is(unicode.Cc, r):
		return "a control character"
	case unicode.Is(unicode.Zs, r):
		return "a space that is not the ordinary space"
	case unicode.In(r, unicode.Cf, invisible):
		return "it is invisible"
	case unicode.In(r, unicode.Co, unicode.Noncharacter_Code_Point):
		return "it has no agreed meaning"
	}
	return ""
}

// Is reports whether a character is unseen.
func Is(r rune) bool { return Why(r) != "" }

// In gives the first unseen character of a text. Bytes that are not UTF-8 count
// as one.
func In(s string) (rune, bool) {
	for _, r := range s {
		if Is(r) {
			return r, true
		}
	}
	return 0, false
}
