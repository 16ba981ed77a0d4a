// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// maxBytes is the size of the largest file that is read.
const maxBytes = 1 << 20

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

// refusal says why a character may not stand in a file, or returns "".
// Line feed and tab may; where, is for the caller to say.
func refusal(r rune) string {
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

// checkBytes reports everything that makes the bytes unfit to be read as text.
func (d *Document) checkBytes() {
	if len(d.Data) > maxBytes {
		d.failAt(0, "", "file has %d bytes, more than the %d that are read", len(d.Data), maxBytes)
		return
	}
	for i := 0; i < len(d.Data) && len(d.errs) <= maxErrors; {
		r, size := utf8.DecodeRune(d.Data[i:])
		d.checkRune(i, r, size)
		i += size
	}
	for _, start := range d.lines {
		if start < len(d.Data) && d.Data[start] == '%' {
			d.failAt(start, "indent the line, or quote the text", "a line may not begin with %%, which YAML takes for a directive")
		}
	}
}

// checkRune reports one character that may not stand in a file.
func (d *Document) checkRune(i int, r rune, size int) {
	switch {
	case r == utf8.RuneError && size == 1:
		d.failAt(i, "save the file as UTF-8", "invalid UTF-8: byte 0x%02X", d.Data[i])
	case r == '\r' && i+1 < len(d.Data) && d.Data[i+1] == '\n':
	case r == '\r':
		d.failAt(i, "", "carriage return that is not followed by a line feed")
	case r == 0xFEFF && i == 0:
		d.failAt(i, "save the file as UTF-8 without a byte order mark", "byte order mark")
	default:
		if why := refusal(r); why != "" {
			d.failAt(i, "", "character %U is not allowed: %s", r, why)
		}
	}
}

// failAt records a problem at a byte offset.
func (d *Document) failAt(offset int, hint, format string, args ...any) {
	d.fail(&Error{Pos: d.at(offset), Msg: fmt.Sprintf(format, args...), Hint: hint})
}
