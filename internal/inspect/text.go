// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"crypto/sha256"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Text writes a faithful dump of an object: everything in encoded order, with
// the string type of each attribute, the type of each time, criticality,
// encoded defaults, and the bytes of what has no reader. The same bytes give
// the same text, at most 80 columns wide, free of control characters. An object
// that the second parser refuses, or does not support, is still dumped, and the dump says so.
func Text(der []byte) (string, error) { return text(der, false) }

// TextToSign is [Text] of an object that has no signature yet: der has one in its
// place that means nothing, and is not shown.
func TextToSign(der []byte) (string, error) { return text(der, true) }

func text(der []byte, unsigned bool) (string, error) {
	text, err := shown(der, unsigned)
	var fault *FaultError
	if errors.As(err, &fault) {
		return "", fault.err
	}
	return text, nil
}

// Shown is [Text] for people who want to know what is wrong: a [DisagreeError] comes
// with the whole dump, a [FaultError] with the elements before the fault.
func Shown(der []byte) (string, error) { return shown(der, false) }

func shown(der []byte, unsigned bool) (string, error) {
	p := &printer{unsigned: unsigned}
	f, known := forms[Guess(der)]
	if !known {
		return "", &FaultError{errors.New("not a known kind of object")}
	}
	err := f.dump(p, der)
	if err == nil {
		if p.disagrees != nil {
			err = &DisagreeError{p.disagrees}
		}
		return p.out.String(), err
	}
	p = new(printer)
	p.title("Unreadable " + strings.ReplaceAll(Guess(der), "-", " "))
	p.line("fault", "%s", err)
	p.line("elements", "by offset, to the end or to where they are no DER")
	p.under(func() { p.elements(der, 0, 0) })
	return p.out.String(), &FaultError{err}
}

// DisagreeError says that the second parser reads an object otherwise, or refuses it.
type DisagreeError struct{ err error }

// Error implements error.
func (e *DisagreeError) Error() string { return "the two parsers disagree: " + e.err.Error() }

// Unwrap gives what the second parser says.
func (e *DisagreeError) Unwrap() error { return e.err }

// FaultError says why an object cannot be read.
type FaultError struct{ err error }

// Error implements error.
func (e *FaultError) Error() string { return e.err.Error() }

// Unwrap gives the fault.
func (e *FaultError) Unwrap() error { return e.err }

const (
	columns  = 80
	valueCol = 26
	minValue = 24 // a deep label still leaves that many columns to its value
)

// printer writes labelled lines. Depth indents by two.
type printer struct {
	out       strings.Builder
	depth     int
	unsigned  bool  // the object has no signature yet
	disagrees error // what the second parser says of an object that was shown
	shown     int   // elements of an object that cannot be read
}

func (p *printer) title(s string) {
	p.out.WriteString(strings.Repeat("  ", p.depth) + s + "\n")
	p.depth++
}

// under runs a function one level deeper.
func (p *printer) under(f func()) {
	p.depth++
	f()
	p.depth--
}

// line writes a label and a value, wrapped at spaces where there are any.
func (p *printer) line(label, format string, args ...any) {
	head := strings.Repeat("  ", p.depth) + label
	for runes := []rune(head); len(runes) > columns; runes = []rune(head) {
		// An OID may be of any length.
		p.out.WriteString(string(runes[:columns]) + "\n")
		head = strings.Repeat("  ", p.depth) + string(runes[columns:])
	}
	value := []rune(safe(fmt.Sprintf(format, args...)))
	if len(value) == 0 {
		p.out.WriteString(head + "\n")
		return
	}
	column := valueCol
	if n := len([]rune(head)); n >= column-1 {
		column = n + 2
	}
	if longestWord(value) > columns-column || column > columns-minValue {
		// On lines of its own, further left, so that a URL stays whole.
		p.out.WriteString(head + "\n")
		head, column = "", 2*p.depth+4
	}
	for len(value) > 0 {
		n := cut(value, columns-column)
		fmt.Fprintf(&p.out, "%-*s%s\n", column, head, strings.TrimRight(string(value[:n]), " "))
		head, value = "", value[n:]
	}
}

func longestWord(s []rune) int {
	longest, n := 0, 0
	for _, r := range s {
		if n++; r == ' ' {
			n = 0
		}
		longest = max(longest, n)
	}
	return longest
}

// cut returns how many characters of s go on a line of that width.
func cut(s []rune, width int) int {
	if len(s) <= width {
		return len(s)
	}
	for i := width; i > width/2; i-- {
		if s[i-1] == ' ' {
			return i
		}
	}
	return width
}

// hex writes bytes, 24 a line, so that a line is 48 digits.
func (p *printer) hex(label string, b []byte) {
	if len(b) == 0 {
		p.line(label, "empty")
		return
	}
	var words []string
	for len(b) > 0 {
		n := min(24, len(b))
		words = append(words, hex.EncodeToString(b[:n]))
		b = b[n:]
	}
	for i, w := range words {
		if i > 0 {
			label = ""
		}
		p.line(label, "%s", w)
	}
}

func (p *printer) digest(label string, b []byte) {
	sum := sha256.Sum256(b)
	p.line(label, "%x", sum)
}

// whole writes the digest of a whole object, which one without a signature does not
// have.
func (p *printer) whole(label string, b []byte) {
	if !p.unsigned {
		p.digest(label, b)
	}
}

func (p *printer) serial(label string, n *big.Int) {
	sign, octets := "", n.BitLen()/8+1 // DER needs a bit for the sign
	if n.Sign() < 0 {
		sign = "-"
		octets = new(big.Int).Not(n).BitLen()/8 + 1
	}
	digits := new(big.Int).Abs(n).Text(16)
	if len(digits)%2 != 0 {
		digits = "0" + digits
	}
	p.line(label, "%s0x%s (%s)", sign, digits, plural(int64(octets), "octet"))
}

func plural(n int64, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.FormatInt(n, 10) + " " + unit + "s"
}

// algorithm writes an AlgorithmIdentifier.
func (p *printer) algorithm(label string, der []byte) {
	d := newDecoder(der, "")
	in := d.open(casn1.SEQUENCE, "")
	p.line(label, "%s", named(in.oid("")))
	switch {
	case !in.more():
		p.under(func() { p.line("parameters", "absent") })
	case string(in.rest) == "\x05\x00":
		p.under(func() { p.line("parameters", "NULL") })
	default:
		p.under(func() { p.parameters(in.rest) })
	}
}

// parameters writes parameters as the OID of a curve or as bytes.
func (p *printer) parameters(der []byte) {
	d := newDecoder(der, "")
	oid := d.oid("")
	if d.end(); d.err() != nil {
		p.hex("parameters", der)
		return
	}
	p.line("parameters", "%s", named(oid))
}

func (p *printer) name(label string, n Name) {
	p.line(label, "%s", orEmpty(n.String()))
	p.under(func() {
		for i, rdn := range n.RDNs {
			for j, a := range rdn {
				mark := strconv.Itoa(i+1) + "."
				if j > 0 {
					mark = "+"
				}
				note := ""
				if a.Malformed {
					note = " (characters outside its type)"
				}
				value := strconv.Quote(a.Value)
				if !isString(casn1.Tag(a.Tag)) {
					value = a.Value
				}
				p.line(mark+" "+AttributeName(a.OID), "%s %s%s", TagName(a.Tag), value, note)
			}
		}
	})
}

func (p *printer) time(label string, t Time) {
	p.line(label, "%s (%s)", t.Format("2006-01-02T15:04:05Z"), TagName(t.Tag))
}

// span writes both ends of a period and its length with the last second in
// it, as RFC 5280 4.1.2.5 counts.
func (p *printer) span(first string, from Time, last string, to *Time) {
	p.time(first, from)
	if to == nil {
		p.line(last, "absent")
		return
	}
	p.time(last, *to)
	seconds := to.Unix() - from.Unix() + 1
	if seconds <= 0 {
		p.line("length", "none: it ends before it begins")
		return
	}
	p.line("length, inclusive", "%s and %s (%d s)",
		plural(seconds/86400, "day"), plural(seconds%86400, "second"), seconds)
}

// verdict says what the second parser thinks.
func (p *printer) verdict(err error, remarks []string) {
	var limit *UnsupportedError
	switch {
	case errors.As(err, &limit):
		p.line("second parser", "one alone reads it: %s", limit)
	case err != nil:
		p.disagrees = err
		p.line("second parser", "DISAGREES: %s", err)
	case len(remarks) == 0:
		p.line("second parser", "agrees")
	default:
		p.line("second parser", "agrees, but remarks:")
		for _, r := range remarks {
			p.under(func() { p.line("-", "%s", r) })
		}
	}
}

// named writes an OID with its name, if it has one.
func named(oid asn1.ObjectIdentifier) string {
	if name := OIDName(oid); name != oid.String() {
		return name + " (" + oid.String() + ")"
	}
	return oid.String()
}

func orEmpty(s string) string {
	if s == "" {
		return "(empty)"
	}
	return s
}
