// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"sort"
	"strings"
	"unicode/utf8"

	"rootceremony/internal/unseen"
)

// lineStarts returns the offset of the first byte of each line.
func lineStarts(data []byte) []int {
	starts := []int{0}
	for i, c := range data {
		if c == '\n' && i+1 < len(data) {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// rawLine returns line n without its line break.
func (d *Document) rawLine(n int) []byte {
	if n < 1 || n > len(d.lines) {
		return nil
	}
	line := d.Data[d.lines[n-1]:]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	return bytes.TrimSuffix(line, []byte("\r"))
}

// at returns the position of a byte offset.
func (d *Document) at(offset int) Pos {
	n := sort.SearchInts(d.lines, offset+1)
	start := d.lines[n-1]
	return Pos{File: d.Name, Line: n, Column: 1 + utf8.RuneCount(d.Data[start:min(offset, len(d.Data))])}
}

// Line returns line n of the source, fit to be shown: characters that we
// refuse appear as U+FFFD. It is empty when there is no such line.
func (d *Document) Line(n int) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && unseen.Is(r) {
			return utf8.RuneError
		}
		return r
	}, string(d.rawLine(n)))
}

// caretWidth is how much of a line Caret shows.
const caretWidth = 100

// Caret returns the line of the error and a second line with a caret below the
// column, or an empty string when the error is not in this document.
func (d *Document) Caret(e *Error) string {
	if e.Pos.File != d.Name || e.Pos.Line < 1 || e.Pos.Line > len(d.lines) {
		return ""
	}
	line := []rune(d.Line(e.Pos.Line))
	col := min(max(e.Pos.Column, 1), len(line)+1)
	from := 0
	if col > caretWidth {
		from = col - caretWidth/2
	}
	shown := line[from:min(from+caretWidth, len(line))]
	pad := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, string(line[from:col-1]))
	return string(shown) + "\n" + pad + "^"
}
