// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"strings"
	"unicode/utf16"
)

// separators are what other programs write between the columns of a table.
var separators = []struct{ char, name, tr string }{{";", "semicolons", "';'"}, {"\t", "tabs", `'\t'`}, {"|", "bars", "'|'"}}

// sepLine is the line with which a spreadsheet says what is between the columns.
var sepLine = regexp.MustCompile(`^"?sep=.?"?\r?$`)

// Convert makes a table with commas of one that a spreadsheet saved, and says all that is
// unusual of it at once, with one command that takes it away: who corrects one thing after
// the other sees the next one only then. It gives how many lines it took from the begin.
func Convert(data []byte) (table []byte, lines int, e *Error) {
	c := conversion{text: data}
	c.wide()
	if rest, marked := bytes.CutPrefix(c.text, []byte(UTF8Mark)); marked {
		c.found("text that begins with a byte order mark, as Windows saves it", "tail -c +4", rest)
	}
	if bytes.Contains(c.text, []byte("\r")) && !bytes.Contains(c.text, []byte("\n")) {
		c.found("text whose lines end with carriage returns alone", `tr '\r' '\n'`, bytes.ReplaceAll(c.text, []byte("\r"), []byte("\n")))
	}
	if line, rest, _ := bytes.Cut(c.text, []byte("\n")); sepLine.Match(line) {
		c.found("a first line that says what is between the columns", "tail -n +2", rest)
		lines++
	}
	if bytes.Contains(c.text, []byte(`"`)) {
		c.found("a table with quotation marks", `tr -d '"'`, bytes.ReplaceAll(c.text, []byte(`"`), nil))
	}
	line, _, _ := bytes.Cut(c.text, []byte("\n"))
	for _, s := range separators {
		if bytes.Contains(line, []byte(s.char)) && !bytes.Contains(line, []byte(",")) && !indexLine.Match(line) {
			c.found("a table with "+s.name+" between its columns", "tr "+s.tr+" ,", bytes.ReplaceAll(c.text, []byte(s.char), []byte(",")))
		}
	}
	if c.what == nil {
		return data, 0, nil
	}
	c.filters[0] += " < FILE"
	return c.text, lines, is(strings.Join(c.what, "; "), "convert it: %s", strings.Join(c.filters, " | ")+" > NEW")
}

// conversion is a table on its way.
type conversion struct {
	text          []byte
	what, filters []string
}

func (c *conversion) found(what, filter string, now []byte) {
	c.what, c.filters, c.text = append(c.what, what), append(c.filters, filter), now
}

// wide decodes UTF-16.
func (c *conversion) wide() {
	marked := bytes.HasPrefix(c.text, []byte("\xff\xfe")) || bytes.HasPrefix(c.text, []byte("\xfe\xff"))
	switch big := wide(c.text, 1) || bytes.HasPrefix(c.text, []byte("\xfe\xff")); {
	case marked && big:
		c.found("text in UTF-16, as Windows saves it", "iconv -f UTF-16 -t UTF-8", utf8Of(c.text[2:], binary.BigEndian))
	case marked:
		c.found("text in UTF-16, as Windows saves it", "iconv -f UTF-16 -t UTF-8", utf8Of(c.text[2:], binary.LittleEndian))
	case big:
		c.found("text in UTF-16 without a byte order mark", "iconv -f UTF-16BE -t UTF-8", utf8Of(c.text, binary.BigEndian))
	case wide(c.text, 0):
		c.found("text in UTF-16 without a byte order mark", "iconv -f UTF-16LE -t UTF-8", utf8Of(c.text, binary.LittleEndian))
	}
}

func utf8Of(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, 0, len(data)/2)
	for i := 0; i+1 < len(data); i += 2 {
		units = append(units, order.Uint16(data[i:]))
	}
	return []byte(string(utf16.Decode(units)))
}
