// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"unicode/utf16"
)

// shortPIN is the length below which a PIN is found only where it stands alone:
// four digits occur by chance in serial numbers and times.
const shortPIN = 6

// Hide replaces a PIN that stands in a text with [Redacted], and reports whether
// it stood there: as it is, in hexadecimal, in base64, or in UTF-16.
func (p *PIN) Hide(text []byte) ([]byte, bool) {
	pin := p.Reveal()
	if len(pin) == 0 {
		return text, false
	}
	found := false
	for _, form := range forms(pin) {
		for from := 0; ; {
			at := bytes.Index(text[from:], form)
			if at < 0 {
				break
			}
			at += from
			if from = at + len(form); len(pin) < shortPIN && !alone(text, at, from) {
				continue
			}
			text, found = bytes.Join([][]byte{text[:at], text[from:]}, []byte(Redacted)), true
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

// forms are the ways to write a PIN that people and modules use.
func forms(pin []byte) [][]byte {
	var little, big []byte
	for _, u := range utf16.Encode([]rune(string(pin))) {
		little, big = append(little, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
	}
	lower := []byte(hex.EncodeToString(pin))
	return [][]byte{
		pin, lower, bytes.ToUpper(lower), []byte(base64.StdEncoding.EncodeToString(pin)),
		[]byte(base64.RawStdEncoding.EncodeToString(pin)), []byte(base64.RawURLEncoding.EncodeToString(pin)), little, big,
	}
}
