// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// maxOutline is how deep values may lie in each other to be outlined.
const maxOutline = 32

// Outline shows the structure of DER that has no reader, a line for each value:
// its type and its content. What a value holds is indented under it. Bytes that are
// not DER are shown as such.
func Outline(der []byte) []string { return outline(nil, der, 0) }

func outline(out []string, der []byte, depth int) []string {
	indent := strings.Repeat("  ", depth)
	for len(der) > 0 {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(der, &v)
		if err != nil || depth == maxOutline {
			return append(out, indent+"bytes "+inFours(der))
		}
		der = rest
		if !v.IsCompound {
			out = append(out, indent+strings.TrimSpace(outlineTag(&v)+" "+outlineContent(&v)))
			continue
		}
		out = append(out, indent+outlineTag(&v))
		out = outline(out, v.Bytes, depth+1)
	}
	return out
}

// outline writes the structure of bytes that no reader knows.
func (p *printer) outline(der []byte) {
	for i, l := range Outline(der) {
		p.line([]string{"as DER", ""}[min(i, 1)], "%s", l)
	}
}

func outlineTag(v *asn1.RawValue) string {
	switch v.Class {
	case asn1.ClassUniversal:
		if v.Tag == asn1.TagSequence || v.Tag == asn1.TagSet {
			return tagName(casn1.Tag(v.Tag).Constructed())
		}
		return TagName(v.Tag)
	case asn1.ClassApplication:
		return fmt.Sprintf("[APPLICATION %d]", v.Tag)
	case asn1.ClassPrivate:
		return fmt.Sprintf("[PRIVATE %d]", v.Tag)
	}
	return fmt.Sprintf("[%d]", v.Tag)
}

// outlineContent shows what a primitive value holds.
func outlineContent(v *asn1.RawValue) string {
	switch universal := v.Class == asn1.ClassUniversal; {
	case len(v.Bytes) == 0:
		return ""
	case universal && v.Tag == asn1.TagBoolean && len(v.Bytes) == 1 && (v.Bytes[0] == 0 || v.Bytes[0] == 0xff):
		return strconv.FormatBool(v.Bytes[0] != 0)
	case universal && (v.Tag == asn1.TagInteger || v.Tag == asn1.TagEnum):
		var n *big.Int
		if _, err := asn1.UnmarshalWithParams(slices.Concat([]byte{asn1.TagInteger}, v.FullBytes[1:]), &n, ""); err == nil && n.BitLen() < 64 {
			return n.String()
		}
	case universal && v.Tag == asn1.TagOID:
		var oid asn1.ObjectIdentifier
		if _, err := asn1.Unmarshal(v.FullBytes, &oid); err == nil {
			return named(oid)
		}
	case universal && (isString(casn1.Tag(v.Tag)) || v.Tag == asn1.TagUTCTime || v.Tag == asn1.TagGeneralizedTime):
		if text, malformed := decodeString(casn1.Tag(v.Tag), v.Bytes); !malformed {
			return strconv.Quote(text)
		}
	case universal && v.Tag == asn1.TagBitString && v.Bytes[0] != 0:
		return fmt.Sprintf("%s, %d bits unused", inFours(v.Bytes[1:]), v.Bytes[0])
	case universal && v.Tag == asn1.TagBitString:
		return inFours(v.Bytes[1:])
	}
	return inFours(v.Bytes)
}

// inFours writes bytes in groups of four digits, which a line can be broken between.
func inFours(b []byte) string {
	var groups []string
	for part := range slices.Chunk(b, 2) {
		groups = append(groups, hex.EncodeToString(part))
	}
	return strings.Join(groups, " ")
}
