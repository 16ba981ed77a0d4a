// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"strconv"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Bounds of what is shown of an object that cannot be read.
const (
	maxShown   = 2000
	maxShownIn = 16 // deep
)

// elements shows bytes as DER, one element a line, until the first that is none. What
// follows it cannot be told apart.
func (p *printer) elements(der []byte, offset, depth int) bool {
	rest := cryptobyte.String(der)
	for !rest.Empty() {
		at := offset + len(der) - len(rest)
		before := rest
		var element cryptobyte.String
		var tag casn1.Tag
		if !rest.ReadAnyASN1(&element, &tag) {
			p.line(strconv.Itoa(at), "here it is no DER")
			p.under(func() { p.hex("bytes", before[:min(len(before), 48)]) })
			return false
		}
		if p.shown++; p.shown > maxShown {
			p.line(strconv.Itoa(at), "and more elements, which are not shown")
			return false
		}
		if inside := int(tag)&0x20 != 0 && depth < maxShownIn; inside {
			p.line(strconv.Itoa(at), "%s", tagName(tag))
			whole := true
			p.under(func() { whole = p.elements(element, at+len(before)-len(rest)-len(element), depth+1) })
			if !whole {
				return false
			}
			continue
		}
		p.line(strconv.Itoa(at), "%s %s", tagName(tag), primitive(tag, element, before[:len(before)-len(rest)]))
	}
	return true
}

// primitive shows the contents of one element.
func primitive(tag casn1.Tag, contents, raw []byte) string {
	if tag == casn1.UTCTime || tag == casn1.GeneralizedTime {
		return strconv.Quote(string(contents[:min(len(contents), maxWish)]))
	}
	return shortened(strings.Join(valueWords(raw, maxDeep), ", "))
}
