// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package unseen

import (
	"fmt"
	"iter"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is how many marks a letter has in any language.
const maxMarks = 4

// Show gives a text of others fit for a screen or a page, on which each character is
// what it seems to be; [U+0430] is in the place of one that is not:
//
//   - one that is unseen, or that fonts do not have;
//   - a mark that joins the character before it, unless both are of one script: a stroke
//     can be put over any word. "ë" is one character; of "e" and a mark, both are shown;
//   - a letter that is not Latin in a word that has letters of several scripts
//     (UTS 39, 5.1): "Zоe" with a Cyrillic "о";
//   - a digit that is none of 0 to 9;
//   - a letter or digit that is only another shape of a plain one, such as a bold "A".
//
// Whole words in another script stay legible, and are named by it, as in "Αλέξης[Greek]":
// all of their letters may look like Latin ones. Not shown otherwise is what looks alike
// in one script, such as I, l and 1.
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

// Line gives a text of others fit for one line of an output: as [Show], with the number in
// the place of a line feed, and such that no CI service takes the line for a command.
func Line(text string) string {
	return withoutCommands(strings.ReplaceAll(Show(text), "\n", "[U+000A]"))
}

// Lines is Line for a text of several lines.
func Lines(text string) string { return withoutCommands(Show(text)) }

func withoutCommands(text string) string {
	var b strings.Builder
	for line := range strings.SplitAfterSeq(text, "\n") {
		if rest := strings.TrimLeft(line, " \t"); strings.HasPrefix(rest, "::") { // of GitHub
			line = strings.Replace(line, ":", "[U+003A]", 1)
		}
		b.WriteString(commands.ReplaceAllString(line, "[U+0023]$1"))
	}
	return b.String()
}

// commands begin in the middle of lines as well: "##[" of GitHub and Azure, "##vso[" and
// "##teamcity[".
var commands = regexp.MustCompile(`#(#[a-z]*\[)`)

// Command reports whether a text begins with what begins a command in the middle of a line.
func Command(text string) bool {
	at := commands.FindStringIndex(text[:min(len(text), maxCommand)])
	return strings.HasPrefix(text, "##") && at != nil && at[0] == 0
}

// maxCommand is how long the beginning of a command is.
const maxCommand = 20

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
	mixed, named := scriptsIn(runes)
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
			b.WriteRune(r)
		case Is(r), !unicode.IsPrint(r), mixed[i], mark && (marks > maxMarks || !joins(r, base)), isShape(r):
			fmt.Fprintf(&b, "[U+%04X]", r)
		default:
			b.WriteRune(r)
		}
		if name := "[" + named[i] + "]"; named[i] != "" && !strings.HasPrefix(string(runes[i+1:]), name) { // else it was shown before
			b.WriteString(name)
		}
	}
	return b.String()
}

// joins reports whether a mark belongs to the letter before it: both are of one script.
func joins(mark, base rune) bool {
	script := scriptOf(mark)
	return script != "" && script == scriptOf(base)
}

// isShape reports whether a letter or digit is another shape of a plain one: it is of no
// script of its own, a digit or a number of another one, or ASCII in another width. Those
// of Latin-1, such as the micro sign, are on keyboards.
func isShape(r rune) bool {
	return r > unicode.MaxLatin1 && (unicode.In(r, unicode.Nd, unicode.Nl) || unicode.IsLetter(r) && r >= 0xFF21 && r <= 0xFF5A ||
		unicode.In(r, unicode.Lu, unicode.Ll) && unicode.Is(unicode.Common, r))
}

// east are scripts that are written in one word, also with Latin ones (UTS 39, 5.1 and 5.2).
const east = "CJK"

// scriptOf names the script of a letter or mark; it is empty where several have it.
func scriptOf(r rune) string {
	switch {
	case Is(r):
		return ""
	case r <= unicode.MaxASCII && unicode.IsLetter(r):
		return "Latin"
	case r <= unicode.MaxASCII:
		return ""
	}
	if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Hangul) {
		return east
	}
	for name, script := range unicode.Scripts {
		if unicode.Is(script, r) && script != unicode.Common && script != unicode.Inherited {
			return strings.ReplaceAll(name, "_", " ")
		}
	}
	return ""
}

// scriptsIn marks the letters of a line that are in a word with those of another script,
// but for Latin ones, and gives the names of scripts by where words in them end.
func scriptsIn(line []rune) (mixed []bool, named map[int]string) {
	mixed, named = make([]bool, len(line)), map[int]string{}
	last, end := "", 0 // the script of the words before, and where they end
	tell := func() {
		if last != "" && last != "Latin" {
			named[end] = last
		}
	}
	for from, to := range words(line) {
		scripts := map[string]bool{}
		for _, r := range line[from:to] {
			scripts[scriptOf(r)] = true
		}
		delete(scripts, "")
		if len(scripts) > 1 {
			for i := from; i < to; i++ {
				mixed[i] = scriptOf(line[i]) != "Latin" && unicode.IsLetter(line[i])
			}
			scripts = map[string]bool{"": true}
		}
		for script := range scripts {
			if script != last {
				tell()
			}
			last, end = script, to-1
		}
	}
	tell()
	return mixed, named
}

// words gives where the words of a line begin and end.
func words(line []rune) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		from := 0
		for i := 0; i <= len(line); i++ {
			inside := i < len(line) && unicode.In(line[i], unicode.L, unicode.M)
			if inside && (i == from || (scriptOf(line[i]) == east) == (scriptOf(line[i-1]) == east)) {
				continue
			}
			if i > from && !yield(from, i) {
				return
			}
			if from = i; !inside {
				from = i + 1
			}
		}
	}
}
