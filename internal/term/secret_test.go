// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package term

import (
	"errors"
	"strings"
	"testing"
)

// typed feeds readSecret with keys.
func typed(keys string) func() (byte, error) {
	return func() (byte, error) {
		if keys == "" {
			return 0, errors.New("no more keys")
		}
		c := keys[0]
		keys = keys[1:]
		return c, nil
	}
}

func TestReadSecret(t *testing.T) {
	for keys, want := range map[string]string{
		"1234\r":                         "1234",
		"1234\n":                         "1234",
		"\r":                             "",
		"12x\x7f34\r":                    "1234",
		"12ä\x7f34\r":                    "1234",
		"\x7f\x081234\r":                 "1234",
		"wrong\x151234\r":                "1234",
		" with space \r":                 " with space ",
		"1\x04\r":                        "error: control character 0x04",
		"\x04":                           "error: the input ended, as Ctrl-D",
		"12\x03":                         "error: interrupted",
		"12\x1b[A1234\r":                 "error: control character 0x1B",
		"12":                             "error: no more keys",
		"12\x1b[A\x151234\r":             "1234",
		strings.Repeat("1", 1025) + "\r": "error: longer than 1024",
	} {
		got, err := readSecret(typed(keys), nil)
		if e, ok := strings.CutPrefix(want, "error: "); ok {
			if err == nil || !strings.Contains(err.Error(), e) || got != nil {
				t.Errorf("%.20q: got %q, %v", keys, got, err)
			}
		} else if string(got) != want || err != nil {
			t.Errorf("%.20q: got %q, %v", keys, got, err)
		}
	}
}

// TestUnclearSecretIsReadToItsEnd guards a PIN typed after an arrow key: nothing
// that was typed before is the beginning of the next try.
func TestUnclearSecretIsReadToItsEnd(t *testing.T) {
	next := typed("12\x1b[A34\r1234\r")
	if got, err := readSecret(next, nil); !errors.Is(err, ErrUnclear) || got != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := readSecret(next, nil); string(got) != "1234" || err != nil {
		t.Errorf("the next one is %q, %v", got, err)
	}
}
