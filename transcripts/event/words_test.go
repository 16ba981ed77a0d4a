// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"strings"
	"testing"
)

// TestJSONInWords guards people who read of a broken record: the words name the key and
// what belongs there, not the types of this program.
func TestJSONInWords(t *testing.T) {
	type inner struct {
		Size int64 `json:"size"`
	}
	for text, want := range map[string]string{
		`{"size":-0.0}`:          "size: number -0.0 instead of a whole number",
		`{"size":"1"}`:           "size: string instead of a whole number",
		`{"who":1}`:              "who: number instead of a text",
		`{"done":"x"}`:           "done: string instead of true or false",
		`{"list":{}}`:            "list: object instead of a list",
		`{"inner":[]}`:           "inner: array instead of an object",
		`{"inner":{"size":1.5}}`: "size: number 1.5 instead of a whole number",
		`[]`:                     "array instead of an object",
		`{"colour":1}`:           `unknown key "colour"`,
		`{"size":}`:              "not JSON: invalid character",
		`{`:                      "not JSON: unexpected",
		``:                       "not JSON: ",
		`{"size":1} 2`:           "something follows the JSON value",
	} {
		var into struct {
			inner
			Who   string   `json:"who"`
			Done  bool     `json:"done"`
			List  []string `json:"list"`
			Inner inner    `json:"inner"`
		}
		err := DecodeStrict([]byte(text), &into)
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "json") || strings.Contains(err.Error(), "Go ") {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
