// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package value

import (
	"bytes"
	"crypto/sha256"
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
// stays, the string type too. A marked name stays as it is.
//
// A text that would become longer than 64 characters is shortened, and ends in
// eight hexadecimal digits of its SHA-256, so that two long names that differ
// only at the end remain two names.
func Mark(n Name) (Name, error) {
	if len(n.DER) > 0 {
		der, err := markDER(n.DER)
		return Name{DER: der}, err
	}
	out := Name{Attributes: slices.Clone(n.Attributes)}
	for _, kind := range []string{"common-name", "organization"} {
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
	return Name{}, errNothingToMark
}

var errNothingToMark = errors.New("the name has neither a common name nor an organization to mark as a rehearsal")

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
	for _, kind := range []string{"common-name", "organization"} {
		id := AttributeKindOf(kind).OID
		i := slices.IndexFunc(parts, func(p NamePart) bool { return p.OID == id })
		if i < 0 {
			continue
		}
		_, value, ok := parts[i].Text()
		if !ok || !utf8.ValidString(value) {
			return nil, fmt.Errorf("marking %s: a string with tag %d cannot be marked", kind, parts[i].Tag)
		}
		parts[i].Value = []byte(marked(value))
		return encodeParts(parts)
	}
	return nil, errNothingToMark
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
