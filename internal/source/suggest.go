// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"fmt"
	"strings"
)

// DidYouMean returns a hint with the candidate nearest to what was written, or
// "" when none is near.
func DidYouMean(written string, candidates []string) string {
	if best := Near(written, candidates); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return ""
}

// Among lists the candidates and, behind them, the one nearest to what was written, if
// one is near.
func Among(written string, candidates []string) string {
	list := strings.Join(candidates, ", ")
	if hint := DidYouMean(written, candidates); hint != "" {
		list += " (" + hint + ")"
	}
	return list
}

// Near is the candidate nearest to what was written, or an empty string if none is near.
func Near(written string, candidates []string) string {
	if len(written) > maxKey {
		return ""
	}
	best, least := "", max(1, len(written)/3)+1
	for _, c := range candidates {
		d := Distance(spelling(written), spelling(c))
		if d < least {
			best, least = c, d
		}
	}
	return best
}

// spelling ignores what people mix up: case, underscores and spaces.
func spelling(s string) string {
	return strings.NewReplacer("_", "-", " ", "-").Replace(strings.ToLower(s))
}

// Distance counts the insertions, deletions, changes and swaps of neighbouring
// characters that turn one word into the other.
func Distance(one, other string) int {
	a, b := []rune(one), []rune(other)
	prev2 := make([]int, len(b)+1)
	prev := make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], prev2[j-2]+1)
			}
		}
		prev2, prev, row = prev, row, prev2
	}
	return prev[len(b)]
}
