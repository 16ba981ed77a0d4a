// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package term

import (
	"fmt"
	"strings"
)

// Words returns the digest as words of the PGP word list, one for each byte,
// to be read aloud and written down.
func Words(digest []byte) []string {
	lists := [2][]string{strings.Fields(evenWords), strings.Fields(oddWords)}
	out := make([]string, len(digest))
	for i, b := range digest {
		out[i] = lists[i%2][b]
	}
	return out
}

// WordLines puts words into lines, in columns.
func WordLines(words []string, perLine int) []string {
	width := 0
	for _, w := range words {
		width = max(width, len(w))
	}
	perLine = max(perLine, 1)
	var lines []string
	var b strings.Builder
	for i, w := range words {
		last := i%perLine == perLine-1 || i == len(words)-1
		if last {
			b.WriteString(w)
			lines = append(lines, b.String())
			b.Reset()
			continue
		}
		fmt.Fprintf(&b, "%-*s  ", width, w)
	}
	return lines
}

// FromWords returns the digest that was written down as words, in any case and
// with any space between them.
func FromWords(text string) ([]byte, error) {
	var values [2]map[string]byte
	for i, list := range [2]string{evenWords, oddWords} {
		values[i] = make(map[string]byte, 256)
		for b, w := range strings.Fields(list) {
			values[i][strings.ToLower(w)] = byte(b)
		}
	}
	words := strings.Fields(strings.ToLower(text))
	out := make([]byte, len(words))
	for i, w := range words {
		b, ok := values[i%2][w]
		if !ok {
			if _, other := values[1-i%2][w]; other {
				return nil, fmt.Errorf("word %d, %q, is in the wrong place: a word before it is missing, doubled or swapped", i+1, w)
			}
			return nil, fmt.Errorf("word %d, %q, is not in the list", i+1, w)
		}
		out[i] = b
	}
	return out, nil
}
