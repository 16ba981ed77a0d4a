// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"fmt"
	"strings"
	"testing"

	"rootceremony/internal/term"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// TestHeadInPart guards an operator who types one row of the words against being
// told that the record was forged.
func TestHeadInPart(t *testing.T) {
	records := make([]event.Record, 3)
	root, err := transcripts.HeadOver(records, 2)
	if err != nil {
		t.Fatal(err)
	}
	words := term.Words(root[:transcripts.HeadBytes])
	for name, c := range map[string]struct {
		words []string
		want  string
	}{
		"one row": {words[:4], "a head has 16 words, and 4 were typed"},
		"all":     {words, "<nil>"},
		"others":  {term.Words(make([]byte, transcripts.HeadBytes)), "the record has different words for that number of events"},
	} {
		_, err := headOf(records, HeadOnPaper{Size: 2, Words: strings.Join(c.words, " ")})
		if got := fmt.Sprint(err); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
