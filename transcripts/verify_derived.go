// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"

	"rootceremony/transcripts/history"
)

// checkDerived derives again what Close derived, and compares the bytes.
func (j *judge) checkDerived() {
	for _, p := range derived {
		j.claimed[p] = true
	}
	if j.History.Closed == nil {
		j.unclosed()
		return
	}
	if len(j.History.Sessions) == 0 {
		return // which the grammar has said already
	}
	last := j.History.Sessions[len(j.History.Sessions)-1].Event
	if want, err := sealPEM(last.SealKey); err == nil {
		j.same(sealPEMPath, want)
	}
	j.checkEnvelope(last.SealKey)
	switch v := j.History.Closed.Renderer; {
	case v < 1:
		j.bad(lineName(len(j.Records)), "renderer version %d does not exist", v)
	case v > RendererVersion:
		j.Incomplete = append(j.Incomplete, fmt.Sprintf(
			"%s, %s and %s were made by a newer version (%d) of the renderer than this one (%d) and were not compared",
			transcriptPath, reportPath, readmePath, v, RendererVersion))
	case v < RendererVersion:
		j.Notices = append(j.Notices, fmt.Sprintf("rendered by an older version (%d): not compared", v))
	default:
		j.rederive()
	}
}

func (j *judge) rederive() {
	for _, d := range []struct {
		path   string
		derive func(*history.History) ([]byte, error)
	}{{transcriptPath, transcriptBytes}, {readmePath, readmeText}, {reportPath, reportOf}} {
		want, err := d.derive(j.History)
		if err != nil {
			j.bad(d.path, "%v", err)
			continue
		}
		j.same(d.path, want)
	}
}

// same compares a file with what it must be, and names the first line that
// differs.
func (j *judge) same(path string, want []byte) {
	got, err := j.ReadFile(path, maxGenerated)
	if err != nil {
		j.bad(path, "%v", err)
		return
	}
	if !bytes.Equal(got, want) {
		j.bad(path, "differs from what the journal gives, first in line %d", firstDifference(got, want))
	}
}

func firstDifference(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return 1 + bytes.Count(a[:n], []byte("\n"))
}

func (j *judge) checkEnvelope(vkey string) {
	envelope, err := j.ReadFile(envelopePath, 2*maxTranscript)
	if err != nil {
		j.bad(envelopePath, "%v", err)
		return
	}
	transcript, err := j.ReadFile(transcriptPath, maxTranscript)
	if err != nil {
		j.bad(transcriptPath, "%v", err)
		return
	}
	if err := verifyEnvelope(envelope, transcript, vkey); err != nil {
		j.bad(envelopePath, "%v", err)
	}
}

// unclosed refuses statements about a ceremony that was not closed.
func (j *judge) unclosed() {
	for _, p := range derived {
		if _, err := j.ReadFile(p, maxGenerated); !errors.Is(err, fs.ErrNotExist) {
			j.bad(p, "the file exists, but the ceremony was not closed")
		}
	}
}
