// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package value

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// rehearsal is put before the common name in everything that a rehearsal makes.
const rehearsal = "REHEARSAL "

// maxMarked is the length of a common name and of an organization, RFC 5280
// A.1, and suffix what a shortened one ends in.
const (
	maxMarked = 64
	suffix    = 8
)

// Mark makes the name of a rehearsal out of a real one: the common name, or the
// organization where there is none, begins with "REHEARSAL ". Everything else
// stays, the string type too. A name with no text to mark gets one more attribute, the
// organizationalUnit "REHEARSAL": what a real CA is called decides nothing here. A
// marked name stays as it is.
//
// A text that would become longer than 64 characters is shortened, and ends in
// eight hexadecimal digits of its SHA-256, so that two long names that differ
// only at the end remain two names.
func Mark(n Name) (Name, error) {
	if len(n.DER) > 0 {
		der, err := markDER(n.DER)
		return Name{DER: der}, err
	}
	if len(n.Attributes) == 0 {
		return Name{}, errors.New("an empty name cannot be marked as a rehearsal")
	}
	out := Name{Attributes: slices.Clone(n.Attributes)}
	for _, kind := range markedKinds {
		i := slices.IndexFunc(out.Attributes, func(a Attribute) bool { return a.Type == kind })
		if i < 0 {
			continue
		}
		a := &out.Attributes[i]
		a.Value = marked(a.Value)
		if err := a.Check(); err != nil {
			return Name{}, fmt.Errorf("marking %s: %w", kind, err)
		}
		return out, nil
	}
	unit, err := NewAttribute(unitKind, UTF8String, unitMark)
	if !slices.Contains(out.Attributes, unit) {
		out.Attributes = append(out.Attributes, unit)
	}
	return out, err
}

// markedKinds are the attributes that are marked, the first that a name has.
var markedKinds = []string{"common-name", "organization"}

// unitKind and unitMark are the attribute that a name gets which has none of them.
const (
	unitKind = "organizational-unit"
	unitMark = "REHEARSAL"
)

// marked marks one text.
func marked(s string) string {
	if strings.HasPrefix(s, rehearsal) {
		return s
	}
	if n := utf8.RuneCountInString(s); len(rehearsal)+n > maxMarked {
		sum := sha256.Sum256([]byte(s))
		kept := []rune(s)[:maxMarked-len(rehearsal)-suffix-1]
		s = strings.TrimRight(string(kept), " ") + " " + hex.EncodeToString(sum[:])[:suffix]
	}
	return rehearsal + s
}

// markDER marks a name that came as DER and leaves all other bytes alone.
func markDER(der []byte) ([]byte, error) {
	parts, err := ParseName(der)
	if err != nil {
		return nil, err
	}
	for _, kind := range markedKinds {
		id := AttributeKindOf(kind).OID
		i := slices.IndexFunc(parts, func(p NamePart) bool { return p.OID == id })
		if i < 0 {
			continue
		}
		if text, ok := decodeText(parts[i]); ok {
			parts[i].Value = encodeText(parts[i].Tag, marked(text))
			return encodeParts(parts)
		}
	}
	last := parts[len(parts)-1]
	unit := NamePart{RDN: last.RDN + 1, OID: AttributeKindOf(unitKind).OID, Tag: byte(UTF8String.Tag()), Value: []byte(unitMark)}
	if last.OID == unit.OID && string(last.Value) == unitMark {
		return der, nil
	}
	return encodeParts(append(parts, unit))
}

// The string types that have not UTF-8 in them: X.680 8.4, widths X.690 8.23.
const (
	tagTeletex   = 20
	tagUniversal = 28
	tagBMP       = 30
)

// textWidths are the octets of a character in strings of one width.
var textWidths = map[byte]int{tagTeletex: 1, tagBMP: 2, tagUniversal: 4}

// decodeText reads a string of any type that certificates have in names, so that
// [encodeText] gives the same octets again. An octet of a TeletexString counts as a
// character: what its escape sequences mean does not matter for a mark before them.
func decodeText(p NamePart) (string, bool) {
	width := textWidths[p.Tag]
	if width == 0 {
		_, text, known := p.Text()
		return text, known && utf8.ValidString(text)
	}
	var out []rune
	for c := range slices.Chunk(p.Value, width) {
		var r uint32
		for _, b := range c {
			r = r<<8 | uint32(b)
		}
		out = append(out, rune(r))
	}
	text := string(out)
	return text, bytes.Equal(encodeText(p.Tag, text), p.Value)
}

// encodeText writes a string of a type.
func encodeText(tag byte, text string) (out []byte) {
	width := textWidths[tag]
	if width == 0 {
		return []byte(text)
	}
	for _, r := range text {
		var c [4]byte
		binary.BigEndian.PutUint32(c[:], uint32(r))
		out = append(out, c[4-width:]...)
	}
	return out
}

// encodeParts writes a name. The attributes of a relative name are a SET OF,
// which DER sorts (X.690 11.6).
func encodeParts(parts []NamePart) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for i := 0; i < len(parts); {
			var rdn [][]byte
			for n := parts[i].RDN; i < len(parts) && parts[i].RDN == n; i++ {
				der, err := parts[i].encode()
				if err != nil {
					b.SetError(err)
					return
				}
				rdn = append(rdn, der)
			}
			slices.SortFunc(rdn, bytes.Compare)
			b.AddASN1(asn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(slices.Concat(rdn...)) })
		}
	})
	return b.Bytes()
}

// encode writes an AttributeTypeAndValue.
func (p NamePart) encode() ([]byte, error) {
	id, err := p.OID.Identifier()
	if err != nil {
		return nil, err
	}
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(id)
		b.AddASN1(asn1.Tag(p.Tag), func(b *cryptobyte.Builder) { b.AddBytes(p.Value) })
	})
	return b.Bytes()
}
