// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"errors"
	"fmt"

	"rootceremony/transcripts/event"
)

// lineError says which line of a journal is wrong.
type lineError struct {
	Line int // from 1
	Err  error
}

// Error implements error.
func (e *lineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns what is wrong with the line.
func (e *lineError) Unwrap() error { return e.Err }

// ReadJournal reads and checks a whole journal: every line's form, its closed
// schema, its number and its link to the line before. The first line is bound
// to the digest of plan.json. With an error, which names the line, it returns
// the records before it and is a *lineError.
func ReadJournal(data []byte, planSHA256 string) ([]event.Record, error) {
	var records []event.Record
	prev := planSHA256
	for number := 1; len(data) > 0; number++ {
		end := bytes.IndexByte(data, '\n')
		if end < 0 {
			return records, &lineError{number, errors.New("torn, it has no newline at its end")}
		}
		r, err := event.ParseRecord(data[:end:end])
		if err != nil {
			return records, &lineError{number, err}
		}
		if r.Seq != number {
			return records, &lineError{number, fmt.Errorf("seq is %d", r.Seq)}
		}
		if r.Prev != prev {
			return records, &lineError{number, fmt.Errorf("prev is not the SHA-256 of %s", before(number))}
		}
		records = append(records, r)
		prev = r.SHA256()
		data = data[end+1:]
	}
	return records, nil
}

func before(number int) string {
	if number == 1 {
		return event.PlanPath
	}
	return fmt.Sprintf("line %d", number-1)
}
