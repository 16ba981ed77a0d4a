// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package history

import (
	"fmt"
	"testing"

	"rootceremony/transcripts/event"
)

// BenchmarkOf adds up the lines of a thousand signatures.
func BenchmarkOf(b *testing.B) {
	var of []any
	for i := range 1000 {
		id := fmt.Sprint("a", i)
		of = append(of, fmt.Sprint(i), event.StepStarted{}, event.ObjectLinted{Artifact: id}, event.SignatureConfirmed{Artifact: id, TBSSHA256: "bytes"}, signing(i+1, id),
			event.OperationFinished{Operation: i + 1, What: event.WhatSign}, event.ArtifactWritten{Artifact: id, Encoding: "der"},
			event.ArtifactWritten{Artifact: id, Encoding: "pem"}, event.ArtifactChecked{Artifact: id}, event.StepFinished{Outcome: event.StepDone})
	}
	records := lines(of...)
	b.ResetTimer()
	for range b.N {
		Of(records)
	}
}
