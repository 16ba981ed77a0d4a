// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"os"
	"testing"

	"rootceremony/transcripts/event"
)

const handWritten = "../docs/formats/journal.jsonl"

// TestHandWrittenJournal holds the code to the ten lines that settled the
// language.
func TestHandWrittenJournal(t *testing.T) {
	data, err := os.ReadFile(handWritten)
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := bytes.Cut(data, []byte("\n"))
	first, err := event.ParseRecord(line)
	if err != nil {
		t.Fatal(err)
	}
	records, err := ReadJournal(data, first.Prev)
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 10 {
		t.Errorf("%d lines, want 10", len(records))
	}
	if !bytes.Equal(journalBytes(records), data) {
		t.Error("writing the records again gives other bytes")
	}
}
