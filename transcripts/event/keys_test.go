// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"strings"
	"testing"
)

// TestKeysOnce guards whoever reads a record with another program: of a key that is given
// twice, some programs take the first value and some the last.
func TestKeysOnce(t *testing.T) {
	for text, says := range map[string]string{
		`{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}`: "",
		`{"a":{},"b":[],"c":[[]],"d":""}`:           "",
		`{"a":"a","b":"a"}`:                         "",
		`[{"a":1},{"a":1}]`:                         "",
		`{"a":1,"a":1}`:                             `duplicate key "a", before byte 10`,
		`{"a":1,"\u0061":1}`:                        `duplicate key "a"`,
		`{"a":{"b":1,"c":{},"b":2}}`:                `duplicate key "a.b"`,
		`{"a":{"x":1},"a":{"y":1}}`:                 `duplicate key "a"`,
		`{"a":[1,{"b":1,"b":1}]}`:                   `duplicate key "a.b"`,
		`{"a":[],"a":[]}`:                           `duplicate key "a"`,
	} {
		err := checkKeys([]byte(text))
		if says == "" && err != nil || says != "" && (err == nil || !strings.Contains(err.Error(), says)) {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
	note := Record{Seq: 1, Session: 1, How: Stated, Event: NoteAdded{Text: "a"}}
	if err := note.Encode(); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{`"seq":1`, `"text":"a"`} {
		twice := strings.Replace(string(note.Line), key, key+","+key, 1)
		if _, err := ParseRecord([]byte(twice)); err == nil || !strings.Contains(err.Error(), "duplicate key") {
			t.Errorf("%s: %v, want a duplicate key", twice, err)
		}
	}
}
