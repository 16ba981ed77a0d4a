// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rootceremony/internal/unseen"
)

// visible shows each character of a page as what it is: see [unseen.Show]. A text ends
// where the next tag begins, so none makes another look odd.
func visible(page []byte) []byte {
	var out strings.Builder
	spaces := strings.NewReplacer("\t", "[U+0009]", "\r", "[U+000D]") // a page shows them as one
	for text := range strings.SplitAfterSeq(string(page), ">") {
		out.WriteString(unseen.Show(spaces.Replace(text)))
	}
	return []byte(out.String())
}

// fours cuts a digest into groups of four digits.
func fours(digest string) []string {
	var groups []string
	for len(digest) > 4 {
		groups = append(groups, digest[:4])
		digest = digest[4:]
	}
	return append(groups, digest)
}

func labelled(m map[string]string) []Labelled {
	var list []Labelled
	for name, value := range m {
		list = append(list, Labelled{Label: name, Value: value})
	}
	slices.SortFunc(list, func(a, b Labelled) int { return strings.Compare(a.Label, b.Label) })
	return list
}

func minutes(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }
func clock(t time.Time) string   { return t.UTC().Format("2 Jan 15:04:05") }

// span tells from when to when, with the date once where it is the same.
func span(from, to time.Time) string {
	from, to = from.UTC(), to.UTC()
	took := to.Sub(from).Truncate(time.Minute)
	length := fmt.Sprintf("%d h %02d min", int(took.Hours()), int(took.Minutes())%60)
	if took < time.Hour {
		length = fmt.Sprintf("%d min", int(took.Minutes()))
	}
	if took < time.Minute {
		length = "less than a minute"
	}
	first, last := "2 January 2006, 15:04", "2 January 2006, 15:04 UTC"
	if from.Format(time.DateOnly) == to.Format(time.DateOnly) {
		last = "15:04 UTC"
	}
	return fmt.Sprintf("%s to %s (%s)", from.Format(first), to.Format(last), length)
}
