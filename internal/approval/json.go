// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Limits of every document that is read here. Real ones are far smaller.
const (
	maxDocument = 4 << 20
	maxDepth    = 12
)

// value is one JSON value and where it is.
type value struct {
	offset int
	kind   byte // '{', '[', 's' string, 'n' number, 'b' boolean, '0' null
	text   string
	keys   []string // of an object, in order
	fields map[string]*value
	items  []*value
}

// kinds says what people call a kind of value.
var kinds = map[byte]string{
	'{': "an object", '[': "a list", 's': "a string", 'n': "a number", 'b': "true or false", '0': "null",
}

// parseJSON reads one JSON document more strictly than encoding/json, which
// keeps the last of two equal keys, takes keys in any case, repairs broken
// UTF-8 and leaves unknown keys to its caller.
func parseJSON(data []byte) (*value, error) {
	switch {
	case len(data) > maxDocument:
		return nil, fmt.Errorf("it has more than %d bytes", maxDocument)
	case !utf8.Valid(data):
		return nil, errors.New("it is not UTF-8")
	case !json.Valid(data):
		return nil, syntaxError(data)
	}
	p := &parser{data: data, dec: json.NewDecoder(bytes.NewReader(data))}
	p.dec.UseNumber()
	root, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := p.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is data after the end of the document")
	}
	return root, nil
}

// syntaxError says where a document that is no JSON goes wrong.
func syntaxError(data []byte) error {
	var into any
	err := json.Unmarshal(data, &into)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return &Problem{Offset: int(syntax.Offset), Line: lineOf(data, int(syntax.Offset)), Column: columnOf(data, int(syntax.Offset)),
			Msg: "it is not JSON: " + syntax.Error()}
	}
	return errors.New("it is not JSON")
}

type parser struct {
	data []byte
	dec  *json.Decoder
}

// at is where the next token begins.
func (p *parser) at() int {
	offset := int(p.dec.InputOffset())
	for offset < len(p.data) && strings.IndexByte(" \t\r\n,:", p.data[offset]) >= 0 {
		offset++
	}
	return offset
}

func (p *parser) value(depth int) (*value, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("it is nested more than %d deep", maxDepth)
	}
	v := &value{offset: p.at()}
	token, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		v.kind = byte(token)
		return v, p.members(v, depth)
	case string:
		v.kind, v.text = 's', token
	case json.Number:
		v.kind, v.text = 'n', token.String()
	case bool:
		v.kind, v.text = 'b', fmt.Sprint(token)
	default:
		v.kind = '0'
	}
	return v, nil
}

// members reads what an object or a list holds, to its end.
func (p *parser) members(v *value, depth int) error {
	if v.kind == '{' {
		v.fields = map[string]*value{}
	}
	for p.dec.More() {
		if v.kind == '[' {
			item, err := p.value(depth + 1)
			if err != nil {
				return err
			}
			v.items = append(v.items, item)
			continue
		}
		if err := p.field(v, depth); err != nil {
			return err
		}
	}
	_, err := p.dec.Token()
	return err
}

func (p *parser) field(v *value, depth int) error {
	offset := p.at()
	token, err := p.dec.Token()
	if err != nil {
		return err
	}
	key, ok := token.(string)
	if !ok {
		return errors.New("it is not JSON: a key is not a string")
	}
	field, err := p.value(depth + 1)
	if err != nil {
		return err
	}
	if v.fields[key] != nil {
		return &Problem{Offset: offset, Line: lineOf(p.data, offset), Column: columnOf(p.data, offset),
			Msg: fmt.Sprintf("duplicate key %q", key)}
	}
	v.keys = append(v.keys, key)
	v.fields[key] = field
	return nil
}

func lineOf(data []byte, offset int) int {
	return 1 + bytes.Count(data[:min(offset, len(data))], []byte("\n"))
}

// columnOf counts characters, from 1.
func columnOf(data []byte, offset int) int {
	before := data[:min(offset, len(data))]
	return 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
}
