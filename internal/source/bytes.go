// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"rootceremony/internal/foreign"
	"rootceremony/internal/unseen"
)

// MaxBytes is the size of the largest file that is read. A trust policy of 500
// people with two keys each has half of it.
const MaxBytes = 1 << 20

// checkBytes reports everything that makes the bytes unfit to be read as text.
func (d *Document) checkBytes() {
	if len(d.Data) > MaxBytes {
		d.failAt(0, "", "file has %d bytes, more than the %d that are read", len(d.Data), MaxBytes)
		return
	}
	if e := foreign.Text(d.Data); e != nil && len(d.Data) > 0 {
		d.failAt(0, "", "%v", foreign.Named(e, d.Name))
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

// checkJSON reports where a document that is no JSON goes wrong.
func (d *Document) checkJSON() {
	var syntax *json.SyntaxError
	if err := json.Unmarshal(d.Data, new(any)); errors.As(err, &syntax) {
		d.failAt(max(int(syntax.Offset)-1, 0), "", "not JSON: %s", syntax)
	}
}

// checkRune reports one character that is not allowed in a file.
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
		if why := unseen.Why(r); why != "" {
			d.failAt(i, "", "character %U is not allowed: %s", r, why)
		}
	}
}

// failAt records a problem at a byte offset.
func (d *Document) failAt(offset int, hint, format string, args ...any) {
	d.fail(&Error{Pos: d.at(offset), Msg: fmt.Sprintf(format, args...), Hint: hint})
}
