// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import "errors"

// Closing is what a ceremony ends with.
type Closing struct {
	Outcome string // OutcomeComplete or OutcomeAbandoned
}

// Closed is what people compare and sign.
type Closed struct {
	Manifest   []byte
	SHA256     string // of MANIFEST
	Checkpoint Checkpoint
}

// Close ends the ceremony: it records CeremonyClosed with its counts, ends the
// session, seals all lines, and writes transcript.json, its signature, the
// report, README-VERIFY.md and, last, MANIFEST.
func (j *Journal) Close(c Closing) (*Closed, error) {
	return nil, errors.New("not yet")
}
