// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package term

import (
	"strings"
	"unicode"
)

// Wrap breaks lines at spaces so that none is wider than width. It keeps line
// breaks, and repeats the indentation of a line, and that of a list item, on
// the lines that follow. A word stays whole, because digests and URLs must be
// copied as they are: one that does not fit behind the indentation begins as far
// to the left as it has to.
func Wrap(text string, width int) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = wrapLine(line, width)
	}
	return strings.Join(lines, "\n")
}

func wrapLine(line string, width int) string {
	if cells(line) <= width {
		return line
	}
	body := strings.TrimLeft(line, " ")
	first := line[:len(line)-len(body)]
	if item, ok := strings.CutPrefix(body, "- "); ok {
		first, body = first+"- ", item
	}
	indent := strings.Repeat(" ", len(first))
	var b strings.Builder
	b.WriteString(first)
	col := len(first)
	for i, word := range strings.Fields(body) {
		switch w := cells(word); {
		case i == 0:
			col += w
		case col+1+w <= width:
			b.WriteByte(' ')
			col += 1 + w
		default:
			at := min(len(indent), max(width-w, 0))
			b.WriteString("\n" + indent[:at])
			col = at + w
		}
		b.WriteString(word)
	}
	return b.String()
}

// Hang is [Wrap] for a text that begins behind n columns of its first line; the lines that
// follow are indented by as many.
func Hang(text string, width, n int) string {
	space := strings.Repeat(" ", n)
	return strings.TrimPrefix(Wrap(space+strings.ReplaceAll(text, "\n", "\n"+space), width), space)
}

// Fit is [Wrap] that breaks a word which is wider than width as well.
func Fit(text string, width int) string {
	var b strings.Builder
	for line := range strings.Lines(Wrap(text, width)) {
		column := 0
		for _, r := range line {
			if n := cells(string(r)); r != '\n' && column+n > width {
				b.WriteByte('\n')
				column = n
			} else {
				column += n
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Columns counts the columns that the widest line of a text takes.
func Columns(text string) int {
	n := 0
	for _, line := range strings.Split(text, "\n") {
		n = max(n, cells(line))
	}
	return n
}

// wide are the characters that take two columns.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115F, Stride: 1},
		{Lo: 0x2E80, Hi: 0xA4CF, Stride: 1},
		{Lo: 0xAC00, Hi: 0xD7A3, Stride: 1},
		{Lo: 0xF900, Hi: 0xFAFF, Stride: 1},
		{Lo: 0xFE30, Hi: 0xFE6F, Stride: 1},
		{Lo: 0xFF00, Hi: 0xFF60, Stride: 1},
		{Lo: 0xFFE0, Hi: 0xFFE6, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x1F300, Hi: 0x1FAFF, Stride: 1},
		{Lo: 0x20000, Hi: 0x3FFFD, Stride: 1},
	},
}

// cells counts the columns that a text takes.
func cells(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me):
		case unicode.Is(wide, r):
			n += 2
		default:
			n++
		}
	}
	return n
}
