// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/internal/inspect"
)

// maxDepth bounds the nesting of DER that is looked into.
const maxDepth = 64

// elements splits the contents of a constructed value.
func elements(contents []byte) ([]asn1.RawValue, error) {
	if out, ok := plainElements(contents); ok {
		return out, nil
	}
	var out []asn1.RawValue
	for len(contents) > 0 {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(contents, &v)
		if err != nil {
			return nil, err
		}
		out, contents = append(out, v), rest
	}
	return out, nil
}

// plainElements does the same without reflection, which every object of a folder asks for
// some hundred times. What it does not split is left to asn1.Unmarshal, which says what
// is wrong with it, takes tags of several octets, and nothing of 8 MiB or more.
func plainElements(contents []byte) ([]asn1.RawValue, bool) {
	if len(contents) >= 1<<23 {
		return nil, false
	}
	out := make([]asn1.RawValue, 0, 4)
	for in := cryptobyte.String(contents); len(in) > 0; {
		var whole, inside cryptobyte.String
		var tag casn1.Tag
		if inside = in; !in.ReadAnyASN1Element(&whole, &tag) || !inside.ReadAnyASN1(&inside, &tag) {
			return nil, false
		}
		out = append(out, asn1.RawValue{
			Class: int(tag >> 6), Tag: int(tag & 0x1f), IsCompound: tag&0x20 != 0, Bytes: inside, FullBytes: whole,
		})
	}
	return out, true
}

// sequence splits one SEQUENCE without anything after it.
func sequence(der []byte) ([]asn1.RawValue, error) {
	var v asn1.RawValue
	rest, err := asn1.Unmarshal(der, &v)
	switch {
	case err != nil:
		return nil, err
	case len(rest) > 0:
		return nil, errors.New("bytes after the end")
	case v.Class != asn1.ClassUniversal || v.Tag != asn1.TagSequence || !v.IsCompound:
		return nil, errors.New("not a SEQUENCE")
	}
	return elements(v.Bytes)
}

// notStrict says which clause of X.690 an encoding is against.
type notStrict struct{ clause, text string }

// Error implements error.
func (e *notStrict) Error() string { return e.text }

func against(clause, format string, args ...any) error {
	return &notStrict{"X.690 " + clause, fmt.Sprintf(format, args...)}
}

// byClause gives problems the clause of an error, where it names one.
func byClause(err error, ps []problem) []problem {
	var e *notStrict
	if errors.As(err, &e) {
		return citing(e.clause, ps)
	}
	return ps
}

// strictDER reports the first place where der is not DER (X.690 10 and 11):
// lengths, booleans, integers, bit strings, sets, times and characters.
func strictDER(der []byte) error {
	var v asn1.RawValue
	rest, err := asn1.Unmarshal(der, &v)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return fmt.Errorf("%d bytes after the end", len(rest))
	}
	return strictValue(v, 0)
}

// strictValue checks one value and what is in it.
func strictValue(v asn1.RawValue, depth int) error {
	if depth > maxDepth {
		return errors.New("nested too deeply")
	}
	if v.IsCompound {
		return strictCompound(v, depth)
	}
	if v.Class != asn1.ClassUniversal {
		return nil
	}
	return strictPrimitive(v)
}

// strictCompound checks a SEQUENCE, a SET or an explicit tag.
func strictCompound(v asn1.RawValue, depth int) error {
	if v.Class == asn1.ClassUniversal && v.Tag != asn1.TagSequence && v.Tag != asn1.TagSet {
		return against("10.2", "constructed encoding of tag %d", v.Tag)
	}
	parts, err := elements(v.Bytes)
	if err != nil {
		return err
	}
	for i, p := range parts {
		if err := strictValue(p, depth+1); err != nil {
			return err
		}
		set := v.Class == asn1.ClassUniversal && v.Tag == asn1.TagSet
		if set && i > 0 && bytes.Compare(parts[i-1].FullBytes, p.FullBytes) > 0 {
			return against("11.6", "SET OF is not in order")
		}
	}
	return nil
}

// strictPrimitive checks a primitive value of a universal type.
func strictPrimitive(v asn1.RawValue) error {
	b := v.Bytes
	switch v.Tag {
	case asn1.TagBoolean:
		if len(b) != 1 || b[0] != 0 && b[0] != 0xff {
			return against("11.1", "BOOLEAN with the contents %x, which is neither 00 nor ff", b)
		}
	case asn1.TagInteger, asn1.TagEnum:
		if !minimalInteger(b) {
			return against("8.3.2", "INTEGER with the contents %x, which are not minimal", b)
		}
	case asn1.TagBitString:
		return strictBits(b)
	case asn1.TagNull:
		if len(b) != 0 {
			return against("8.8.2", "NULL with contents")
		}
	case asn1.TagSequence, asn1.TagSet:
		return against("8.9.1", "primitive encoding of a constructed type")
	case asn1.TagOID, asn1.TagUTCTime, asn1.TagGeneralizedTime,
		asn1.TagPrintableString, asn1.TagIA5String, asn1.TagUTF8String:
		return strictText(v)
	}
	return nil
}

// minimalInteger reports whether an INTEGER has no superfluous octet.
func minimalInteger(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	return len(b) == 1 || !(b[0] == 0 && b[1] < 0x80 || b[0] == 0xff && b[1] >= 0x80)
}

// strictBits checks the padding of a BIT STRING.
func strictBits(b []byte) error {
	if len(b) == 0 || b[0] > 7 || len(b) == 1 && b[0] != 0 {
		return against("8.6.2", "BIT STRING with a bad count of unused bits")
	}
	if len(b) > 1 && b[len(b)-1]&(1<<b[0]-1) != 0 {
		return against("11.2.1", "BIT STRING with unused bits that are set")
	}
	return nil
}

// strictText checks types whose contents have a syntax of their own.
func strictText(v asn1.RawValue) error {
	switch v.Tag {
	case asn1.TagOID:
		if text := inspect.ArcsFault(v.Bytes); text != "" { // asn1.Unmarshal takes no arc of more than 31 bits
			return against("8.19.2", "OBJECT IDENTIFIER %s", text)
		}
		return nil
	case asn1.TagUTCTime:
		return strictTime("060102150405Z", v.Bytes)
	case asn1.TagGeneralizedTime:
		return strictTime("20060102150405Z", v.Bytes)
	case asn1.TagUTF8String:
		if !utf8.Valid(v.Bytes) {
			return errors.New("UTF8String is not UTF-8")
		}
		return nil
	default:
		var s string
		_, err := asn1.Unmarshal(v.FullBytes, &s)
		return err
	}
}

// strictTime accepts whole seconds in UTC only.
func strictTime(layout string, b []byte) error {
	t, err := time.Parse(layout, string(b))
	if err != nil || t.Format(layout) != string(b) {
		return fmt.Errorf("time %q is not in whole seconds of UTC", b)
	}
	return nil
}
