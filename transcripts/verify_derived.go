// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"rootceremony/transcripts/history"
)

// checkDerived derives again what Close derived, and compares the bytes.
func (v *verifier) checkDerived() {
	for _, p := range derived {
		v.claimed[p] = true
	}
	if v.History.Closed == nil {
		v.unclosed()
		return
	}
	if len(v.History.Sessions) == 0 {
		return // which the grammar has said already
	}
	v.sameAs(sealPEMPath, lastSealPEM) // whatever version rendered the rest
	v.checkEnvelope(v.History.Sessions[len(v.History.Sessions)-1].Event.SealKey)
	v.checkRendered(v.History.Closed.Renderer)
}

// checkRendered compares what a version of the renderer made. What is said to be of one that
// is not here stays open: else a forger who says so has pages that nobody compares.
func (v *verifier) checkRendered(version int) {
	made, known := v.renderers[version]
	switch {
	case version < 1:
		v.bad(lineName(len(v.Records)), "renderer version %d does not exist", version)
	case !known:
		v.Incomplete = append(v.Incomplete, fmt.Sprintf("%s, %s and %s were made by version %d of the renderer, which this program does not have: it has up to %d. They were not compared",
			transcriptPath, reportPath, readmePath, version, slices.Max(slices.Collect(maps.Keys(v.renderers)))))
	default:
		for _, path := range []string{transcriptPath, readmePath, reportPath} {
			v.sameAs(path, made[path])
		}
	}
}

// sameAs derives a file again and compares it.
func (v *verifier) sameAs(path string, derive func(*history.History) ([]byte, error)) {
	want, err := derive(v.History)
	if err != nil {
		v.bad(path, "%v", err)
		return
	}
	v.same(path, want)
}

// same compares a file with what it must be, and names the first line that
// differs.
func (v *verifier) same(path string, want []byte) {
	got, err := v.ReadFile(path, maxGenerated)
	if err != nil {
		v.bad(path, "%v", err)
		return
	}
	if !bytes.Equal(got, want) {
		v.bad(path, "differs from what the journal gives, first in line %d", firstDifference(got, want))
	}
}

func firstDifference(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return 1 + bytes.Count(a[:n], []byte("\n"))
}

func (v *verifier) checkEnvelope(vkey string) {
	envelope, err := v.ReadFile(envelopePath, 2*maxTranscript)
	if err != nil {
		v.bad(envelopePath, "%v", err)
		return
	}
	transcript, err := v.ReadFile(transcriptPath, maxTranscript)
	if err != nil {
		v.bad(transcriptPath, "%v", err)
		return
	}
	if err := verifyEnvelope(envelope, transcript, vkey); err != nil {
		v.bad(envelopePath, "%v", err)
	}
}

// unclosed refuses statements about a ceremony that was not closed.
func (v *verifier) unclosed() {
	for _, p := range derived {
		if _, err := v.ReadFile(p, maxGenerated); !errors.Is(err, fs.ErrNotExist) {
			v.bad(p, "the file exists, but the ceremony was not closed")
		}
	}
}
