// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// checkKeys refuses JSON that gives a key of an object twice. RFC 8259, section 4 leaves
// open which value counts, so another program may read another record of the same text
// than the one that we verified.
func checkKeys(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var open []*object
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var top *object
		if len(open) > 0 {
			top = open[len(open)-1]
		}
		switch delim, _ := token.(json.Delim); {
		case delim == '}' || delim == ']':
			open = open[:len(open)-1]
			continue
		case top.takesKey():
			if err := top.key(token, open, d.InputOffset()); err != nil {
				return err
			}
			continue
		case delim == '{':
			open = append(open, &object{names: map[string]bool{}})
		case delim == '[':
			open = append(open, &object{})
		}
		if top != nil {
			top.value = false
		}
	}
}

// object is an object or an array that is being read; an array has no names.
type object struct {
	names map[string]bool
	name  string // of the last member
	value bool   // what follows is its value
}

func (o *object) takesKey() bool { return o != nil && o.names != nil && !o.value }

// key takes in the name of the next member.
func (o *object) key(token json.Token, open []*object, end int64) error {
	o.name, _ = token.(string)
	if o.names[o.name] {
		var path []string
		for _, in := range open {
			if in.names != nil {
				path = append(path, in.name)
			}
		}
		return fmt.Errorf("duplicate key %q, before byte %d", strings.Join(path, "."), end)
	}
	o.names[o.name], o.value = true, true
	return nil
}
