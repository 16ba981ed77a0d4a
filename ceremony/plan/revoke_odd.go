// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/profiles"
)

// oddRows are lines of a list of revocations that can be read and are perhaps not meant so.
type oddRows struct {
	rows                    int   // how many lines there are
	early, decimal, powered []int // lines
}

var (
	digitsAlone = regexp.MustCompile(`^[0-9]{2,}$`)
	powerOfTen  = regexp.MustCompile(`^[0-9]+[eE][0-9]{1,3}$`)
	// roundedOff is what a spreadsheet makes of a long number, in the first column: with a
	// point or, where people write it so, a comma.
	roundedOff = regexp.MustCompile(`^[0-9]([.,][0-9]+)?[eE]\+[0-9]+,`)
)

// look keeps what is odd of one line, which is otherwise right.
func (o *oddRows) look(line int, serial string, date, since time.Time) {
	o.rows++
	switch {
	case powerOfTen.MatchString(serial):
		o.powered = append(o.powered, line)
	case digitsAlone.MatchString(serial):
		o.decimal = append(o.decimal, line)
	}
	if date.Before(since) {
		o.early = append(o.early, line)
	}
}

// warnings says what people have to look up. Of hexadecimal digits ten of sixteen are
// decimal ones, so that long serial numbers of those alone are few: if they are half of a
// list, a program may have written them in decimal.
func (t *revocationTable) warnings() (out []Warning) {
	warn := func(lines []int, text string) {
		if len(lines) > 0 {
			out = append(out, Warning{Pos: source.Pos{File: t.file, Line: lines[0], Column: 1}, Text: fmt.Sprintf("%s, %s: %s", t.name, lineNumbers(lines), text)})
		}
	}
	warn(t.odd.early, "dated before the certificate of the CA became valid, on "+string(profiles.FixedMoment(t.since))+": look up the dates")
	if 2*len(t.odd.decimal) >= t.odd.rows {
		warn(t.odd.decimal, "serial numbers of decimal digits alone: they are read as hexadecimal; if the list has them in decimal, convert them")
	}
	warn(t.odd.powered, "serial numbers that a spreadsheet may have written as powers of ten, or would: they are read as hexadecimal; compare them with the records of the CA")
	return out
}

// lineNumbers names some of many lines.
func lineNumbers(lines []int) string {
	text := make([]string, len(lines))
	for i, n := range lines {
		text[i] = strconv.Itoa(n)
	}
	if len(lines) == 1 {
		return "line " + text[0]
	}
	return "lines " + lint.FirstOf(text)
}
