// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package term

import (
	"regexp"
	"strings"
)

// commandLine is a command on a line of its own, as hints have it.
var commandLine = regexp.MustCompile(`^ {2,}(ceremony [a-z]|softhsm2-util )`)

// Fold is [Wrap] for a text in which commands are lines of their own, after two spaces:
// these break as [Command] breaks them.
func Fold(text string, width int) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if body := strings.TrimLeft(line, " "); commandLine.MatchString(line) {
			lines[i] = line[:len(line)-len(body)] + Command(body, len(line)-len(body), width)
		} else {
			lines[i] = wrapLine(line, width)
		}
	}
	return strings.Join(lines, "\n")
}

// Command breaks a command that begins at a column, where it is wider than width: before
// an argument, with a backslash, so that it can be copied. A flag and its value stay
// together where a line has room for both; a word that has none begins further left.
func Command(line string, column, width int) string {
	if column+cells(line) <= width {
		return line
	}
	const end = " \\"
	indent, room := column+2, width-len(end)
	var b strings.Builder
	for i, part := range arguments(line, room-indent) {
		n := cells(part)
		switch {
		case i == 0:
		case column+1+n <= room:
			b.WriteByte(' ')
			column++
		default:
			column = min(indent, max(room-n, 0))
			b.WriteString(end + "\n" + strings.Repeat(" ", column))
		}
		b.WriteString(part)
		column += n
	}
	return b.String()
}

// arguments are the words of a command, a flag with its value as one where there is room
// for both; no word is taken apart within quotes.
func arguments(line string, room int) []string {
	var out []string
	quote, escaped := rune(0), false
	word := strings.FieldsFunc(line, func(r rune) bool {
		switch {
		case escaped:
			escaped = false
			return false
		case quote == 0 && r == '\\':
			escaped = true
		case quote == 0 && (r == '\'' || r == '"'):
			quote = r
		case r == quote:
			quote = 0
		}
		return quote == 0 && r == ' '
	})
	for i, w := range word {
		if i > 0 && strings.HasPrefix(word[i-1], "--") && !strings.HasPrefix(w, "--") && cells(word[i-1]+" "+w) <= room {
			out[len(out)-1] += " " + w
		} else {
			out = append(out, w)
		}
	}
	return out
}
