// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package term

import (
	"crypto/sha256"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The words of the SHA-256 of "hello, world\n", as the word list's other
// implementations give them.
func TestWords(t *testing.T) {
	sum := sha256.Sum256([]byte("hello, world\n"))
	words := Words(sum[:])
	if len(words) != 32 {
		t.Fatalf("%d words", len(words))
	}
	begin := "music customer waffle consensus flagpole Orlando goggles suspicious"
	if got := strings.Join(words[:8], " "); got != begin {
		t.Errorf("got %s", got)
	}
	if got := strings.Join(words[30:], " "); got != "facial butterfat" {
		t.Errorf("got %s", got)
	}
	back, err := FromWords(strings.ToUpper(strings.Join(words, "\n ")))
	if err != nil || !slices.Equal(back, sum[:]) {
		t.Errorf("back: %x, %v", back, err)
	}
	// From the description of the list: a PGP fingerprint and its words.
	fingerprint := []byte{0xE5, 0x82, 0x94, 0xF2, 0xE9, 0xA2, 0x27, 0x48, 0x6E, 0x8B, 0x06, 0x1B, 0x31, 0xCC, 0x52, 0x8F, 0xD7, 0xFA, 0x3F, 0x19}
	want := "topmost Istanbul Pluto vagabond treadmill Pacific brackish dictator goldfish Medusa afflict bravado chatter revolver Dupont midsummer stopwatch whimsical cowbell bottomless"
	if got := strings.Join(Words(fingerprint), " "); got != want {
		t.Errorf("got %s", got)
	}
}

// TestWordLists checks the tables by what their authors say about them.
func TestWordLists(t *testing.T) {
	seen := map[string]bool{}
	for _, list := range []string{evenWords, oddWords} {
		words := strings.Fields(list)
		if len(words) != 256 {
			t.Errorf("%d words", len(words))
		}
		for i := range words[1:] {
			a, b := strings.ToLower(words[i]), strings.ToLower(words[i+1])
			if a > b && a != "applicant" { // which the authors put before Apollo
				t.Errorf("%s comes before %s", a, b)
			}
		}
		for _, w := range words {
			if seen[strings.ToLower(w)] {
				t.Errorf("duplicate %s", w)
			}
			seen[strings.ToLower(w)] = true
		}
		lines := strings.Split(strings.Trim(list, "\n"), "\n")
		for i, line := range lines {
			if len(strings.Fields(line)) != 16 {
				t.Errorf("line %d has %d words", i, len(strings.Fields(line)))
			}
		}
	}
}

func TestFromWordsRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"music waffle":          `word 2, "waffle", is in the wrong place`,
		"customer":              `word 1, "customer", is in the wrong place`,
		"music custmer":         `word 2, "custmer", is not in the list`,
		"music customer music!": `word 3, "music!", is not in the list`,
	} {
		if _, err := FromWords(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestWordLines(t *testing.T) {
	got := WordLines([]string{"a", "bbb", "cc", "d", "e"}, 2)
	want := []string{"a    bbb", "cc   d", "e"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if WordLines(nil, 0) != nil {
		t.Error("lines of no words")
	}
}

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		width    int
		in, want string
	}{
		{10, "one two three four", "one two\nthree four"},
		{10, "short", "short"},
		{10, "  one two three", "  one two\n  three"},
		{12, "- one two three four", "- one two\n  three four"},
		{10, "a 0123456789abcdef b", "a\n0123456789abcdef\nb"},
		{10, "0123456789abcdef b", "0123456789abcdef\nb"},
		{10, "one\n\ntwo  kept", "one\n\ntwo  kept"},
		{8, "日本 日本 日本", "日本\n日本\n日本"},
		{9, "日本 日本 日本", "日本 日本\n日本"},
		{7, "e\u0301e\u0301e\u0301 abc x", "e\u0301e\u0301e\u0301 abc\nx"},
		{12, "    one 0123456789 two", "    one\n  0123456789\n    two"},
		{12, "      0123456789ab x", "      0123456789ab\n      x"},
		{10, "", ""},
	} {
		if got := Wrap(tt.in, tt.width); got != tt.want {
			t.Errorf("%q at %d: got %q, want %q", tt.in, tt.width, got, tt.want)
		}
	}
}

// A command that is too wide for the terminal can still be copied: a shell reads what is
// shown as the same words, and no flag is parted from its value.
func TestFold(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"  ceremony run a.yaml", "  ceremony run a.yaml"},
		{"  ceremony run a.yaml --plan p --bundle bundle", "  ceremony run a.yaml --plan p \\\n    --bundle bundle"},
		{"  ceremony run 'a  b c.yaml' --site '--x y'", "  ceremony run 'a  b c.yaml' \\\n    --site '--x y'"},
		{"  ceremony verify 0123456789abcdef0123456789abcdef x", "  ceremony verify \\\n0123456789abcdef0123456789abcdef \\\n    x"},
		{`  ceremony run 'it'\''s my file' --site s`, "  ceremony run \\\n    'it'\\''s my file' --site s"},
		{"  ceremony verify b --digest 0123456789abcdef0123456789", "  ceremony verify b --digest \\\n    0123456789abcdef0123456789"},
		{"  ceremony verify 0123456789abcdef0123456789abc", "  ceremony verify \\\n 0123456789abcdef0123456789abc"},
		{"ceremony files are wrapped as all other text is", "ceremony files are wrapped as\nall other text is"},
	} {
		if got := Fold(tt.in, 32); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.in, got, tt.want)
		}
	}
}
