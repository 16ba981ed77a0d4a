// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package secret

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// TestHide guards the journal and the screen against a PIN that somebody typed,
// or a module printed, in a place where it shows.
func TestHide(t *testing.T) {
	const long, short = "Xy7-canary-42", "2468"
	for _, c := range []struct {
		pin, text string
		found     bool
	}{
		{long, "the PIN is " + long + ".", true},
		{long, hex.EncodeToString([]byte(long)), true},
		{long, strings.ToUpper(hex.EncodeToString([]byte(long))), true},
		{long, "x" + base64.StdEncoding.EncodeToString([]byte(long)), true},
		{long, base64.StdEncoding.EncodeToString([]byte("1" + long + "234")), true},
		{long, base64.StdEncoding.EncodeToString([]byte("12" + long + "34")), true},
		{long, base64.URLEncoding.EncodeToString([]byte("123" + long)), true},
		{long, "[in] pPin: " + strings.TrimSpace(fmt.Sprintf("% x", long)), true},
		{long, strings.ReplaceAll(fmt.Sprintf("% X", long), " ", ":"), true},
		{long, strings.Join(strings.Split(long, ""), "\x00") + "\x00", true},
		{long, "\x00" + strings.Join(strings.Split(long, ""), "\x00"), true},
		{long, "Xy7-canary-4", false},
		{short, "bag 2468", true},
		{short, "2468", true},
		{short, "32:34:36:38", true},
		{short, "TEB-0024681", false},
		{short, hex.EncodeToString([]byte("1" + short)), false},
		{"\xff\xfe\x80-not-text", "\xff\xfe\x80-not-text", true},
		{"", "anything", false},
	} {
		p := NewPIN([]byte(c.pin))
		got, found := p.Hide([]byte(c.text))
		if found != c.found || found != strings.Contains(string(got), Redacted) || c.pin != "" && strings.Contains(string(got), long) {
			t.Errorf("%q: %q, %v", c.text, got, found)
		}
	}
}
