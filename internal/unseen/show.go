// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package unseen

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// alike are the scripts with letters that look like Latin ones, of which one passes for
// another in a word (UTS 39, 4): "Zоe" with a Cyrillic "о".
var alike = []*unicode.RangeTable{
	unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee, unicode.Coptic, unicode.Lisu, unicode.Canadian_Aboriginal,
}

// latinLike are the letters of these scripts that look like Latin letters in most fonts.
const latinLike = "асԁеһіјӏорԛѕуԝхѵүАВСЕНІЈКМОРЅТХѴҮԚԜӀ" + "αινορυκΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "օոսՕՏ"

// maxMarks is how many marks a letter has in any language.
const maxMarks = 4

// Show gives a text of others fit for a screen or a page, on which each character is
// what it seems to be; [U+0430] is in the place of one that is not:
//
//   - one that is unseen, or that fonts do not have;
//   - a mark that joins the character before it, unless both are of one script: a stroke
//     can be put over any word. "ë" is one character; of "e" and a mark, both are shown;
//   - a letter of another script that passes for a Latin one: in a word that has letters
//     of two, or where all letters of this script in the line look like Latin ones. So
//     Greek and Russian stay legible;
//   - a letter or digit that is only another shape of a plain one, such as a bold "A".
//
// Not shown otherwise is what looks alike in one script, such as I, l and 1.
func Show(text string) string {
	if plain(text) {
		return text
	}
	var b strings.Builder
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), string(utf8.RuneError))
	for line := range strings.SplitAfterSeq(text, "\n") {
		if plain(line) {
			b.WriteString(line)
		} else {
			b.WriteString(showLine(line))
		}
	}
	return b.String()
}

func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

func showLine(line string) string {
	runes := []rune(line)
	posing := posingIn(runes)
	var b strings.Builder
	base, marks := rune(0), 0 // what marks join
	for i, r := range runes {
		mark := unicode.Is(unicode.M, r)
		if mark {
			marks++
		} else {
			base, marks = r, 0
		}
		switch {
		case r == '\n' || r == '\t':
		case Is(r), !unicode.IsPrint(r), posing[i], mark && (marks > maxMarks || !joins(r, base)), isShape(r):
			fmt.Fprintf(&b, "[U+%04X]", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// joins reports whether a mark belongs to the letter before it: both are of one script.
func joins(mark, base rune) bool {
	for _, script := range unicode.Scripts {
		if unicode.Is(script, mark) {
			return script != unicode.Inherited && script != unicode.Common && unicode.Is(script, base)
		}
	}
	return false
}

// isShape reports whether a letter or digit is another shape of a plain one: it is of no
// script of its own. Those of Latin-1, such as the micro sign, are on keyboards.
func isShape(r rune) bool {
	return r > unicode.MaxLatin1 && unicode.In(r, unicode.Lu, unicode.Ll, unicode.Nd) && unicode.Is(unicode.Common, r)
}

// posingIn marks the letters of a line that pass for Latin ones.
func posingIn(line []rune) []bool {
	posing := make([]bool, len(line))
	for _, script := range alike {
		of := func(r rune) bool { return unicode.Is(script, r) && unicode.IsLetter(r) }
		whole := !slices.ContainsFunc(line, func(r rune) bool { return of(r) && !strings.ContainsRune(latinLike, r) })
		for from, to := range words(line) {
			mixed := slices.ContainsFunc(line[from:to], func(r rune) bool { return isAlphabetic(r) && !of(r) })
			for i := from; i < to; i++ {
				posing[i] = posing[i] || (whole || mixed) && of(line[i])
			}
		}
	}
	return posing
}

// isAlphabetic reports whether a letter is Latin, or of a script with letters like those.
func isAlphabetic(r rune) bool {
	return unicode.IsLetter(r) && (unicode.Is(unicode.Latin, r) || unicode.In(r, alike...))
}

// words gives where the words of a line begin and end.
func words(line []rune) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		from := 0
		for i := 0; i <= len(line); i++ {
			if i < len(line) && unicode.In(line[i], unicode.L, unicode.M) {
				continue
			}
			if i > from && !yield(from, i) {
				return
			}
			from = i + 1
		}
	}
}
