// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"encoding/json"
	"fmt"

	"gopkg.in/yaml.v3"
)

// buildJSON turns the values of a JSON document into nodes, and these into our own tree:
// YAML has other escapes than JSON.
func (d *Document) buildJSON() {
	dec := json.NewDecoder(bytes.NewReader(d.Data))
	dec.UseNumber()
	top, err := d.jsonNode(dec)
	if err != nil {
		d.failAt(int(dec.InputOffset()), "", "not JSON: %s", err)
		return
	}
	d.root = d.fill(d.place(top, nil), top, 0)
}

// jsonNode reads one value, or the key of one.
func (d *Document) jsonNode(dec *json.Decoder) (*yaml.Node, error) {
	start := int(dec.InputOffset())
	start += len(d.Data[start:]) - len(bytes.TrimLeft(d.Data[start:], " \t\r\n,:"))
	pos := d.at(start)
	n := &yaml.Node{Line: pos.Line, Column: pos.Column, Kind: yaml.ScalarNode}
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		n.Kind = map[json.Delim]yaml.Kind{'{': yaml.MappingNode, '[': yaml.SequenceNode}[token]
		for dec.More() {
			child, err := d.jsonNode(dec)
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, child)
		}
		_, err = dec.Token() // its end
	case string:
		n.Value, n.Tag, n.Style = token, "!!str", yaml.DoubleQuotedStyle
	case nil:
		n.Value, n.Tag = "null", "!!null"
	default: // a number or a boolean, as it is written
		n.Value = fmt.Sprint(token)
	}
	return n, err
}
