// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"fmt"
)

// ReadJournal reads and checks a whole journal: every line's form, its closed
// schema, its number and its link to the line before. The first line is bound
// to the digest of plan.json. With an error, which names the line, it returns
// the records before it.
func ReadJournal(data []byte, planSHA256 string) ([]Record, error) {
	var records []Record
	prev := planSHA256
	for number := 1; len(data) > 0; number++ {
		end := bytes.IndexByte(data, '\n')
		if end < 0 {
			return records, fmt.Errorf("line %d: torn, it has no newline at its end", number)
		}
		r, err := parseRecord(data[:end:end])
		if err != nil {
			return records, fmt.Errorf("line %d: %w", number, err)
		}
		if r.Seq != number {
			return records, fmt.Errorf("line %d: seq is %d", number, r.Seq)
		}
		if r.Prev != prev {
			return records, fmt.Errorf("line %d: prev is not the SHA-256 of %s", number, before(number))
		}
		records = append(records, r)
		prev = r.SHA256()
		data = data[end+1:]
	}
	return records, nil
}

func before(number int) string {
	if number == 1 {
		return "plan.json"
	}
	return fmt.Sprintf("line %d", number-1)
}
