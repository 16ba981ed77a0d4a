// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode"
)

// Seen makes a text that is not from people, such as an error, fit for an event: an
// event is refused if it has characters that nobody sees.
func Seen(text string) string {
	var b strings.Builder
	for _, r := range text {
		if isUnseen(r) {
			fmt.Fprintf(&b, "[U+%04X]", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// seenKey is Seen for the name of a value, which is one line: with more it could look like
// another name, or like two of them.
func seenKey(name string) string {
	return strings.NewReplacer("\n", "[U+000A]", "\t", "[U+0009]").Replace(Seen(name))
}

func isUnseen(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r))
}

// Legible gives an event with all of its texts [Seen]. What a module says, or what is
// in an object that was linted, may hold anything, and has to be recorded all the same.
func Legible[E any](e E) E {
	v := reflect.New(reflect.TypeFor[E]()).Elem()
	v.Set(reflect.ValueOf(e))
	seeIn(v)
	c, ok := v.Interface().(E)
	if !ok {
		return e
	}
	return c
}

// seeIn changes the texts of a value, and nothing that another value shares.
func seeIn(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(Seen(v.String()))
	case reflect.Struct:
		for i := range v.NumField() {
			seeIn(v.Field(i))
		}
	case reflect.Interface: // an event
		c := reflect.New(v.Elem().Type()).Elem()
		c.Set(v.Elem())
		seeIn(c)
		v.Set(c)
	case reflect.Pointer:
		if !v.IsNil() {
			c := reflect.New(v.Type().Elem())
			c.Elem().Set(v.Elem())
			seeIn(c.Elem())
			v.Set(c)
		}
	case reflect.Slice:
		if v.Len() > 0 {
			v.Set(reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, v.Len()), v))
		}
		for i := range v.Len() {
			seeIn(v.Index(i))
		}
	case reflect.Map:
		seeInMap(v)
	}
}

func seeInMap(v reflect.Value) {
	if v.Len() == 0 {
		return
	}
	m := reflect.MakeMapWithSize(v.Type(), v.Len())
	for _, k := range v.MapKeys() {
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		key.Set(k)
		value.Set(v.MapIndex(k))
		key.SetString(seenKey(key.String()))
		seeIn(value)
		m.SetMapIndex(key, value)
	}
	v.Set(m)
}

// checkLegible refuses a line, in the form of RFC 8785, with characters that readers
// cannot see, and with names of values that are not one line. That form escapes the first
// 32 characters and no others.
func checkLegible(line []byte) error {
	if i := bytes.IndexFunc(line, isUnseen); i >= 0 {
		return fmt.Errorf("it has the character %+q, which readers cannot see", []rune(string(line[i:]))[0])
	}
	start, blanks := -1, false // of the string that is read, and whether it has them
	for i := 0; i+1 < len(line); i++ {
		switch {
		case line[i] == '"' && start < 0:
			start, blanks = i, false
		case line[i] == '"':
			if blanks && line[i+1] == ':' {
				return fmt.Errorf("the name %s is not one line", line[start:i+1])
			}
			start = -1
		case line[i] == '\\':
			if i++; bytes.IndexByte([]byte("bfru"), line[i]) >= 0 {
				return errors.New("it has a control character, which readers cannot see")
			}
			blanks = blanks || line[i] == 'n' || line[i] == 't'
		}
	}
	return nil
}
