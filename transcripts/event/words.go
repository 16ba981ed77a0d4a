// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// inWords says what package json says of a value without the types of this program, which
// no reader of a record knows.
func inWords(err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("not JSON: %w", err)
	}
	text := err.Error()
	var other *json.UnmarshalTypeError
	if errors.As(err, &other) {
		says := fmt.Sprintf("%s instead of %s", other.Value, wants(other.Type))
		if other.Field != "" {
			// What is before the last dot may be the name of a type.
			says = other.Field[strings.LastIndex(other.Field, ".")+1:] + ": " + says
		}
		text = strings.Replace(text, other.Error(), says, 1)
	}
	return errors.New(strings.ReplaceAll(text, "json: unknown field", "unknown key"))
}

// wants names what belongs where a Go type is.
func wants(is reflect.Type) string {
	switch is.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	default: // no record has another number
		return "a whole number"
	}
}
