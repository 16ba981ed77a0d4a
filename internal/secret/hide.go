// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"unicode/utf16"
	"unicode/utf8"
)

// shortPIN is the length below which a PIN is found only where it is alone:
// four digits occur by chance in serial numbers and times.
const shortPIN = 6

// Hide replaces a PIN that is in a text with [Redacted], and reports whether it
// was there: as it is, in hexadecimal, in base64, or in UTF-16. Hexadecimal may
// have spaces or colons between the bytes; base64 may be that of more than the
// PIN when the PIN has six bytes or more.
func (p *PIN) Hide(text []byte) ([]byte, bool) {
	pin := p.Reveal()
	if len(pin) == 0 {
		return text, false
	}
	found, own := false, false
	all := forms(pin)
	defer func() {
		for _, form := range all {
			clear(form)
		}
	}()
	for _, form := range all {
		for from := 0; ; {
			at := bytes.Index(text[from:], form)
			if at < 0 {
				break
			}
			at += from
			if from = at + len(form); len(pin) < shortPIN && !alone(text, at, from) {
				continue
			}
			hidden := bytes.Join([][]byte{text[:at], text[from:]}, []byte(Redacted))
			if own { // a copy that may hold the PIN once more
				clear(text)
			}
			text, found, own = hidden, true, true
			from = at + len(Redacted)
		}
	}
	return text, found
}

// alone reports whether no letter or digit touches a part of a text.
func alone(text []byte, from, to int) bool {
	return (from == 0 || !wordByte(text[from-1])) && (to == len(text) || !wordByte(text[to]))
}

func wordByte(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80
}

// forms are the ways to write a PIN that people and modules use, as copies.
func forms(pin []byte) [][]byte {
	out := [][]byte{bytes.Clone(pin)}
	for _, between := range []string{"", " ", ":"} {
		lower := hexadecimal(pin, between)
		out = append(out, lower, bytes.ToUpper(lower))
	}
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.RawURLEncoding} {
		out = append(out, e.AppendEncode(nil, pin))
	}
	if len(pin) >= shortPIN {
		for before := range 3 {
			out = append(out, within(base64.RawStdEncoding, pin, before), within(base64.RawURLEncoding, pin, before))
		}
	}
	return append(out, wide(pin, true), wide(pin, false))
}

// hexadecimal writes each byte as two digits, with something between them.
func hexadecimal(pin []byte, between string) []byte {
	out := make([]byte, 0, (2+len(between))*len(pin)) // it must not grow: what it grew out of is not cleared
	for i, b := range pin {
		if i > 0 {
			out = append(out, between...)
		}
		out = hex.AppendEncode(out, []byte{b})
	}
	return out
}

// within gives the characters of base64 that depend on the PIN alone when it
// follows a number of other bytes, modulo 3.
func within(e *base64.Encoding, pin []byte, before int) []byte {
	whole := append(make([]byte, before, before+len(pin)), pin...)
	defer clear(whole)
	const bits = 6 // of a character
	return e.AppendEncode(nil, whole)[(before*8+bits-1)/bits : len(whole)*8/bits]
}

// wide writes the PIN in UTF-16.
func wide(pin []byte, little bool) []byte {
	out := make([]byte, 0, 4*len(pin))
	for rest := pin; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		rest = rest[n:]
		for _, u := range utf16.AppendRune(nil, r) {
			first, second := byte(u>>8), byte(u)
			if little {
				first, second = second, first
			}
			out = append(out, first, second)
		}
	}
	return out
}
