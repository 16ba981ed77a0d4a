// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"crypto/sha256"

	"rootceremony/internal/term"
	"rootceremony/transcripts"
)

// close finishes the tokens and the record.
func (r *runner) close() (*transcripts.Closed, error) {
	if err := r.finishTokens(); err != nil {
		return nil, err
	}
	closed, err := r.j.Close(transcripts.OutcomeComplete)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(closed.Manifest)
	r.say("\nSHA-256 of the manifest, to be read aloud and written on every copy of the script:\n%s", groups(closed.ManifestSHA256))
	for _, l := range term.WordLines(term.Words(sum[:]), wordsPerLine) {
		r.say("      %s", l)
	}
	return closed, nil
}
